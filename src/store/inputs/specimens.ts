import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ReplacementError, replaced, specimenText, specimensSchema } from '../../domain/specimens/specimen.ts';
import type { Specimen, Specimens } from '../../domain/specimens/specimen.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { parseYaml } from '../files/yaml.ts';

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

async function answerText(root: string, path: string, from: string): Promise<string> {
  const file = join(root, 'evals', path);
  if (relative(join(root, 'evals'), file).startsWith('..') || !existsSync(file))
    throw new UsageError(`${from}: expected an answer below evals/, found no file ${path}.`);
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

/** The specimens of a scenario; null when it has none. Throws `UsageError` for a file that cannot be used. */
export async function readSpecimens(root: string, scenario: string): Promise<KnownAnswers | null> {
  const path = join('evals', scenario, 'specimens.yaml');
  if (!existsSync(join(root, path))) return null;
  const parsed: Specimens = parseYaml(specimensSchema, await readFile(join(root, path), 'utf8'), path);
  const original = await answerText(root, parsed.reference.answer, path);
  const reference = changed(path, 'reference', () => replaced(original, parsed.reference.replace));
  const specimens = parsed.specimens.map(async (specimen) => {
    const baseText = specimen.answer === undefined ? reference : await answerText(root, specimen.answer, path);
    return { specimen, text: changed(path, specimen.id, () => specimenText(baseText, specimen)) };
  });
  return {
    date: parsed.date,
    reference,
    original,
    resolutionFile: join(root, 'evals', parsed.reference.answer.replace(/\.md$/, '.resolution.json')),
    specimens: await Promise.all(specimens),
  };
}
