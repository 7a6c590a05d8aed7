import { setTimeout as pause } from 'node:timers/promises';
import type { HttpContract } from '../domain/grading/contract/contract.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { Launch } from '../ports/runner.ts';
import type { Execution, Sandbox, Service } from '../ports/sandbox.ts';
import type { CanaryWatch } from './canaries/watch.ts';
import { endWords, lastLines, startProgram } from './program/start.ts';
import type { Program, Recipe, Started } from './program/start.ts';
import type { Asked, Question } from './questions.ts';
import { questionValues } from './scope.ts';
import type { Shared } from './scope.ts';
import { actsOnProgram, runSteps } from './steps/run.ts';
import { plainFailure } from './steps/step.ts';
import type { Failure, StepOutcome, StepRun } from './steps/step.ts';

/** How often a program that ended is started again for the questions that are left. */
const MOST_RESTARTS = 6;
/** How many questions a program may leave without an answer in time: it is asked nothing more then. */
const MOST_LATE = 3;
/** How long a program may be asked altogether, in milliseconds: it takes a minute on a busy machine. */
const LONGEST_MS = 15 * 60_000;
/** How long the end of a program may follow a closed connection, in milliseconds. */
const END_MS = 500;

/** What is needed to ask a service. */
export interface ServiceRun {
  sandbox: Sandbox;
  contract: HttpContract;
  shared: Shared;
  launch: Launch;
  limits: Limits;
  signal?: AbortSignal | undefined;
  watch: CanaryWatch;
  /** Runs something with nothing beside it. */
  alone<T>(run: () => Promise<T>): Promise<T>;
}

/** How the programs of a run were started and how they ended, for the evidence. */
export interface Ended {
  start: string;
  execution: Execution;
}

/** The programs of a run, one after the other: all of them are ended, searched and removed. */
export class Programs {
  readonly ends: Ended[] = [];
  /** Questions that got no answer in time, not even with nothing running beside the program. */
  late = 0;
  readonly #since = performance.now();
  readonly #run: ServiceRun;

  constructor(run: ServiceRun) {
    this.#run = run;
  }

  /** Why nothing more is asked; null while it is. */
  get enough(): string | null {
    if (this.late >= MOST_LATE) return `${MOST_LATE} questions before got none in time`;
    return performance.now() - this.#since > LONGEST_MS
      ? `the questions before took ${LONGEST_MS / 60_000} minutes`
      : null;
  }

  recipe(name: string): Recipe {
    const { contract } = this.#run;
    const start = contract.starts[name];
    if (start === undefined) throw new Error(`there is no start ${name}: the contract should have been refused`);
    return { ...this.#run, name, start };
  }

  async start(name: string, resumes?: Service): Promise<Started> {
    return startProgram(this.recipe(name), resumes);
  }

  /** Ends a program and looks at what it leaves. `keep`: another goes on with its files. */
  async end(program: Program, keep = false): Promise<void> {
    const execution = await program.service.end();
    await this.#run.watch.ended(program.service);
    this.ends.push({ start: program.recipe.name, execution });
    if (!keep) program.service.remove();
  }
}

/** A program that could not be started, as the failure of the questions that wanted it. */
export function startFailure({ problem, program, late }: Extract<Started, { problem: string }>): Failure {
  const printed = lastLines(program);
  return plainFailure(
    `it starts and is ready (start: ${program.recipe.name})`,
    printed === '' ? problem : `${problem}\n${printed}`,
    late,
  );
}

/** Asks the questions of one start. */
class Asking {
  readonly #run: ServiceRun;
  readonly #programs: Programs;
  readonly #name: string;
  #program: Program | null = null;
  #restarts = 0;

  constructor(run: ServiceRun, programs: Programs, name: string) {
    this.#run = run;
    this.#programs = programs;
    this.#name = name;
  }

