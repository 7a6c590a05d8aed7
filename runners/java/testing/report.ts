import { z } from 'zod';
import type { Project } from '../../../src/domain/grading/project.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { count, lineIn, readReportLines, wordsOrNone } from '../../shared/report.ts';
import type { Interrupted, TestCase, TestReport, TestStatus } from '../../shared/testing/report.ts';

const naming = {
  id: z.string(),
  type: z.string(),
  declared: z.string(),
  method: z.string().nullable(),
  name: z.string(),
};
const ending = {
  ...naming,
  status: z.enum(['passed', 'failed', 'skipped']),
  message: wordsOrNone,
  ms: z.number().nonnegative(),
  asserted: z.boolean(),
};

/** What `programs/cupel/RunTests.java` writes, line by line. */
const eventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('plan'), engines: z.array(z.string()) }),
  z.strictObject({ event: z.literal('start'), ...naming }),
  z.strictObject({ event: z.literal('test'), ...ending }),
  z.strictObject({ event: z.literal('container'), ...ending }),
  z.strictObject({ event: z.literal('done'), lines: count }),
]);
type Event = z.infer<typeof eventSchema>;
type Ended = Extract<Event, { event: 'test' | 'container' }>;

/** A test as it ended, and how it is called where it is declared. */
export interface JavaCase extends TestCase {
  /** Class and method by which it is found in the sources: `com.example.AppTest.adds`. */
  declared: string;
  /** Whether it failed by an assertion, and not by any other error. */
  asserted: boolean;
}

/** What the tests said before their end. */
export interface JavaReport {
  tests: readonly JavaCase[];
  problems: TestReport['problems'];
}

/** The file of a class: nested ones are in that of the class around them. */
export type FileOf = (type: string) => string | null;

const worstFirst: readonly TestStatus[] = ['failed', 'skipped', 'passed'];

/** The file and line in a stack that belongs to a class. */
function placeIn(message: string, type: string): number | null {
  const outer = type.replace(/\$.*$/, '');
  for (const [, at = '', line] of message.matchAll(/^\s*at (?:[\w.-]+\/)?([\w.$]+)\.[\w$<>]+\([^:()]+:(\d+)\)$/gm))
    if (at.replace(/\$.*$/, '') === outer) return lineIn(line);
  return null;
}

/** The first words of an error, and the frames of the answer's own. */
const shortened = (message: string): string =>
  message
    .split(/\n\s*at /)[0]
    ?.slice(0, 2000)
    .trim() ?? '';

function caseOf(project: Pick<Project, 'root'>, fileOf: FileOf, event: Ended): JavaCase {
  const path = fileOf(event.declared);
  return {
    name: event.name,
    declared: event.method === null ? event.declared : `${event.declared}.${event.method}`,
    asserted: event.asserted,
    status: event.status,
    file: path === null ? null : fromProject(project, path),
    line: placeIn(event.message, event.declared),
    message: event.status === 'passed' ? '' : shortened(event.message),
    durationMs: event.ms,
  };
}

/** The lines of a file of events that are whole. */
const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

function gathered(project: Pick<Project, 'root'>, fileOf: FileOf, events: readonly Event[]): JavaReport {
  const tests = new Map<string, JavaCase>();
  const problems: JavaCase[] = [];
  for (const event of events) {
    if (event.event !== 'test' && event.event !== 'container') continue;
    const one = caseOf(project, fileOf, event);
    const before = tests.get(one.name);
    if (event.event === 'container' && one.status === 'failed') problems.push(one);
    else if (
      event.event === 'test' &&
      (before === undefined || worstFirst.indexOf(one.status) < worstFirst.indexOf(before.status))
    )
      tests.set(one.name, one);
  }
  return { tests: [...tests.values()], problems };
}

/** What a whole report says; null for one that is torn, goes on after its end, or contradicts its own count. */
export function readJavaReport(project: Pick<Project, 'root'>, fileOf: FileOf, text: string | null): JavaReport | null {
  const events = readReportLines(eventSchema, text);
  const last = events?.at(-1);
  if (events === null || last?.event !== 'done' || last.lines !== events.length - 1) return null;
  if (events[0]?.event !== 'plan' || events.slice(1, -1).some(({ event }) => event === 'plan' || event === 'done'))
    return null;
  return gathered(project, fileOf, events);
}

/** What is known of tests that did not come to their end. */
export function interruptedIn(
  project: Pick<Project, 'root'>,
  fileOf: FileOf,
  text: string | null,
): Interrupted & JavaReport {
  const events = readReportLines(eventSchema, text === null ? null : wholeLines(text)) ?? [];
  const running = new Map<string, Extract<Event, { event: 'start' }>>();
  for (const event of events) {
    if (event.event === 'start') running.set(event.id, event);
    else if (event.event === 'test') running.delete(event.id);
  }
  const last = [...running.values()].at(-1);
  const path = last === undefined ? null : fileOf(last.declared);
  return {
    ...gathered(project, fileOf, events),
    running:
      last === undefined
        ? null
        : { name: last.name, file: path === null ? null : fromProject(project, path), line: null },
  };
}
