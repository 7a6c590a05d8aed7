import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpContract } from '../../domain/grading/contract/contract.ts';
import type { Ready, Start } from '../../domain/grading/contract/start.ts';
import type { Limits } from '../../domain/grading/limits.ts';
import { fillText } from '../../formats/contract/evaluate.ts';
import { textOf } from '../../formats/contract/functions.ts';
import type { Launch } from '../../ports/runner.ts';
import type { Execution, Listener, Sandbox, Service } from '../../ports/sandbox.ts';
import { isStatus, replyWords, statusWords } from '../expect/reply.ts';
import { UnreachableError } from '../http/connection.ts';
import { PLANTED, marksOf } from '../exploits/payloads.ts';
import { exchange } from '../http/exchange.ts';
import { prepared } from '../requests.ts';
import { scopeOf } from '../scope.ts';
import type { Shared } from '../scope.ts';

/** The port that a program is given, unlike any that it would take by itself. */
const GIVEN_PORT = 18_093;
/** The port of the stand-in for AWS. */
const AWS_PORT = 18_094;
/** The port of the server that a program is measured beside. */
export const BARE_PORT = 18_095;
/**
 * How long it is waited before it is asked again whether it is ready, in milliseconds: longer each time, by a factor,
 * for asking costs as much as a slow start does.
 */
const FIRST_POLL_MS = 20;
const LONGEST_POLL_MS = 250;
const POLL_FACTOR = 1.15;
/** How long a program may answer before it listens on the right addresses, in milliseconds: it never will then. */
const ELSEWHERE_MS = 2000;
/**
 * Seconds that a program may run at least: it is ended when it has been asked everything, and its being ended before
 * because the machine is busy would be no fault of it.
 */
const LEAST_WALL = 30 * 60;
/** MiB that a program may print at least: one line for each of tens of thousands of requests. */
const LEAST_OUTPUT = 64;
/** Seconds that a program which must end by itself may take. */
const ENDS_WITHIN = 30;

const standIn = readFileSync(join(import.meta.dirname, 'secrets-manager.cjs'), 'utf8');
const bareServer = readFileSync(join(import.meta.dirname, '..', 'latency', 'bare-server.cjs'), 'utf8').replace(
  '= SETTINGS;',
  `= ${BARE_PORT};`,
);

/** What is needed to start the program of a contract in some way. */
export interface Recipe {
  sandbox: Sandbox;
  contract: HttpContract;
  shared: Shared;
  launch: Launch;
  limits: Limits;
  signal?: AbortSignal | undefined;
  /** The way, by its name and as the contract has it. */
  name: string;
  start: Start;
}

/** A program that was started. */
export interface Program {
  recipe: Recipe;
  service: Service;
  /** How it was started, with everything filled in. */
  command: readonly string[];
  port: number;
  /** How it ended; null while it runs. */
  end: Execution | null;
}

/**
 * A program that is ready, or why it is not: what was expected, and what it did instead. `late`: it might have been
 * ready later.
 */
export type Started =
  | { ready: Program; problem?: never }
  | { ready?: never; problem: string; program: Program; late: boolean };

function environmentOf({ contract, shared, start, launch }: Recipe, port: number): Record<string, string> {
  const scope = scopeOf(shared, { ...shared.values, port });
  const own = Object.fromEntries(
    Object.entries(start.env).map(([name, value]) => [name, textOf(fillText(value, scope))]),
  );
  const given = start.port === 'given' ? { [contract.service.port.variable]: String(port) } : {};
  const aws =
    start.beside.secrets_manager === undefined
      ? {}
      : {
          AWS_ENDPOINT_URL: `http://127.0.0.1:${AWS_PORT}`,
          AWS_ACCESS_KEY_ID: 'stand-in',
          AWS_SECRET_ACCESS_KEY: 'stand-in',
          AWS_REGION: 'us-east-1',
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_EC2_METADATA_DISABLED: 'true',
        };
  return { ...launch.env, ...given, ...aws, ...own };
}

