import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { ReplacementError, replaced, specimenText, specimensSchema } from '../../domain/specimens/specimen.ts';
import type { Specimen, Specimens } from '../../domain/specimens/specimen.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { parseYaml } from '../files/yaml.ts';
import type { Library } from './library.ts';

/** The answers of a scenario whose verdicts are known. */
export interface KnownAnswers {
  /** The day as of which dependencies are resolved. */
  date: string;
  /** The text of the answer that must pass everything. */
  reference: string;
  /** The answer from which the reference is made, where something of it had to be mended; else the reference. */
  original: string;
  /** File that keeps what the dependencies of the reference resolved to. */
  resolutionFile: string;
  /** Answers with one defect each, and their texts. */
  specimens: { specimen: Specimen; text: string }[];
}

async function answerText(folder: string, path: string, from: string): Promise<string> {
  const file = join(folder, path);
  if (relative(folder, file).startsWith('..') || !existsSync(file))
    throw new UsageError(`${from}: expected an answer below ${basename(folder)}/, found no file ${path}.`);
  return readFile(file, 'utf8');
}

/** What `make` returns; what cannot be replaced is a mistake of whoever wrote the file. */
function changed(from: string, who: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof ReplacementError) throw new UsageError(`${from}: ${who}: ${error.message}.`);
    throw error;
  }
}

/**
 * The specimens of a scenario; null when it has none. Paths of answers count from the folder that holds the scenario's.
 * Throws `UsageError` for a file that cannot be used.
 */
export async function readSpecimens(library: Library, scenario: string): Promise<KnownAnswers | null> {
  const { root } = library;
  const path = join(await library.scenarioFolder(scenario), 'specimens.yaml');
  const folder = dirname(dirname(join(root, path)));
  if (!existsSync(join(root, path))) return null;
  const parsed: Specimens = parseYaml(specimensSchema, await readFile(join(root, path), 'utf8'), path);
  const original = await answerText(folder, parsed.reference.answer, path);
  const reference = changed(path, 'reference', () => replaced(original, parsed.reference.replace));
  const specimens = parsed.specimens.map(async (specimen) => {
    const baseText = specimen.answer === undefined ? reference : await answerText(folder, specimen.answer, path);
    return { specimen, text: changed(path, specimen.id, () => specimenText(baseText, specimen)) };
  });
  return {
    date: parsed.date,
    reference,
    original,
    resolutionFile: join(folder, parsed.reference.answer.replace(/\.md$/, '.resolution.json')),
    specimens: await Promise.all(specimens),
  };
}
