import { z } from 'zod';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { answerPath } from '../../shared/job.ts';
import { count, lineNumber, readReportLines } from '../../shared/report.ts';
import type { TestCase, TestReport } from '../../shared/testing/report.ts';

/** One part of a test's run (setup, call or teardown), as pytest's reports and those of its plugins have it. */
const phaseSchema = z.object({
  event: z.literal('phase'),
  name: z.string(),
  outcome: z.string(),
  file: z.string().nullable(),
  line: lineNumber,
  message: z.string(),
});

/** One line of the report of `run_tests.py`. */
const eventSchema = z.discriminatedUnion('event', [
  phaseSchema,
  z.object({ event: z.literal('problem'), name: z.string(), message: z.string() }),
  z.object({ event: z.literal('deselected'), name: z.string() }),
  z.object({ event: z.literal('collected'), count }),
  z.object({ event: z.literal('finish'), exit: z.int() }),
]);

type Phase = z.infer<typeof phaseSchema>;

/** An expected failure is reported as skipped, and shows as little. */
function statusOf(phases: readonly Phase[]): TestCase['status'] {
  if (phases.some(({ outcome }) => outcome === 'failed')) return 'failed';
  return phases.some(({ outcome }) => outcome === 'skipped') ? 'skipped' : 'passed';
}

function testOf(project: Pick<Project, 'root'>, name: string, phases: readonly Phase[]): TestCase {
  const status = statusOf(phases);
  const telling =
    phases.find(({ outcome }) => outcome === 'failed') ??
    phases.find(({ outcome }) => outcome === 'skipped') ??
    phases[0];
  const file = telling?.file ?? null;
  return {
    name,
    status,
    file: file === null ? null : answerPath(project, file),
    line: telling?.line ?? null,
    message: status === 'passed' ? '' : (telling?.message ?? ''),
  };
}

/**
 * The report of `run_tests.py`; null when pytest failed by itself, or when the report is torn: cut off, unreadable, or at odds with
 * itself. `isTestFile` says which files of the project hold tests, for those that were not run.
 */
export function readPytestReport(
  project: Project,
  text: string | null,
  isTestFile: (file: AnswerFile) => boolean,
): (TestReport & { exit: number }) | null {
  const events = readReportLines(eventSchema, text);
  const last = events?.at(-1);
  if (events === null || last?.event !== 'finish') return null;
  const phases = Map.groupBy(
    events.filter((event) => event.event === 'phase'),
    (phase) => phase.name,
  );
  if (phases.size === 0 && (last.exit === 3 || last.exit === 4)) return null; // it did not get as far as any test
  const ends = events.filter((event) => event.event === 'finish');
  const collections = events.filter((event) => event.event === 'collected');
  if (ends.length !== 1 || collections.length > 1) return null;
  const collected = collections[0]?.count ?? 0;
  const tests = [...phases].map(([name, own]) => testOf(project, name, own));
  if (tests.length > collected || (last.exit === 0 && tests.length !== collected)) return null;
  const deselected = events.filter((event) => event.event === 'deselected').map(({ name }) => name);
  const problems = events
    .filter((event) => event.event === 'problem')
    .map(({ name, message }) => ({ name, message, file: name === '' ? null : answerPath(project, name), line: null }));
  const seen = new Set(
    [...phases.keys(), ...deselected, ...problems.map(({ name }) => name)].map((name) => name.split('::')[0]),
  );
  const notRun = project.files
    .filter(isTestFile)
    .map((file) => withinProject(project, file.path))
    .filter((path) => !seen.has(path));
  return { tests, problems, deselected, notRun, exit: last.exit };
}