function besideOf({ start, shared, contract }: Recipe): string[] {
  const bare = contract.latency.length === 0 ? [] : [bareServer];
  const manager = start.beside.secrets_manager;
  if (manager === undefined) return bare;
  const scope = scopeOf(shared, shared.values);
  const secrets = Object.fromEntries(
    Object.entries(manager.secrets).map(([id, value]) => [id, textOf(fillText(value, scope))]),
  );
  // A function, for a replacement may hold patterns of `replace`.
  return [
    ...bare,
    standIn.replace('= SETTINGS;', () => `= ${JSON.stringify({ port: AWS_PORT, secrets, after: manager.after })};`),
  ];
}

/** The file that attacks on paths try to read, where the contract states such an attack. */
function plantedFiles({ contract }: Recipe): { path: string; bytes: Uint8Array }[] {
  if (!contract.exploits.some(({ kind }) => kind === 'path-traversal')) return [];
  return [{ path: PLANTED, bytes: Buffer.from(marksOf(contract).planted) }];
}

/** Where a program listens instead, in words. */
function elsewhere(listeners: readonly Listener[], port: number): string {
  if (listeners.length === 0) return 'it listens on no port';
  const words = listeners.map(({ address, port: own }) => `${address.includes(':') ? `[${address}]` : address}:${own}`);
  return `expected it to listen on 0.0.0.0:${port}, it listens on ${words.join(', ')}`;
}

const everywhere = ['0.0.0.0', '::'];
const ipv4 = [...everywhere, '127.0.0.1'];

/** The last lines that a program printed, for people. */
export function lastLines({ service }: Pick<Program, 'service'>, most = 12): string {
  const { stdout, stderr } = service.output();
  const text = [stdout, stderr]
    .map((bytes) => Buffer.from(bytes).toString('utf8').trim())
    .filter((part) => part !== '');
  return text
    .flatMap((part) => part.split('\n').slice(-most))
    .join('\n')
    .slice(-2000);
}

/** How a program ended, in words. */
export function endWords(end: Execution): string {
  if (end.limit !== null) return `it was ended at its limit of ${end.limit}`;
  return end.exitCode === null ? 'it was ended' : `it ended with exit status ${end.exitCode}`;
}

const commandWords = ({ command }: Program): string => command.join(' ');

/** Starts the program. Rejects with `SandboxError`. */
async function begin(recipe: Recipe, resumes?: Service): Promise<Program> {
  const { sandbox, launch, limits, signal, contract, start } = recipe;
  const port = start.port === 'given' ? GIVEN_PORT : contract.service.port.default;
  const scope = scopeOf(recipe.shared, { ...recipe.shared.values, port });
  const command = launch.command.map((word) => textOf(fillText(word, scope)));
  const service = await sandbox.serve({
    command,
    workspace: launch.workspace,
    cwd: launch.cwd,
    env: environmentOf(recipe, port),
    mounts: launch.mounts,
    limits: {
      ...limits,
      wallSeconds: Math.max(limits.wallSeconds, LEAST_WALL),
      outputMiB: Math.max(limits.outputMiB, LEAST_OUTPUT),
    },
    signal,
    ports: contract.latency.length === 0 ? [port] : [port, BARE_PORT],
    beside: besideOf(recipe),
    // Nothing is put into folders in which a program of the answer has been.
    ...(resumes === undefined ? { given: plantedFiles(recipe) } : { resumes }),
  });
  const program: Program = { recipe, service, command, port, end: null };
  service.ended.then(
    (end) => void (program.end = end),
    () => {}, // our failure: whoever waits for the end hears of it
  );
  return program;
}

/** What is missing. */
interface Missing {
  /** In words; made only when they are told, for it takes milliseconds to see what listens. */
  words(): string;
  /** It answers as it should, but not on the addresses on which it must listen. */
  elsewhere: boolean;
}

