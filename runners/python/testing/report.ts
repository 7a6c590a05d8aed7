import { z } from 'zod';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import { answerPath } from '../../shared/job.ts';
import { count, lineNumber, readReportLines } from '../../shared/report.ts';
import type { Interrupted, TestCase, TestReport } from '../../shared/testing/report.ts';
import type { Phase } from '../../shared/testing/rounds.ts';

/** One part of a test's run, as pytest's reports and those of its plugins have it. */
const phaseSchema = z.object({
  event: z.literal('phase'),
  name: z.string(),
  when: z.string(),
  outcome: z.string(),
  file: z.string().nullable(),
  line: lineNumber,
  message: z.string(),
  seconds: z.number().nonnegative().nullish().catch(null),
});

/** One line of the report of `run_tests.py`. */
const eventSchema = z.discriminatedUnion('event', [
  phaseSchema,
  z.object({ event: z.literal('item'), name: z.string() }),
  z.object({ event: z.literal('begin'), name: z.string(), file: z.string().nullable(), line: lineNumber }),
  z.object({ event: z.literal('problem'), name: z.string(), message: z.string() }),
  z.object({ event: z.literal('deselected'), name: z.string() }),
  z.object({ event: z.literal('collected'), count }),
  z.object({ event: z.literal('finish'), exit: z.int() }),
]);

type PhaseEvent = z.infer<typeof phaseSchema>;
type Event = z.infer<typeof eventSchema>;

/** What `run_tests.py` reported. */
export interface PytestReport {
  /** Null when pytest failed by itself, or when the report is torn: cut off, unreadable, or at odds with itself. */
  whole: (TestReport & { exit: number }) | null;
  /** What was reported before the process ended, where the report is torn. */
  interrupted: Interrupted | null;
  /** What came of a phase of a test: `passed`, `failed`, `skipped`; null when it is not reported. */
  outcomeOf(name: string, phase: Phase): string | null;
}

/** An expected failure is reported as skipped, and shows as little. */
function statusOf(phases: readonly PhaseEvent[]): TestCase['status'] {
  if (phases.some(({ outcome }) => outcome === 'failed')) return 'failed';
  return phases.some(({ outcome }) => outcome === 'skipped') ? 'skipped' : 'passed';
}

function testOf(project: Pick<Project, 'root'>, name: string, phases: readonly PhaseEvent[]): TestCase {
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
    durationMs: 1000 * phases.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
  };
}

const ofKind = <K extends Event['event']>(events: readonly Event[], kind: K): Extract<Event, { event: K }>[] =>
  events.filter((event): event is Extract<Event, { event: K }> => event.event === kind);

const phasesByTest = (events: readonly Event[]): Map<string, PhaseEvent[]> =>
  Map.groupBy(ofKind(events, 'phase'), ({ name }) => name);

/**
 * Tests that pytest collected, and that it neither ran nor called deselected: a hook has taken them out without a word.
 */
function leftOut(events: readonly Event[], phases: ReadonlyMap<string, unknown>): string[] {
  const deselected = new Set(ofKind(events, 'deselected').map(({ name }) => name));
  const collected = new Set(ofKind(events, 'item').map(({ name }) => name));
  return [...collected].filter((name) => !phases.has(name) && !deselected.has(name));
}

function wholeReport(
  project: Project,
  events: readonly Event[],
  isTestFile: (file: AnswerFile) => boolean,
): PytestReport['whole'] {
  const last = events.at(-1);
  if (last?.event !== 'finish') return null;
  const phases = phasesByTest(events);
  if (phases.size === 0 && (last.exit === 3 || last.exit === 4)) return null; // it did not get as far as any test
  const collections = ofKind(events, 'collected');
  if (ofKind(events, 'finish').length !== 1 || collections.length > 1) return null;
  const collected = collections[0]?.count ?? 0;
  const tests = [...phases].map(([name, own]) => testOf(project, name, own));
  if (tests.length > collected || (last.exit === 0 && tests.length !== collected)) return null;
  const deselected = ofKind(events, 'deselected').map(({ name }) => name);
  const problems = ofKind(events, 'problem').map(({ name, message }) => ({
    name,
    message,
    file: name === '' ? null : answerPath(project, name),
    line: null,
  }));
  const reported = new Set(
    [...phases.keys(), ...deselected, ...problems.map(({ name }) => name)].map((name) => name.split('::')[0]),
  );
  const notRun = project.files
    .filter(isTestFile)
    .map((file) => withinProject(project, file.path))
    .filter((path) => !reported.has(path));
  const unreported = last.exit === 0 ? leftOut(events, phases) : [];
  return { tests, problems, deselected, notRun, unreported, exit: last.exit };
}

/** What a torn report tells: all whole lines up to the first one that cannot be read. */
function interruptedReport(project: Project, events: readonly Event[]): Interrupted | null {
  const lastBegin = ofKind(events, 'begin').at(-1) ?? null;
  const phases = phasesByTest(events);
  const ended =
    lastBegin === null ||
    (phases.get(lastBegin.name) ?? []).some(({ when, name }) => when === 'teardown' && name !== '');
  if (lastBegin !== null && !ended) phases.delete(lastBegin.name);
  const tests = [...phases].map(([name, own]) => testOf(project, name, own));
  if (lastBegin === null || ended) return tests.length === 0 ? null : { tests, running: null };
  const file = lastBegin.file === null ? null : answerPath(project, lastBegin.file);
  return { tests, running: { name: lastBegin.name, file, line: lastBegin.line } };
}

/**
 * Reads the report of `run_tests.py`. `isTestFile` says which files of the project hold tests, for those that were not
 * run.
 */
export function readPytestReport(
  project: Project,
  text: string | null,
  isTestFile: (file: AnswerFile) => boolean,
): PytestReport {
  const events = readReportLines(eventSchema, text);
  const whole = events === null ? null : wholeReport(project, events, isTestFile);
  const readable =
    events ?? readReportLines(eventSchema, text === null ? null : text.slice(0, text.lastIndexOf('\n') + 1)) ?? [];
  const phases = phasesByTest(readable);
  return {
    whole,
    interrupted: whole === null ? interruptedReport(project, readable) : null,
    outcomeOf: (name, phase) => phases.get(name)?.findLast(({ when }) => when === phase)?.outcome ?? null,
  };
}
