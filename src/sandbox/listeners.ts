import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Listener } from '../ports/sandbox.ts';

/** A listening socket with the number by which /proc refers to it. */
interface Socket extends Listener {
  inode: string;
}

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/** An address as the kernel prints it: words of 32 bits in the order of the machine, which is little-endian here. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255) return bytes.slice(12).join('.');
  return (hex.match(/.{8}/g) ?? []).map((word) => (word.match(/../g) ?? []).toReversed().join('')).join(':');
}

function socketsIn(text: string): Socket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): Socket[] => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === LISTEN ? [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }] : [];
    });
}

/** Everything that listens for TCP in the network namespace of a process. */
export function listenersOf(pid: number): Socket[] {
  return ['tcp', 'tcp6'].flatMap((name) => {
    try {
      return socketsIn(readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
    } catch {
      return []; // the process has ended
    }
  });
}

/** Those of some processes that hold one of these sockets. */
export function holdersOf(sockets: readonly Socket[], pids: readonly number[]): number[] {
  const wanted = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  return pids.filter((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => {
        try {
          return wanted.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
        } catch {
          return false; // closed meanwhile
        }
      });
    } catch {
      return false; // the process has ended, or may not be looked at
    }
  });
}
