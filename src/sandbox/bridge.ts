/**
 * The way from a program's own loopback to the gateway of registries: a small program of ours inside, and a Unix
 * socket.
 */
import { chmodSync, chownSync, copyFileSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRIES_PORT } from '../ports/registries.ts';
import type { Registry, RegistryGateway } from '../ports/registries.ts';
import type { Mount } from '../ports/sandbox.ts';
import { hostIdentity, unreachableAt } from './identity.ts';

/** What a job needs so that its program reaches registries. */
export interface Bridge {
  mounts: Mount[];
  /** Stand before the program's own command. */
  words: string[];
}

/**
 * Listens at a port and passes bytes on to a socket, then starts a program and ends as it does. The arguments are the
 * port, the socket, and the program. Plain JavaScript of the oldest Node that Cupel runs on.
 */
const program = `
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';
const [port, socket, command, ...words] = process.argv.slice(2);
const server = createServer({ allowHalfOpen: true }, (client) => {
  const gateway = connect({ path: socket, allowHalfOpen: true });
  const end = () => { client.destroy(); gateway.destroy(); };
  client.on('error', end).pipe(gateway).on('error', end).pipe(client);
});
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(command, words, { stdio: 'inherit' });
  child.on('error', (error) => { process.stderr.write(error.message + '\\n'); process.exit(127); });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
});
`;

/** Makes bridges; `folder` is a temporary one that the sandbox's user may enter. */
export class Bridges {
  readonly #gateway: RegistryGateway;
  readonly #folder: string;
  #node: string | null = null;

  constructor(gateway: RegistryGateway, folder: string) {
    this.#gateway = gateway;
    this.#folder = folder;
  }

  /** Where Node is that the sandbox's user may run: a copy, where ours lies in a closed folder. */
  #runtime(): string {
    if (this.#node !== null) return this.#node;
    const script = join(this.#folder, 'bridge.mjs');
    writeFileSync(script, program);
    chmodSync(script, 0o644);
    if (unreachableAt(process.execPath) === null) return (this.#node = process.execPath);
    const copy = join(this.#folder, 'node');
    copyFileSync(process.execPath, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o755);
    return (this.#node = copy);
  }

  async to(registries: readonly Registry[]): Promise<Bridge> {
    const node = this.#runtime();
    const socket = await this.#gateway.socketFor(registries);
    const { uid, gid, dropped } = hostIdentity();
    if (dropped) chownSync(socket, uid, gid);
    chmodSync(socket, 0o600); // nobody else of this machine reads registries with our credentials
    return {
      mounts: [
        { source: node, target: '/registries/node' },
        { source: join(this.#folder, 'bridge.mjs'), target: '/registries/bridge.mjs' },
        { source: socket, target: '/registries/socket' },
      ],
      words: ['/registries/node', '/registries/bridge.mjs', String(REGISTRIES_PORT), '/registries/socket'],
    };
  }
}
