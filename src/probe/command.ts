import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { CommandContract } from '../domain/grading/contract/contract.ts';
import type { TextExpectation } from '../domain/grading/contract/matcher.ts';
import { textSchema } from '../domain/grading/contract/matcher.ts';
import { runStepSchema } from '../domain/grading/contract/steps.ts';
import type { RunStep, Step } from '../domain/grading/contract/steps.ts';
import type { Evidence } from '../domain/grading/check.ts';
import { fill, fillText } from '../formats/contract/evaluate.ts';
import type { Scope } from '../formats/contract/evaluate.ts';
import { textOf } from '../formats/contract/functions.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { Launch } from '../ports/runner.ts';
import type { Execution, Sandbox } from '../ports/sandbox.ts';
import type { CanaryWatch } from './canaries/watch.ts';
import { evidenceOf } from './evidence.ts';
import { documentOf, textMismatch } from './expect/content.ts';
import { atPath } from './expect/values.ts';
import { textIn } from './http/message.ts';
import { filledBytes } from './requests.ts';
import { questionValues, scopeOf } from './scope.ts';
import type { Asked, Question } from './questions.ts';
import type { Shared } from './scope.ts';
import { differentStep, equalStep } from './steps/relations.ts';
import type { StepOutcome } from './steps/step.ts';

/** What is needed to ask a command. */
export interface CommandRun {
  sandbox: Sandbox;
  contract: CommandContract;
  shared: Shared;
  launch: Launch;
  limits: Limits;
  signal?: AbortSignal | undefined;
  watch: CanaryWatch;
  alone<T>(run: () => Promise<T>): Promise<T>;
}

/** Wall-clock seconds for each second of CPU time: only a backstop, on a busy machine too. */
const WALL = 6;
const LEAST_WALL = 30;

/** Most runs of which the output is kept. */
const KEPT = 5;

/** How a program ends that crashes, by what it prints: its own status may be one that the contract uses. */
const crashes = [
  /^Traceback \(most recent call last\):$/m,
  /^panic: .*[\s\S]*^goroutine \d+ /m,
  /^fatal error: .*[\s\S]*^goroutine \d+ /m,
  /^Exception in thread "/m,
  /^thread '.*' (?:\(\d+\) )?panicked at /m,
  /^ {4}at .*\n(?: {4}at .*\n)*\n?(?:\{[\s\S]*\}\n\n)?Node\.js v\d+/m,
];

function filled(expectation: TextExpectation, scope: Scope): TextExpectation {
  return textSchema.parse(fill(expectation, scope));
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** What came of asking a command. */
export interface CommandAsked {
  /** Why it does not start at all; null when it does. Then nothing else was asked. */
  problem: string | null;
  asked: Asked[];
  evidence: Evidence[];
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** A run that has ended. */
interface Ran {
  execution: Execution;
  /** The text of a file that it left, by its path in the folder in which it ran; null when there is none. */
  left(path: string): Promise<string | null>;
  remove(): void;
}

interface Prepared {
  words: string[];
  env: Record<string, string>;
  files: { path: string; bytes: Uint8Array }[];
  stdin: Uint8Array | null;
}

function prepare({ contract, launch }: CommandRun, { run }: RunStep, scope: Scope): Prepared {
  const text = (value: string): string => textOf(fillText(value, scope));
  const variables = { ...contract.env, ...run.env };
  return {
    words: [...launch.command, ...run.args].map(text),
    env: {
      ...launch.env,
      ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, text(value)])),
    },
    files: Object.entries(run.files).map(([path, content]) => ({
      path,
      bytes:
        typeof content === 'object' && 'lines' in content
          ? Buffer.from(content.lines.map((line) => `${text(line)}\n`).join(''))
          : filledBytes(content, scope),
    })),
    stdin: run.stdin === undefined ? null : filledBytes(run.stdin, scope),
  };
}

/** The run as commands that a person can paste. */
function commandText({ words, files, stdin }: Prepared): string {
  const base64 = (bytes: Uint8Array): string => {
    const all = Buffer.from(bytes).toString('base64');
    return all.length > 2000 ? `${all.slice(0, 2000)}…` : all;
  };
  const made = files.map(({ path, bytes }) => `printf %s ${base64(bytes)} | base64 -d > ${quoted(path)}`);
  const input = stdin === null ? '' : `printf %s ${base64(stdin)} | base64 -d | `;
  return [...made, `${input}${words.map(quoted).join(' ')}`].join('\n');
}

