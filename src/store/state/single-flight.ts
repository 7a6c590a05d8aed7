import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

interface Holder {
  server: Server;
  waiting: Set<Socket>;
}

/**
 * Listens on a name that the kernel gives to one process at a time and takes back when that ends, however it ends; null
 * when somebody has it.
 */
async function hold(name: string): Promise<Holder | null> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => {}).on('close', () => waiting.delete(socket));
  });
  try {
    const listening = once(server, 'listening');
    server.listen({ path: `\0${name}`, backlog: 511 });
    await listening;
    return { server, waiting };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

function giveBack({ server, waiting }: Holder): void {
  server.close();
  for (const socket of waiting) socket.destroy();
}

/** Waits until whoever has a name lets go of it or ends. */
async function released(name: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const socket = connect(`\0${name}`);
  const leave = (): void => void socket.destroy();
  signal.addEventListener('abort', leave, { once: true });
  await new Promise<void>((resolve) => {
    socket
      .on('error', () => {})
      .on('close', () => resolve())
      .resume();
  });
  signal.removeEventListener('abort', leave);
  signal.throwIfAborted();
}

/** Whether somebody on this machine does work under a name. */
export async function inFlight(name: string): Promise<boolean> {
  const socket = connect(`\0${name}`);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED'; // any other failure is no proof that nobody has it
  } finally {
    socket.destroy();
  }
}

/**
 * Does work while no other process of this machine does any under the same name (107 bytes at most); waits for its
 * turn. Nothing is left behind by a process that is killed.
 */
export async function inSingleFlight<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let holder = await hold(name);
  while (holder === null) {
    await released(name, signal);
    holder = await hold(name);
  }
  try {
    return await work();
  } finally {
    giveBack(holder);
  }
}
