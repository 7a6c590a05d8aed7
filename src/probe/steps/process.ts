import { setTimeout as pause } from 'node:timers/promises';
import type { FileStep, Step } from '../../domain/grading/contract/steps.ts';
import type { Content, TextExpectation } from '../../domain/grading/contract/matcher.ts';
import { contentSchema, textSchema } from '../../domain/grading/contract/matcher.ts';
import { fill, fillText } from '../../formats/contract/evaluate.ts';
import { textOf } from '../../formats/contract/functions.ts';
import { contentMismatch, textMismatch } from '../expect/content.ts';
import { mismatch } from '../expect/values.ts';
import { textIn } from '../http/message.ts';
import { endWords } from '../program/start.ts';
import type { StepOutcome, StepRun } from './step.ts';
import { plainFailure, scopeIn } from './step.ts';

/** Longer pauses are not waited for. */
const LONGEST_WAIT = 10;
/** How long a file may take to appear after the answer, in milliseconds: writing it may go on behind the answer. */
const FILE_MS = 2000;
/** How long a program may take to end when it is stopped, in seconds. */
const STOPS_WITHIN = 15;

type StepOf<K extends string> = Extract<Step, Record<K, unknown>>;

export async function waitStep(step: StepOf<'wait'>): Promise<StepOutcome> {
  if (step.wait > LONGEST_WAIT)
    return { notRun: `it waits ${step.wait} seconds, and more than ${LONGEST_WAIT} are not waited for` };
  await pause(step.wait * 1000);
  return null;
}

export function signalStep(run: StepRun, step: StepOf<'signal'>): StepOutcome {
  run.program.service.signal(`SIG${step.signal}`);
  return null;
}

/** Waits until the program has ended; false when it has not in time. */
async function endsWithin({ program }: StepRun, seconds: number): Promise<boolean> {
  const stop = new AbortController();
  const late = pause(seconds * 1000, false, { signal: stop.signal }).catch(() => false);
  const ended = await Promise.race([program.service.ended.then(() => true), late]);
  stop.abort();
  return ended;
}

/**
 * Statuses of a program that stops as it is told: by itself, or by the signal that it was sent (143: SIGTERM, 130:
 * SIGINT).
 */
const cleanStatuses = [0, 143, 130];

export async function exitedStep(run: StepRun, { exited }: StepOf<'exited'>): Promise<StepOutcome> {
  if (!(await endsWithin(run, exited.within)))
    return plainFailure(`it ends within ${exited.within} seconds`, 'it still runs', true);
  const end = await run.program.service.ended;
  const { status } = exited;
  const code = end.exitCode;
  const fits =
    end.limit === null &&
    code !== null &&
    (status === 'clean' ? cleanStatuses.includes(code) : status === 'failure' ? code !== 0 : status.includes(code));
  const words =
    status === 'clean'
      ? 'it ends with 0, or by the signal'
      : `it ends with ${status === 'failure' ? 'a status other than 0' : status.join(' or ')}`;
  return fits ? null : plainFailure(words, endWords(end));
}

export async function restartStep(run: StepRun, step: StepOf<'restart'>): Promise<StepOutcome> {
  run.program.service.signal(step.restart === 'kill' ? 'SIGKILL' : 'SIGTERM');
  if (!(await endsWithin(run, STOPS_WITHIN)))
    return plainFailure(`it ends within ${STOPS_WITHIN} seconds after SIGTERM`, 'it still runs', true);
  const again = await run.restarted(run.program);
  if (again.ready === undefined) return plainFailure('it starts again on the files that it left', again.problem);
  run.program = again.ready;
  run.printed = { stdout: 0, stderr: 0 };
  return null;
}

function insidePath({ program }: StepRun, path: string): string {
  return path.startsWith('/') ? path : `${program.recipe.launch.cwd}/${path}`;
}

function isLines(expectation: FileStep['expect']): expectation is Extract<FileStep['expect'], { lines: unknown }> {
  return typeof expectation === 'object' && expectation !== null && 'lines' in expectation;
}

function filledContent(run: StepRun, { schema, ...rest }: Content): Content {
  const filled = contentSchema.parse(fill(rest, scopeIn(run)));
  return schema === undefined ? filled : { ...filled, schema };
}

function linesMismatch(
  run: StepRun,
  text: string,
  { lines: { count, each, some, none } }: Extract<FileStep['expect'], { lines: unknown }>,
): { expected: string; got: string } | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const wrongCount = count === undefined ? null : mismatch({ value: lines.length }, count);
  if (wrongCount !== null) return { expected: `lines: ${wrongCount.wanted}`, got: wrongCount.got };
  const fits = (line: string, content: Content): boolean => contentMismatch(line, content) === null;
  const [all, one, no] = [each, some, none].map((content) => content && filledContent(run, content));
  const wrong = all === undefined ? undefined : lines.find((line) => !fits(line, all));
  if (all !== undefined && wrong !== undefined) return contentMismatch(wrong, all);
  if (one !== undefined && !lines.some((line) => fits(line, one)))
    return { expected: `a line with ${JSON.stringify(one)}`, got: text.slice(-500) || 'no line' };
  const forbidden = no === undefined ? undefined : lines.find((line) => fits(line, no));
  return forbidden === undefined ? null : { expected: `no line with ${JSON.stringify(no)}`, got: forbidden };
}

function filledText(run: StepRun, expectation: TextExpectation): TextExpectation {
  return textSchema.parse(fill(expectation, scopeIn(run)));
}

/** Looks again for a while: what is written behind the answer must not be missed by a blink. */
async function eventually(
  judge: () => Promise<{ expected: string; got: string } | null>,
): Promise<{ expected: string; got: string } | null> {
  const deadline = performance.now() + FILE_MS;
  for (;;) {
    const wrong = await judge();
    if (wrong === null || performance.now() > deadline) return wrong;
    await pause(50);
  }
}

export async function fileStep(run: StepRun, step: FileStep): Promise<StepOutcome> {
  const path = insidePath(run, textOf(fillText(step.file, scopeIn(run))));
  const { expect } = step;
  const wrong = await eventually(async () => {
    const bytes = await run.program.service.read(path);
    if (bytes === null) return { expected: `a file ${path}`, got: 'none' };
    return isLines(expect)
      ? linesMismatch(run, textIn(bytes), expect)
      : textMismatch(textIn(bytes), filledText(run, expect));
  });
  return wrong === null ? null : plainFailure(`${path}: ${wrong.expected}`, wrong.got);
}

export async function outputStep(run: StepRun, step: StepOf<'output'>): Promise<StepOutcome> {
  const wrong = await eventually(() => {
    const { stdout, stderr } = run.program.service.output();
    const text = `${textIn(stdout.subarray(run.printed.stdout))}${textIn(stderr.subarray(run.printed.stderr))}`;
    return Promise.resolve(textMismatch(text, filledText(run, step.output)));
  });
  return wrong === null ? null : plainFailure(`it prints ${wrong.expected}`, wrong.got);
}
