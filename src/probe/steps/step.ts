import type { Expectation } from '../../domain/grading/contract/request.ts';
import { expectationSchema } from '../../domain/grading/contract/request.ts';
import { fill } from '../../formats/contract/evaluate.ts';
import type { Scope } from '../../formats/contract/evaluate.ts';
import { documentOf } from '../expect/content.ts';
import { replyMismatch } from '../expect/reply.ts';
import type { Held } from '../http/exchange.ts';
import { headerOf, textIn } from '../http/message.ts';
import type { Answer, Reply, Request } from '../http/message.ts';
import { endWords } from '../program/start.ts';
import type { Program, Started } from '../program/start.ts';
import { curlOf, replyText, requestText } from '../requests.ts';
import { scopeOf } from '../scope.ts';

/** A request and what came of it, for people. */
export interface Exchange {
  request: string;
  reply: string;
  /** The request as a command that a person can paste. */
  command: string;
}

/** Why a probe failed. */
export interface Failure {
  expected: string;
  got: string;
  exchange: Exchange | null;
  /** Whether it is only that something did not come in time, which a busy machine can be the cause of. */
  late: boolean;
}

/** What came of a step: null when all is as expected. */
export type StepOutcome = Failure | { notRun: string } | null;

/** What the steps of one probe share. */
export interface StepRun {
  program: Program;
  /** Names that templates can use; steps add theirs. */
  values: Record<string, unknown>;
  held: Map<string, Held>;
  /** How much the program had printed when the probe began, in bytes. */
  printed: { stdout: number; stderr: number };
  /** What the program said, in a form in which two programs can be compared. */
  seen: string[];
  /** Told of everything that the program answers. */
  answered(reply: Reply): void;
  /** Starts the program again on the files that it left. */
  restarted(program: Program): Promise<Started>;
}

export const scopeIn = ({ program, values }: StepRun): Scope => scopeOf(program.recipe.shared, values);

/** An expectation with everything filled in but its schema. Throws what a template throws. */
export function filledExpectation(expectation: Expectation, scope: Scope): Expectation {
  const { schema, ...rest } = expectation;
  const filled = expectationSchema.parse(fill(rest, scope));
  return schema === undefined ? filled : { ...filled, schema };
}

/** What later steps can use of an answer. */
export function answerValue(answer: Answer): Record<string, unknown> {
  const body = textIn(answer.body);
  const document = documentOf(body);
  return {
    status: answer.status,
    body,
    headers: Object.fromEntries(answer.headers.map(([name]) => [name.toLowerCase(), headerOf(answer, name)])),
    ...('value' in document ? { json: document.value } : {}),
  };
}

export function exchangeOf(run: StepRun, request: Request, reply: Reply): Exchange {
  return {
    request: requestText(request),
    reply: replyText(reply),
    command: curlOf(request, run.program.port),
  };
}

/** What the program did instead of answering, where it has ended. */
function endOf({ program }: StepRun): string {
  return program.end === null ? '' : `; ${endWords(program.end)}`;
}

/** A failure about a request. */
export function failureOf(
  run: StepRun,
  request: Request,
  reply: Reply,
  wrong: { expected: string; got: string },
): Failure {
  return {
    expected: wrong.expected,
    got: `${wrong.got}${reply.kind === 'answer' ? '' : endOf(run)}`,
    exchange: exchangeOf(run, request, reply),
    late: reply.kind === 'late' && run.program.end === null,
  };
}

/** Judges what came of a request. */
export function judged(
  run: StepRun,
  request: Request,
  reply: Reply,
  expectation: Expectation | undefined,
): Failure | null {
  run.answered(reply);
  const wanted = filledExpectation(expectation ?? {}, scopeIn(run));
  const wrong = replyMismatch(reply, wanted);
  return wrong === null ? null : failureOf(run, request, reply, wrong);
}

/** A failure that is about no single request. */
export const plainFailure = (expected: string, got: string, late = false): Failure => ({
  expected,
  got,
  exchange: null,
  late,
});