const shown = (text: string): string => (text.length > 2000 ? `${text.slice(0, 2000)}…` : text);

function outcomeText({ exitCode, limit, stdout, stderr }: Execution): string {
  const status = limit === null ? `exit status ${exitCode ?? 'unknown'}` : `ended at its limit of ${limit}`;
  return [
    status,
    ...(stdout === '' ? [] : [shown(stdout)]),
    ...(stderr === '' ? [] : [`standard error:\n${shown(stderr)}`]),
  ].join('\n');
}

/** One start of the command, and what it left. */
async function started(
  { sandbox, launch, limits, signal, watch }: CommandRun,
  { words, env, files, stdin }: Prepared,
  cpuSeconds: number,
): Promise<Ran> {
  const service = await sandbox.serve({
    // What the contract gives is put over the answer's own files: it is what the contract asks about.
    command: ['sh', '-c', 'mkdir -p /tmp/given && cp -a /tmp/given/. . && exec "$@"', 'sh', ...words],
    workspace: launch.workspace,
    cwd: launch.cwd,
    env,
    mounts: launch.mounts,
    limits: { ...limits, cpuSeconds, wallSeconds: Math.max(LEAST_WALL, cpuSeconds * WALL) },
    signal,
    ports: [],
    given: files,
    ...(stdin === null ? {} : { stdin }),
  });
  const execution = { ...(await service.ended), command: words.map(quoted).join(' ') };
  await watch.ended(service);
  return {
    execution,
    left: async (path) => {
      const bytes = await service.read(posix.resolve(launch.cwd, path));
      return bytes === null ? null : textIn(bytes);
    },
    remove: () => service.remove(),
  };
}

async function wrongWith(
  { expect }: RunStep,
  { execution, left }: Ran,
  scope: Scope,
): Promise<{ expected: string; got: string } | null> {
  const { exitCode, limit, stdout, stderr } = execution;
  const wanted = [expect.exit].flat();
  if (limit !== null)
    return { expected: `exit status ${wanted.join(' or ')}`, got: `it was ended at its limit of ${limit}` };
  const crash = crashes.find((pattern) => pattern.test(stderr));
  if (crash !== undefined) return { expected: `exit status ${wanted.join(' or ')}, and no crash`, got: shown(stderr) };
  if (exitCode === null || !wanted.includes(exitCode))
    return { expected: `exit status ${wanted.join(' or ')}`, got: outcomeText(execution) };
  for (const [name, text, expectation] of [
    ['standard output', stdout, expect.stdout],
    ['standard error', stderr, expect.stderr],
  ] as const) {
    const wrong = expectation === undefined ? null : textMismatch(text, filled(expectation, scope));
    if (wrong !== null) return { expected: `${name}: ${wrong.expected}`, got: wrong.got };
  }
  for (const [path, expectation] of Object.entries(expect.files)) {
    const text = await left(path);
    const wrong = text === null ? { expected: 'a file', got: 'none' } : textMismatch(text, filled(expectation, scope));
    if (wrong !== null) return { expected: `${path}: ${wrong.expected}`, got: wrong.got };
  }
  return null;
}

/** What later steps can use of a run, and what they want of its output; the name of a capture that finds nothing. */
function keep(step: RunStep, { stdout, stderr, exitCode }: Execution, values: Record<string, unknown>): string | null {
  const document = documentOf(stdout);
  if (step.as !== undefined)
    values[step.as] = { exit: exitCode, stdout, stderr, ...('value' in document ? { json: document.value } : {}) };
  for (const [name, capture] of Object.entries(step.captures)) {
    const found =
      typeof capture !== 'string'
        ? new RegExp(capture.pattern, 'u').exec(stdout)?.[1]
        : 'value' in document
          ? atPath(document.value, capture)?.value
          : undefined;
    if (found === undefined) return name;
    values[name] = found;
  }
  return null;
}

/** Asks one question after the other; each run has a folder of its own. */
class CommandAsking {
  readonly executions: Execution[] = [];
  readonly #run: CommandRun;