  async all(questions: readonly Question[]): Promise<Asked[]> {
    const acting = questions.filter(({ probe }) => probe.steps.some(actsOnProgram));
    const sharing = questions.filter((question) => !acting.includes(question));
    const asked = new Map<Question, Asked>();
    try {
      for (const question of sharing) asked.set(question, await this.#ask(question));
      for (const question of acting) {
        asked.set(question, await this.#ask(question));
        await this.#drop();
      }
      return questions.flatMap((question) => asked.get(question) ?? []);
    } finally {
      await this.#drop();
    }
  }

  /** Starts the program, to see whether it starts at all; null when it does. */
  async start(): Promise<Failure | null> {
    const program = await this.#ready();
    return 'service' in program ? null : program;
  }

  async #drop(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    if (program !== null) await this.#programs.end(program);
  }

  /** The program, started when there is none; a failure when it does not start, or has ended too often. */
  async #ready(): Promise<Program | Failure> {
    if (this.#program !== null && this.#program.end !== null && this.#program.recipe.start.ready !== 'ended') {
      await this.#drop();
      this.#restarts += 1;
    }
    if (this.#program !== null) return this.#program;
    if (this.#restarts > MOST_RESTARTS)
      return plainFailure('it still runs', `it has ended ${this.#restarts} times while it was asked`);
    let started = await this.#programs.start(this.#name);
    if (started.ready === undefined && started.late) {
      // Only too late: once more, with nothing beside it.
      await this.#programs.end(started.program);
      started = await this.#run.alone(() => this.#programs.start(this.#name));
    }
    if (started.ready !== undefined) return (this.#program = started.ready);
    const failure = startFailure(started);
    await this.#programs.end(started.program);
    this.#restarts = MOST_RESTARTS + 1; // it would not start for the next question either
    return failure;
  }

  async #ask(question: Question): Promise<Asked> {
    const first = await this.#once(question);
    if (first.result.kind !== 'failed' || !first.result.failure.late) return first;
    await this.#drop();
    const again = await this.#run.alone(() => this.#once(question));
    if (again.result.kind === 'failed' && again.result.failure.late) this.#programs.late += 1;
    return again;
  }

  async #once(question: Question): Promise<Asked> {
    const seen: string[] = [];
    const statuses: number[] = [];
    const asked = (result: Asked['result']): Asked => ({ question, result, seen, statuses });
    const { enough } = this.#programs;
    if (enough !== null)
      return asked({ kind: 'failed', failure: plainFailure('an answer', `none: ${enough}, so it was not asked`) });
    const program = await this.#ready();
    if (!('service' in program)) return asked({ kind: 'failed', failure: program });
    const { stdout, stderr } = program.service.output();
    let closed = false;
    const run: StepRun = {
      program,
      values: questionValues(this.#run.shared, question, { port: program.port }),
      held: new Map(),
      printed: { stdout: stdout.length, stderr: stderr.length },
      seen,
      answered: (reply) => {
        if (reply.kind === 'answer') statuses.push(reply.answer.status);
        closed ||= reply.kind !== 'answer';
        this.#run.watch.answered(question.id, reply);
      },
      restarted: async (before) => {
        await this.#programs.end(before, true);
        const again = await this.#programs.start(this.#name, before.service);
        this.#program = again.ready ?? again.program;
        return again;
      },
    };
    const outcome = await runSteps(run, question.probe.steps);
    // A program that ended is not asked the next question: it is started again.
    if (closed && program.end === null) await Promise.race([program.service.ended, pause(END_MS)]);
    return asked(this.#result(run, question, outcome));
  }

  /** What the steps make of a question; whatever they say, the program must still run. */
  #result(run: StepRun, { probe }: Question, outcome: StepOutcome): Asked['result'] {
    if (outcome !== null && 'notRun' in outcome) return { kind: 'not-run', why: outcome.notRun };
    if (outcome !== null) return { kind: 'failed', failure: outcome };
    const { program } = run;
    const mayEnd = probe.steps.some(actsOnProgram) || program.recipe.start.ready === 'ended';
    if (mayEnd) return { kind: 'passed' };
    if (program.end === null) return { kind: 'passed' };
    return {
      kind: 'failed',
      failure: plainFailure('it still runs afterwards', `${endWords(program.end)}\n${lastLines(program)}`),
    };
  }
}

/** What came of asking a service. */
export interface ServiceAsked {
  /** Why it does not start in the usual way; null when it does. Then nothing else was asked. */
  problem: string | null;
  asked: Asked[];
}

/** Asks a service all questions, start by start; the first start is the usual one. */
export async function askService(
  run: ServiceRun,
  programs: Programs,
  questions: readonly Question[],
): Promise<ServiceAsked> {
  const [usual = '', ...others] = Object.keys(run.contract.starts);
  const of = (name: string): Question[] => questions.filter(({ probe }) => (probe.start ?? usual) === name);
  const first = new Asking(run, programs, usual);
  const failure = await first.start();
  if (failure !== null) return { problem: failure.got, asked: [] };
  const asked = await first.all(of(usual));
  for (const name of others)
    if (of(name).length > 0) asked.push(...(await new Asking(run, programs, name).all(of(name))));
  return {
    problem: null,
    asked: questions.flatMap((question) => asked.find((one) => one.question === question) ?? []),
  };
}
