import { dirname } from 'node:path';
import { cyclesOf, edgesOf, importsOf, partOf, runsBackwards } from './graph.ts';
import type { Edge, Import } from './graph.ts';
import { parsed, parses } from './parse.ts';
import type { NamedFunction } from './parse.ts';
import { filesOf, isTest, linesOf, sourcesOf } from './sources.ts';
import type { Source } from './sources.ts';

/** A function, a file or a folder that is larger than the project wants. */
export const most = { functionLines: 50, fileLines: 200, folderFiles: 20, columns: 120 } as const;

/** What is measured of the files below a root. */
export interface Figures {
  /** Files of the product and of tools, and their lines. */
  code: { files: number; lines: number };
  tests: { files: number; lines: number };
  functions: NamedFunction[];
  /** Files of code with more lines than wanted: path -> lines. */
  longFiles: ReadonlyMap<string, number>;
  /** Lines of code in each folder below runners/. */
  runners: ReadonlyMap<string, number>;
  /** Lengths of all lines that are not empty, in characters, sorted. */
  widths: readonly number[];
  /** Folders with more files than wanted: path -> files. */
  largeFolders: ReadonlyMap<string, number>;
  /** Between the folders of the import rule. */
  parts: readonly Edge[];
  backwards: readonly Edge[];
  /** Between all folders of the product. */
  folderEdges: readonly Edge[];
  cycles: readonly (readonly string[])[];
}

const linesIn = (sources: readonly Source[]): number =>
  sources.reduce((sum, { text }) => sum + linesOf(text).length, 0);

/** Lines by language; what the languages share was called common once. */
function runnerLines(code: readonly Source[]): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { path, text } of code) {
    const [, folder] = /^runners\/([^/]+)\//.exec(path) ?? [];
    if (folder === undefined) continue;
    const name = folder === 'common' ? 'shared' : folder;
    lines.set(name, (lines.get(name) ?? 0) + linesOf(text).length);
  }
  return lines;
}

function largeFolders(paths: readonly string[]): Map<string, number> {
  const folders = Map.groupBy(paths, (path) => dirname(path));
  return new Map(
    [...folders].map(([folder, files]) => [folder, files.length] as const).filter(([, n]) => n > most.folderFiles),
  );
}

function graphOf(imports: readonly Import[]): Pick<Figures, 'parts' | 'backwards' | 'folderEdges' | 'cycles'> {
  const product = imports.filter(({ from }) => !['tools', 'tests'].includes(partOf(from)));
  const parts = edgesOf(product, partOf);
  const folderEdges = edgesOf(product, (path) => dirname(path));
  return { parts, backwards: parts.filter(runsBackwards), folderEdges, cycles: cyclesOf(folderEdges) };
}

/** Measures the files below a root. Throws when one cannot be parsed. */
export function measure(root: string): Figures {
  const sources = sourcesOf(root);
  const [tests, code] = [sources.filter(({ test }) => test), sources.filter(({ test }) => !test)];
  const readings = code.filter(parses).map((source) => ({ source, ...parsed(source) }));
  const lengths = code.map(({ path, text }) => [path, linesOf(text).length] as const);
  return {
    code: { files: code.length, lines: linesIn(code) },
    tests: { files: tests.length, lines: linesIn(tests) },
    functions: readings.flatMap(({ functions }) => functions).sort((a, b) => b.lines - a.lines),
    longFiles: new Map(lengths.filter(([, n]) => n > most.fileLines).sort(([, a], [, b]) => b - a)),
    runners: runnerLines(code),
    widths: sources
      .flatMap(({ text }) => linesOf(text).map(({ length }) => length))
      .filter((length) => length > 0)
      .sort((a, b) => a - b),
    largeFolders: largeFolders(filesOf(root).filter((path) => !isTest(path) || path.startsWith('tests/'))),
    ...graphOf(readings.flatMap(({ source, imports }) => importsOf(source.path, imports))),
  };
}