  constructor(run: CommandRun) {
    this.#run = run;
  }

  async #step(step: RunStep, values: Record<string, unknown>, seen: string[]): Promise<StepOutcome> {
    const scope = scopeOf(this.#run.shared, values);
    const prepared = prepare(this.#run, step, scope);
    const ran = await started(this.#run, prepared, step.run.cpu_seconds);
    try {
      const { execution } = ran;
      this.executions.push(execution);
      seen.push(`${execution.exitCode ?? 'ended'} ${digestOf(execution.stdout)}`);
      const wrong = await wrongWith(step, ran, scope);
      const missing = wrong === null ? keep(step, execution, values) : null;
      const judged = missing === null ? wrong : { expected: `a value for ${missing}`, got: 'none' };
      if (judged === null) return null;
      const exchange = {
        request: commandText(prepared),
        reply: outcomeText(execution),
        command: commandText(prepared),
      };
      return { ...judged, exchange, late: execution.limit === 'wall' };
    } finally {
      ran.remove();
    }
  }

  async #once(question: Question): Promise<Asked> {
    const values = questionValues(this.#run.shared, question);
    const seen: string[] = [];
    let outcome: StepOutcome = null;
    for (const step of question.probe.steps) {
      outcome = await this.#any(step, values, seen);
      if (outcome !== null) break;
    }
    const result: Asked['result'] =
      outcome === null
        ? { kind: 'passed' }
        : 'notRun' in outcome
          ? { kind: 'not-run', why: outcome.notRun }
          : { kind: 'failed', failure: outcome };
    return { question, result, seen, statuses: [] };
  }

  #any(step: Step, values: Record<string, unknown>, seen: string[]): Promise<StepOutcome> | StepOutcome {
    if ('run' in step) return this.#step(step, values, seen);
    if ('equal' in step) return equalStep(scopeOf(this.#run.shared, values), step.equal);
    if ('different' in step) return differentStep(scopeOf(this.#run.shared, values), step.different);
    throw new Error('a command answers no requests: the contract should have been refused');
  }

  async ask(question: Question): Promise<Asked> {
    const first = await this.#once(question);
    if (first.result.kind !== 'failed' || !first.result.failure.late) return first;
    return this.#run.alone(() => this.#once(question));
  }
}

/**
 * How a shell and its like say that there is no such program, or how an interpreter says that there is no such module.
 */
function missingProgram({ exitCode, stderr }: Execution): string | null {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (exitCode === 127 || exitCode === 126) return said;
  return /No module named|Cannot find module|is not recognized/.test(stderr) ? said : null;
}

/** Asks a command all questions. */
export async function askCommand(run: CommandRun, questions: readonly Question[]): Promise<CommandAsked> {
  const asking = new CommandAsking(run);
  const problem = await startProblem(run, asking);
  const evidence = (): Evidence[] => asking.executions.slice(0, KEPT).map(evidenceOf);
  if (problem !== null) return { problem, asked: [], evidence: evidence() };
  const asked: Asked[] = [];
  for (const question of questions) asked.push(await asking.ask(question));
  return { problem, asked, evidence: evidence() };
}

/** Why the command does not start at all; null when it does. */
async function startProblem(run: CommandRun, asking: CommandAsking): Promise<string | null> {
  const { version } = run.contract;
  const step = runStepSchema.parse({
    run: { args: version?.args ?? [] },
    expect: { exit: version?.exit ?? 0, ...(version?.stdout === undefined ? {} : { stdout: version.stdout }) },
  });
  const scope = scopeOf(run.shared, run.shared.values);
  const ran = await started(run, prepare(run, step, scope), step.run.cpu_seconds);
  try {
    asking.executions.push(ran.execution);
    const missing = missingProgram(ran.execution);
    if (missing !== null) return missing;
    // Without arguments a command may say anything, as long as it is there and ends.
    if (version === undefined)
      return ran.execution.limit === null ? null : `it was ended at its limit of ${ran.execution.limit}`;
    const wrong = await wrongWith(step, ran, scope);
    return wrong === null ? null : `expected ${wrong.expected}, got ${wrong.got}`;
  } finally {
    ran.remove();
  }
}
