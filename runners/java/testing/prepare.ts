import { z } from 'zod';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { inSandbox } from '../../shared/job.ts';
import { lineNumber, listOf, readReport } from '../../shared/report.ts';
import type { Environment } from '../environment.ts';
import { sourcesOf } from '../files.ts';
import { javaEnvironment, programOf } from '../toolchain.ts';

const preparedSchema = z.strictObject({
  tests: listOf(
    z.strictObject({
      /** Class and method: `com.example.AppTest.adds`. */
      name: z.string(),
      file: z.string(),
      line: lineNumber,
      asserts: z.boolean(),
      /** Whether its word has an effect. */
      changed: z.boolean(),
      /** Whether its class is one of which a framework makes instances. */
      runs: z.boolean(),
      /** Whether nothing that the test says of itself takes our failure for what it expects. */
      decides: z.boolean(),
      word: z.string(),
    }),
  ),
  parts: listOf(
    z.strictObject({
      file: z.string(),
      breakable: z.int(),
      words: z.strictObject({ nothing: z.string(), anything: z.string(), raise: z.string() }),
      neverLine: z.int(),
    }),
  ),
  files: z.record(z.string(), z.string()),
  /** Files of the program from which annotations are taken that would hide code from the measurement of coverage. */
  measured: z.record(z.string(), z.string()),
  helperPath: z.string(),
  helper: z.string(),
  variable: z.string(),
  all: z.string(),
});

/** A copy of the project in which tests can be made to fail. Paths are relative to the project's root. */
export type Prepared = z.infer<typeof preparedSchema>;
export type PreparedTest = Prepared['tests'][number];

// Prepare: 0 it printed its result, 1 the request cannot be read
/** Reads the project's Java files and prepares changed ones. Nothing of the answer is run or compiled. */
export async function prepare(
  context: CheckContext,
  { mounts }: Pick<Environment, 'mounts'>,
  seed: string,
  untouched: readonly string[] = [],
): Promise<Prepared> {
  const sources = sourcesOf(context.project);
  const request = [
    `seed ${seed}`,
    ...sources.main.map((path) => `main ${path}`),
    ...sources.test.map((path) => `test ${path}`),
    ...untouched.map((path) => `untouched ${path}`),
  ].join('\n');
  const program = {
    command: ['sh', '-c', 'exec "$@" > /out/prepared', 'sh', ...programOf('Prepare', ['/out/input'])],
    mounts,
    env: javaEnvironment,
    input: `${request}\n`,
    results: true,
  };
  return inSandbox(context, program, async ({ execution, result }) => {
    const prepared = readReport(preparedSchema, (await result('prepared')) ?? '');
    if (prepared === null)
      throw new Error(`the tests could not be prepared for being tried again: ${execution.stderr.trim().slice(-500)}`);
    return prepared;
  });
}
