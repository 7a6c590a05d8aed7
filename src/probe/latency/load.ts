import type { Latency } from '../../domain/grading/contract/contract.ts';
import { Connection, UnreachableError } from '../http/connection.ts';
import { requestBytes } from '../http/message.ts';
import type { Request } from '../http/message.ts';
import { BARE_PORT } from '../program/start.ts';
import type { Program } from '../program/start.ts';
import { prepared } from '../requests.ts';
import { scopeOf } from '../scope.ts';
import type { Programs, ServiceRun } from '../service.ts';
import type { Measured } from './judge.ts';

/** Requests of a block, and blocks of the program: the bare server is asked before each of them. */
const BLOCK = 150;
const BLOCKS = 3;
/** Requests before anything is measured. */
const WARMUP = 50;
/** Milliseconds that a block may take at most: what was measured by then counts. */
const LONGEST_MS = 2000;

/** Times of a block, in milliseconds an answer, and how many requests got none. */
interface Block {
  times: number[];
  unanswered: number;
}

/** A client that sends request after request on a connection that is kept, while the program keeps it. */
class Client {
  readonly #socket: string;
  #connection: Connection | null = null;
  #sent = 0;

  constructor(socket: string) {
    this.#socket = socket;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#sent = 0;
  }

  /** Milliseconds until the answer is there; null when there is none. Rejects with `UnreachableError`. */
  async ask(request: Request): Promise<number | null> {
    if (this.#connection?.over === true) this.close();
    this.#connection ??= new Connection(this.#socket, () => request.method);
    const connection = this.#connection;
    const begun = performance.now();
    await connection.send(requestBytes(request));
    this.#sent += 1;
    await connection.wait(this.#sent, begun + request.timeoutMs);
    if (connection.answers.length >= this.#sent) return performance.now() - begun;
    const wasKept = this.#sent > 1 && connection.over;
    this.close();
    // A program may close a connection that is kept at any time: the request is sent again, as every client does.
    return wasKept ? this.ask(request) : null;
  }
}

/** Lets a client take requests while there are any, and time. */
async function work(client: Client, next: () => Request | null, block: Block, deadline: number): Promise<void> {
  try {
    for (let request = next(); request !== null && performance.now() < deadline; request = next()) {
      const time = await client.ask(request);
      if (time === null) block.unanswered += 1;
      else block.times.push(time);
    }
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    block.unanswered += 1; // the program has ended: its other checks say so
  } finally {
    client.close();
  }
}

async function blockOf(socket: string, requests: readonly Request[], connections: number): Promise<Block> {
  const block: Block = { times: [], unanswered: 0 };
  const left = [...requests];
  const deadline = performance.now() + LONGEST_MS;
  const next = (): Request | null => left.shift() ?? null;
  await Promise.all(Array.from({ length: connections }, () => work(new Client(socket), next, block, deadline)));
  return block;
}

async function load({ recipe, service, port }: Program, latency: Latency): Promise<Measured> {
  let n = 0;
  const requests = (count: number): Request[] =>
    Array.from({ length: count }, () => {
      n += 1;
      const scope = scopeOf(recipe.shared, { ...recipe.shared.values, n, port, probe: `load-${n}` });
      return prepared(latency.request, scope, { headers: recipe.contract.headers, port });
    });
  const ask = (where: number, count: number): Promise<Block> =>
    blockOf(service.socket(where), requests(count), latency.connections);
  await ask(BARE_PORT, WARMUP);
  await ask(port, WARMUP);
  const [bare, program]: [Block[], Block[]] = [[], []];
  for (let turn = 0; turn < BLOCKS; turn += 1) {
    bare.push(await ask(BARE_PORT, BLOCK));
    program.push(await ask(port, BLOCK));
  }
  return {
    latency,
    program: program.flatMap(({ times }) => times),
    bare: bare.flatMap(({ times }) => times),
    unanswered: program.reduce((sum, { unanswered }) => sum + unanswered, 0),
  };
}

/** Puts the loads of a contract on programs of their own, with nothing beside them. */
export async function measureAll(run: ServiceRun, programs: Programs): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const latency of run.contract.latency) {
    if (programs.enough !== null) break;
    const name = latency.start ?? Object.keys(run.contract.starts)[0] ?? '';
    const measured = await run.alone(async () => {
      const started = await programs.start(name);
      try {
        return started.ready === undefined ? null : await load(started.ready, latency);
      } finally {
        await programs.end(started.ready ?? started.program);
      }
    });
    if (measured !== null) all.push(measured);
  }
  return all;
}
