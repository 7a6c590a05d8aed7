import { Connection } from './connection.ts';
import { requestBytes } from './message.ts';
import type { Reply, Request } from './message.ts';

/** Sends a request on a connection of its own. Rejects with `UnreachableError` when our own socket is not there. */
export async function exchange(socket: string, request: Request): Promise<Reply> {
  const deadline = performance.now() + request.timeoutMs;
  const connection = new Connection(socket, () => request.method);
  try {
    await Promise.race([connection.send(requestBytes(request)), connection.wait(1, deadline)]);
    await connection.wait(1, deadline);
    return connection.reply(0);
  } finally {
    connection.close();
  }
}

/** A request of which all but the last byte has been sent. */
export interface Held {
  request: Request;
  connection: Connection;
  last: Uint8Array;
}

/** Sends a request but for its last byte. Rejects with `UnreachableError`. */
export async function hold(socket: string, request: Request): Promise<Held> {
  const bytes = requestBytes(request);
  const connection = new Connection(socket, () => request.method);
  await connection.send(bytes.subarray(0, -1));
  return { request, connection, last: bytes.subarray(-1) };
}

/** Sends the last bytes of held requests, all in one go, and waits for the answers. */
export async function release(held: readonly Held[], timeoutMs: number): Promise<Reply[]> {
  const deadline = performance.now() + timeoutMs;
  for (const { connection, last } of held) connection.write(last);
  try {
    await Promise.all(held.map(({ connection }) => connection.wait(1, deadline)));
    return held.map(({ connection }) => connection.reply(0));
  } finally {
    for (const { connection } of held) connection.close();
  }
}

/** Bytes that are written to a connection without waiting for answers. */
const BATCH = 256 * 1024;

/**
 * Sends requests one after the other over one connection, without waiting for answers. Null when the program says that
 * the connection ends before the last answer: it may or may not have looked at the requests behind it.
 */
async function pipelineOne(
  socket: string,
  requests: readonly Request[],
  deadline: number,
): Promise<readonly Reply[] | null> {
  const connection = new Connection(socket, (index) => requests[index]?.method ?? 'GET');
  try {
    const write = async (): Promise<void> => {
      for (let at = 0; at < requests.length && !connection.over;) {
        const batch: Buffer[] = [];
        for (let size = 0; at < requests.length && size < BATCH; at += 1) {
          const request = requests[at];
          if (request === undefined) break;
          const bytes = requestBytes(request);
          batch.push(bytes);
          size += bytes.length;
        }
        await connection.flush(Buffer.concat(batch));
      }
    };
    await Promise.race([write(), connection.wait(requests.length, deadline)]);
    await connection.wait(requests.length, deadline);
    if (connection.closedInOrder && connection.answers.length < requests.length) return null;
    return requests.map((_, index) => connection.reply(index));
  } finally {
    connection.close();
  }
}

/**
 * The same over several connections; the replies are in the order of the requests. Null when the program ends
 * connections after an answer, as it may: then requests cannot be sent in this way.
 */
export async function pipeline(
  socket: string,
  requests: readonly Request[],
  connections: number,
  timeoutMs: number,
): Promise<Reply[] | null> {
  const deadline = performance.now() + timeoutMs;
  const parts = Array.from({ length: connections }, (_, index) =>
    requests.map((request, at) => ({ request, at })).filter(({ at }) => at % connections === index),
  );
  const replies: Reply[] = [];
  const all = await Promise.all(
    parts.map(async (part) => {
      const found = await pipelineOne(
        socket,
        part.map(({ request }) => request),
        deadline,
      );
      for (const [index, { at }] of part.entries()) replies[at] = found?.[index] ?? { kind: 'closed' };
      return found !== null;
    }),
  );
  return all.every(Boolean) ? replies : null;
}
