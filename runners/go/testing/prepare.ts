import { z } from 'zod';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { insideRoot, inSandbox } from '../../shared/job.ts';
import { readReport } from '../../shared/report.ts';
import type { Environment } from '../environment.ts';
import { goEnvironment } from '../compiling.ts';

const phases = z.strictObject({ setup: z.string(), call: z.string(), teardown: z.string() });

/** What `rounds/` prints: tests that it found, and files in which words of an environment variable have an effect. */
const preparedSchema = z.strictObject({
  tests: z.array(
    z.strictObject({
      dir: z.string(),
      file: z.string(),
      name: z.string(),
      line: z.int(),
      asserts: z.boolean(),
      changed: z.boolean(),
      words: phases,
    }),
  ),
  parts: z.array(
    z.strictObject({
      file: z.string(),
      breakable: z.int(),
      words: z.strictObject({ nothing: z.string(), anything: z.string(), raise: z.string() }),
      neverLine: z.int(),
    }),
  ),
  files: z.record(z.string(), z.string()),
  variable: z.string(),
  all: z.string(),
  caught: z.string(),
  panicMark: z.string(),
});

/** A copy of the project in which tests can be made to fail. Paths are relative to the project's root. */
export type Prepared = z.infer<typeof preparedSchema>;
export type PreparedTest = Prepared['tests'][number];

/** What is to be prepared. */
export interface Preparation {
  seed: string;
  /** Files that stay as they are, because they do not compile when they are changed. */
  untouched: readonly string[];
  /** Files whose constants and variables get other values. */
  constants: readonly string[];
}

// rounds: 0 it printed its result, 1 the request cannot be read
/** Reads the project's Go files and prepares changed ones. Nothing of the answer is run or compiled. */
export async function prepare(
  context: CheckContext,
  environment: Environment,
  { seed, untouched, constants }: Preparation,
): Promise<Prepared> {
  const files = context.project.files
    .map(({ path }) => withinProject(context.project, path))
    .filter((path) => path.endsWith('.go') && !/(^|\/)(testdata|vendor)\//.test(path));
  const request = JSON.stringify({ root: insideRoot(context.project), files, seed, untouched, constants });
  const program = {
    command: [
      'sh',
      '-c',
      'printf %s "$0" > /tmp/request && exec /rounds/rounds < /tmp/request > /out/prepared',
      request,
    ],
    mounts: environment.mounts,
    env: goEnvironment,
    results: true,
  };
  return inSandbox(context, program, async ({ execution, result }) => {
    const prepared = readReport(preparedSchema, (await result('prepared')) ?? '');
    if (prepared === null)
      throw new Error(`the tests could not be prepared for being tried again: ${execution.stderr.trim().slice(-500)}`);
    return prepared;
  });
}