/** Whether it listens where it must: null, or where it does instead. */
function notListening({ service, port, recipe }: Program): Missing | null {
  const wanted = recipe.contract.service.listens === 'any' ? everywhere : ipv4;
  const listeners = service.listening();
  const listens = listeners.some((one) => one.port === port && wanted.includes(one.address));
  return listens ? null : { words: () => elsewhere(listeners, port), elsewhere: false };
}

/** Whether it is ready now: null, or what is missing. */
async function missing(program: Program, ready: Exclude<Ready, 'ended'>): Promise<Missing | null> {
  const { service, port, recipe } = program;
  if (ready === 'listening') return notListening(program);
  const template = { method: 'GET', path: ready.path, headers: {}, framing: 'length', timeout: 5 } as const;
  const scope = scopeOf(recipe.shared, { ...recipe.shared.values, port });
  const reply = await reachable(program, () =>
    exchange(service.socket(port), prepared(template, scope, { headers: recipe.contract.headers, port })),
  );
  if (reply.kind === 'answer' && isStatus(reply.answer.status, ready.status)) {
    const wrong = notListening(program);
    return wrong === null ? null : { ...wrong, elsewhere: true };
  }
  const got = reply.kind === 'answer' ? `status ${reply.answer.status}` : replyWords(reply);
  return {
    words: () =>
      notListening(program)?.words() ??
      `expected status ${statusWords(ready.status)} from GET ${ready.path}, got ${got}`,
    elsewhere: false,
  };
}

/** Asks the program. That our socket is not there means that it has ended; what else it means is our failure. */
export async function reachable<T>(program: Program, ask: () => Promise<T>): Promise<T | { kind: 'closed' }> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    const stop = new AbortController();
    const late = pause(2000, 'late', { signal: stop.signal }).catch(() => 'late');
    const end = await Promise.race([program.service.ended.then(() => 'ended'), late]);
    stop.abort();
    if (end === 'late') throw error;
    return { kind: 'closed' };
  }
}

async function untilEnded(program: Program): Promise<Started> {
  const stop = new AbortController();
  const late = pause(ENDS_WITHIN * 1000, null, { signal: stop.signal }).catch(() => null);
  const end = await Promise.race([program.service.ended, late]);
  stop.abort();
  if (end !== null) return { ready: Object.assign(program, { end }) };
  return { problem: `expected it to end by itself, it still runs after ${ENDS_WITHIN} seconds`, program, late: true };
}

async function untilReady(program: Program, ready: Exclude<Ready, 'ended'>): Promise<Started> {
  const within = ready === 'listening' ? ENDS_WITHIN : ready.within;
  const deadline = performance.now() + within * 1000;
  let why: Missing | null = { words: () => 'it has not answered', elsewhere: false };
  let elsewhereSince: number | null = null;
  for (let wait = FIRST_POLL_MS; performance.now() < deadline && program.end === null; wait *= POLL_FACTOR) {
    why = await missing(program, ready);
    if (why === null) return { ready: program };
    elsewhereSince = why.elsewhere ? (elsewhereSince ?? performance.now()) : null;
    if (elsewhereSince !== null && performance.now() - elsewhereSince > ELSEWHERE_MS)
      return { problem: `${commandWords(program)}: ${why.words()}`, program, late: false };
    await Promise.race([pause(Math.min(wait, LONGEST_POLL_MS)), program.service.ended]);
  }
  const end = await Promise.race([program.service.ended, Promise.resolve(program.end)]);
  const how = end === null ? `not ready after ${within} seconds: ${why?.words() ?? ''}` : endWords(end);
  return { problem: `${commandWords(program)}: ${how}`, program, late: end === null };
}

/** Starts the program and waits until it is ready. `resumes`: it goes on with the files of one that has ended. */
export async function startProgram(recipe: Recipe, resumes?: Service): Promise<Started> {
  const program = await begin(recipe, resumes);
  const ready = recipe.start.ready ?? recipe.contract.service.ready;
  return ready === 'ended' ? untilEnded(program) : untilReady(program, ready);
}
