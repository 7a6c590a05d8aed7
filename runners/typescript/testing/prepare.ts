import { z } from 'zod';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { isBelow, withinProject } from '../../../src/domain/grading/project.ts';
import { inSandbox } from '../../shared/job.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import type { TestCase } from '../../shared/testing/report.ts';
import type { Environment } from '../environment.ts';
import { isProgram, isSource, isTestModule } from '../files.ts';
import { inside } from '../toolchain.ts';

/** What `rounds/prepare.cjs` prints. Paths are relative to the project's root. */
const preparedSchema = z.strictObject({
  /**
   * Calls that make tests; `pattern` is a regular expression for the names under which they are reported, and `title`
   * what a person is told.
   */
  sites: z.array(
    z.strictObject({
      file: z.string(),
      line: z.int(),
      word: z.string(),
      pattern: z.string(),
      title: z.string(),
      exact: z.boolean(),
      asserts: z.boolean(),
      expectsFailure: z.boolean(),
    }),
  ),
  /** Files of the program, with the words that break their functions. */
  parts: z.array(
    z.strictObject({
      file: z.string(),
      functions: z.int(),
      words: z.strictObject({ nothing: z.string(), anything: z.string(), raise: z.string() }),
      neverLine: z.int(),
    }),
  ),
  files: z.record(z.string(), z.string()),
  /** Configurations of the compiler by which each file is compiled by itself, without its types. */
  apart: z.record(z.string(), z.string()),
  variable: z.string(),
  all: z.string(),
  caught: z.string(),
  traced: z.string(),
  accident: z.string(),
  sign: z.string(),
});

/** A copy of the project in which tests can be made to fail, and functions to do other than their work. */
export type Prepared = z.infer<typeof preparedSchema>;
export type Site = Prepared['sites'][number];

/** The name under which a whole file is reported as one test: by Node's runner, and by ours of scripts. */
const WHOLE = 'the whole file';

/** Prepares the files with tests (of which some are reported), and the program. Nothing of the answer is run. */
export async function prepare(
  context: CheckContext,
  environment: Environment,
  seed: string,
  reported: readonly Pick<TestCase, 'name' | 'file'>[],
): Promise<Prepared> {
  const tested = new Set(reported.flatMap(({ file }) => file ?? []));
  const whole = reported
    .filter(({ name }) => name.endsWith(` › ${WHOLE}`))
    .flatMap(({ file }) => (file === null ? [] : withinProject(context.project, file)));
  const files = context.files
    // Also those of projects within this one: its framework runs them, too.
    .filter(({ path }) => isBelow(context.project.root, path) && isSource(withinProject(context.project, path)))
    .map(({ path }) => ({ path, within: withinProject(context.project, path) }));
  const tests = files
    .filter(({ path, within }) => isTestModule(within) || tested.has(path))
    .map(({ within }) => within);
  const program = files.map(({ within }) => within).filter((path) => isProgram(path) && !tests.includes(path));
  const configurations = context.files
    .map(({ path }) => path)
    .filter((path) => isBelow(context.project.root, path) && /(?:^|\/)tsconfig[^/]*\.json$/.test(path))
    .map((path) => withinProject(context.project, path));
  const request = JSON.stringify({ seed, tests, whole, program, configurations });
  const command = [inside.node, '/cupel/grader/rounds/prepare.cjs', request];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('preparing the tests to be tried again', execution);
    return toolReport('preparing the tests to be tried again', preparedSchema, execution);
  });
}

/**
 * The call that made each reported test, by the test's name; none where no call fits, or where several do equally well.
 */
export function sitesOf(prepared: Prepared, tests: readonly { name: string }[]): Map<string, Site> {
  const byFile = Map.groupBy(
    prepared.sites.map((site) => ({ site, title: new RegExp(site.pattern, 's') })),
    ({ site }) => site.file,
  );
  const sites = new Map<string, Site>();
  for (const { name } of tests) {
    const [file = '', ...rest] = name.split(' › ');
    const fitting = (byFile.get(file) ?? []).filter(({ title }) => title.test(rest.join(' › ').trim()));
    const exact = fitting.filter(({ site }) => site.exact);
    const [only, second] = exact.length > 0 ? exact : fitting;
    if (only !== undefined && second === undefined) sites.set(name, only.site);
  }
  return sites;
}
