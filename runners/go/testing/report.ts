import { posix } from 'node:path';
import { z } from 'zod';
import type { Project } from '../../../src/domain/grading/project.ts';
import { answerPath } from '../../shared/job.ts';
import { lineIn, readReportLines } from '../../shared/report.ts';
import type { TestCase, TestReport, TestStatus } from '../../shared/testing/report.ts';
import { finished, saysFail } from '../last-word.ts';

/** One package with tests: import path, folder inside, number of its program. */
export interface TestProgram {
  package: string;
  folder: string;
  number: string;
}

/** What a test program left: all that it printed, the exit status as text, and what test2json made of the former. */
export interface TestOutput {
  text: string;
  exit: string;
  events: string;
}

/** An event of test2json's. */
const eventSchema = z.object({ Action: z.string(), Test: z.string().optional(), Output: z.string().optional() });

/** Seconds that a test took, in the line in which it says how it ended. */
const inSeconds = /^\s*--- [A-Z]+: .* \((\d+(?:\.\d+)?)s\)$/m;

const ends: Readonly<Record<string, TestStatus>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };
const worstFirst: readonly TestStatus[] = ['failed', 'skipped', 'passed'];

/**
 * The tests of one program; null when the events do not fit. A test that ends more than once (the program runs its
 * tests twice, or prints such lines itself) is one test, with the worst of its ends.
 */
function casesOf(project: Pick<Project, 'root'>, program: TestProgram, json: string): TestCase[] | null {
  const events = readReportLines(eventSchema, json);
  if (events === null) return null;
  const output = new Map<string, string[]>();
  const cases = new Map<string, TestCase>();
  for (const { Action, Test, Output } of events) {
    if (Test === undefined) continue;
    const printed = output.get(Test) ?? [];
    output.set(Test, printed);
    if (Action === 'output') printed.push(Output ?? '');
    const status = Object.hasOwn(ends, Action) ? ends[Action] : undefined;
    const before = cases.get(Test);
    if (status === undefined || (before !== undefined && isAtLeastAsBad(before.status, status))) continue;
    cases.set(Test, caseOf(project, program, Test, status, printed.join('')));
  }
  return [...cases.values()];
}

const isAtLeastAsBad = (one: TestStatus, other: TestStatus): boolean =>
  worstFirst.indexOf(one) <= worstFirst.indexOf(other);

/** A place in a test, in the stack that a panic leaves. */
const inStack = /^\s+\/\S*\/([\w.-]+_test\.go):(\d+) \+0x/m;

function caseOf(
  project: Pick<Project, 'root'>,
  program: TestProgram,
  test: string,
  status: TestStatus,
  printed: string,
): TestCase {
  const message = status === 'failed' ? printed.trim().slice(-4000) : '';
  const place = /^\s*([\w.-]+_test\.go):(\d+):/m.exec(message) ?? inStack.exec(message);
  return {
    name: `${program.package}.${test}`,
    status,
    file: place === null ? null : answerPath(project, posix.join(program.folder, place[1] ?? '')),
    line: lineIn(place?.[2]),
    message,
    durationMs: 1000 * Number(inSeconds.exec(printed)?.[1] ?? 0),
  };
}

/** What a program printed, without the middle: why it ended stands first, where it stood comes after it. */
function bothEnds(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= 4000 ? trimmed : `${trimmed.slice(0, 2000)}\n[…]\n${trimmed.slice(-2000)}`;
}

/** The test of a program that had begun and not ended, as test2json names it; null when there is none. */
export function runningIn(json: string): string | null {
  const running = new Set<string>();
  for (const { Action, Test } of readReportLines(eventSchema, json) ?? []) {
    if (Test === undefined) continue;
    if (Action === 'run') running.add(Test);
    else if (Object.hasOwn(ends, Action)) running.delete(Test);
  }
  return [...running].at(-1) ?? null;
}

/** The tests that a program ended before it was ended itself; none where its words are torn. */
export const endedIn = (project: Pick<Project, 'root'>, program: TestProgram, events: string): readonly TestCase[] =>
  casesOf(project, program, events) ?? [];

/**
 * What one test program reports; null when its report is torn. A program that panicked outside of a test is a problem
 * of its package.
 */
export function readGoReport(
  project: Pick<Project, 'root'>,
  program: TestProgram,
  { text, exit, events }: TestOutput,
): Pick<TestReport, 'tests' | 'problems'> | null {
  const tests = casesOf(project, program, events);
  if (tests === null) return null;
  const well = exit.trim() === '0';
  const anyFailed = tests.some(({ status }) => status === 'failed');
  const running = runningIn(events);
  const name = running === null ? program.package : `${program.package}.${running}`;
  const problem = { name, message: bothEnds(text), file: null, line: null };
  if (!finished(text) && (well || !anyFailed)) return well ? null : { tests, problems: [problem] };
  return { tests, problems: saysFail(text) && !anyFailed ? [problem] : [] };
}
