/** Records of benchmarks with hidden tests, as their authors publish them: one JSON object a line. */
import { z } from 'zod';
import { UsageError } from '../../domain/usage-error.ts';

const recordSchema = z.looseObject({
  /** `HumanEval/0`, `Go/12` */
  task_id: z.string().regex(/^[A-Za-z]+\/\d+$/, 'a name, a slash and a number'),
  /** The beginning of the file: imports, and the function down to where its body begins. */
  prompt: z.string(),
  /** The body that is known to be right. */
  canonical_solution: z.string(),
  /** A body that is known to be wrong (HumanEvalPack). */
  buggy_solution: z.string().optional(),
  test: z.string(),
  entry_point: z.string(),
});

/** One task: a function to complete, and the tests of it. */
export type BenchmarkRecord = z.infer<typeof recordSchema>;

/** Reads a file of records. Throws `UsageError`, which names the line. */
export function readRecords(text: string, path: string): BenchmarkRecord[] {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const records = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => recordOf(line, path, number));
  if (records.length === 0) throw new UsageError(`${path}: expected a record of JSON on each line, found no line.`);
  return records;
}

function recordOf(line: string, path: string, number: number): BenchmarkRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(`${path}:${number}: expected a record of JSON, found ${JSON.stringify(line.slice(0, 60))}.`);
  }
  const read = recordSchema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new UsageError(
    `${path}:${number}: expected a record of HumanEval (task_id, prompt, canonical_solution, test, entry_point), found ` +
      `that ${issue?.path.join('.') ?? 'it'} is not as it should be: ${issue?.message ?? 'it is of another kind'}.`,
  );
}
