import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from './message.ts';
import { AnswerReader } from './reader.ts';

/** Bytes that are sent before it is seen whether the answer is there already. */
const PIECE = 32 * 1024;
/** Milliseconds for an early answer, between two pieces. */
const BETWEEN_PIECES = 2;
/** Bytes of what is no answer that are kept, to be shown. */
const SHOWN = 4096;

/** Our side could not ask: the socket that leads to the program is not there. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
}

/**
 * One connection to the program. Nothing that comes from it is trusted, and nobody waits for it longer than is said.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #reader: AnswerReader;
  readonly #opened: Promise<void>;
  #closed = false;
  #received = 0;
  readonly #waiting = new Set<() => void>();

  /** `methodOf`: the method of the request to which the answer of an index belongs. */
  constructor(path: string, methodOf: (index: number) => string) {
    this.#reader = new AnswerReader(methodOf);
    this.#socket = connect({ path, allowHalfOpen: true });
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', () => resolve());
      this.#socket.once('error', (error) => reject(new UnreachableError(error.message)));
    });
    this.#opened.catch(() => {}); // heard of by whoever sends
    this.#socket.on('error', () => this.#end());
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      this.#reader.push(chunk);
      if (this.#reader.broken !== null) this.close();
      this.#wake();
    });
    this.#socket.on('drain', () => this.#wake());
  }

  #wake(): void {
    for (const waiting of this.#waiting) waiting();
    this.#waiting.clear();
  }

  /** Resolves when something has happened: data, an end, or room to write. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.end();
    this.#wake();
  }

  /** Whether anything more can come of this connection. */
  get over(): boolean {
    return this.#closed || this.#reader.broken !== null;
  }

  /** Whether it has ended in order: the last answer said that it would, and no other had begun. */
  get closedInOrder(): boolean {
    const { closing, broken, rest, answers } = this.#reader;
    return this.#closed && closing && broken === null && rest.length === 0 && answers.length > 0;
  }

  get answers(): AnswerReader['answers'] {
    return this.#reader.answers;
  }

  /** Sends bytes, and stops when the program answers before it has them all. Rejects with `UnreachableError`. */
  async send(bytes: Uint8Array): Promise<void> {
    await this.#opened;
    const before = this.#received;
    for (let at = 0; at < bytes.length && !this.over && this.#received === before; at += PIECE) {
      const flushed = this.#socket.write(bytes.subarray(at, at + PIECE));
      if (at + PIECE >= bytes.length) return;
      await (flushed ? pause(BETWEEN_PIECES) : this.#change());
    }
  }

  /** Sends bytes at once, whatever comes meanwhile. */
  write(bytes: Uint8Array): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  /**
   * Sends bytes, whatever comes meanwhile, and resolves when there is room for more. Rejects with `UnreachableError`.
   */
  async flush(bytes: Uint8Array): Promise<void> {
    await this.#opened;
    if (this.over || this.#socket.write(bytes)) return;
    while (!this.over && this.#socket.writableNeedDrain) await this.#change();
  }

  /** Says that nothing more will be sent. */
  finish(): void {
    this.#socket.end();
  }

  /** Waits until there are `count` answers, no more can come, or the time (`performance.now()`) is over. */
  async wait(count: number, deadline: number): Promise<void> {
    while (this.answers.length < count && !this.over) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      const stop = new AbortController();
      await Promise.race([this.#change(), pause(left, undefined, { signal: stop.signal }).catch(() => {})]);
      stop.abort();
    }
  }

  /** What came of the request of an index. */
  reply(index: number): Reply {
    const answer = this.answers[index];
    if (answer !== undefined) return { kind: 'answer', answer };
    const { broken, rest } = this.#reader;
    if (broken !== null) return { kind: 'broken', why: broken, received: rest.subarray(0, SHOWN) };
    if (!this.#closed) return { kind: 'late', received: this.#received };
    if (rest.length > 0)
      return { kind: 'broken', why: 'the connection ended within the head', received: rest.subarray(0, SHOWN) };
    return { kind: 'closed' };
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }
}
