import { dirname, join } from 'node:path';
import { folderOf, folders } from '../setup/import-rule.mjs';

/** An import of one file by another: paths below the root. */
export interface Import {
  from: string;
  to: string;
}

/** Imports of one folder's files by those of another. */
export interface Edge {
  from: string;
  to: string;
  imports: number;
}

/** Names that folders of the table had in earlier layouts, the longest first. */
const earlier: readonly (readonly [was: string, is: string])[] = [
  ['src/contract', 'src/ports'],
  ['src/setup', 'tools'],
  ['src/bench', 'tools'],
  ['src/pipeline.ts', 'src/stages/pipeline.ts'],
];

/** The files of this project that a file imports. */
export function importsOf(path: string, specifiers: readonly string[]): Import[] {
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: path, to: join(dirname(path), specifier) }));
}

/**
 * The folder of the import rule's table in which a path lies, as a whole; the path's first folder when it lies in none.
 */
export function partOf(path: string): string {
  const [was, is] = earlier.find(([before]) => path === before || path.startsWith(`${before}/`)) ?? ['', ''];
  const now = was === '' ? path : `${is}${path.slice(was.length)}`;
  const folder = folderOf(now);
  if (folder === null) return now.split('/')[0] ?? now;
  return folders[folder]?.within ?? folder;
}

/** The edges between places, the most imports first; imports within a place make none. */
export function edgesOf(imports: readonly Import[], placeOf: (path: string) => string): Edge[] {
  const counts = new Map<string, Edge>();
  for (const { from, to } of imports.map((each) => ({ from: placeOf(each.from), to: placeOf(each.to) }))) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    counts.set(key, { from, to, imports: (counts.get(key)?.imports ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.imports - a.imports || (a.from + a.to < b.from + b.to ? -1 : 1));
}

/** Whether an edge between parts is one that the import rule does not have. */
export function runsBackwards({ from, to }: Edge): boolean {
  const may = folders[from]?.may;
  return may !== undefined && may !== 'everything' && !may.includes(to);
}

/** The groups of places that import each other, directly or by way of others; each group sorted. */
export function cyclesOf(edges: readonly Edge[]): string[][] {
  const reached = new Map<string, Set<string>>();
  const reachableFrom = (start: string): Set<string> => {
    const known = reached.get(start);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open = [start];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const { from, to } of edges) {
        if (from !== place || seen.has(to)) continue;
        seen.add(to);
        open.push(to);
      }
    }
    reached.set(start, seen);
    return seen;
  };
  const places = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const groups = places.map((place) =>
    places.filter((other) => reachableFrom(place).has(other) && reachableFrom(other).has(place)),
  );
  return groups.filter((group, index) => group.length > 1 && group[0] === places[index]);
}
