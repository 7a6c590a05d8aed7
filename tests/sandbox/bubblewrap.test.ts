import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';
import { SandboxError } from '../../src/ports/sandbox.ts';
import type { Execution, Job } from '../../src/ports/sandbox.ts';
import { Bubblewrap } from '../../src/sandbox/bubblewrap.ts';
import { hostIdentity } from '../../src/sandbox/identity.ts';

const noRegistries = { socketFor: () => Promise.reject(new Error('no job of these tests reads registries')) };
const sandbox = new Bubblewrap(noRegistries);

function run(script: string, limits: Partial<Limits> = {}, job: Partial<Job> = {}): Promise<Execution> {
  return sandbox.run({
    command: ['sh', '-c', script],
    cwd: '/w',
    env: {},
    mounts: [],
    network: 'none',
    limits: { ...defaultLimits, wallSeconds: 60, ...limits },
    ...job,
  });
}

const python = (code: string): string => `python3 -c '${code}'`;

describe('a program in the sandbox', () => {
  test('ends as it would outside: status, output, and no limit named', async () => {
    expect(await run('echo out; echo err >&2; exit 7')).toMatchObject({
      exitCode: 7,
      signal: null,
      limit: null,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('that could not be copied in was never started, which is our fault; its own status is its own, whatever it is', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'cupel-closed-'));
    chmodSync(closed, 0o755);
    writeFileSync(join(closed, 'file.txt'), '');
    chmodSync(join(closed, 'file.txt'), 0o000);
    await expect(run('exit 0', {}, { workspace: closed })).rejects.toThrow(SandboxError);
    rmSync(closed, { recursive: true });
    expect((await run('exit 125')).exitCode).toBe(125);
  });

  test('reads what it is given, and nothing when it is given nothing', async () => {
    expect((await run('cat', {}, { stdin: Buffer.from('a\n\0b') })).stdout).toBe('a\n\0b');
    expect((await run('cat')).stdout).toBe('');
  });

  test('has a loopback of its own', async () => {
    const inside =
      'import socket as s; l=s.create_server(("127.0.0.1",0)); c=s.create_connection(l.getsockname()); print("connected")';
    expect((await run(python(inside))).stdout).toBe('connected\n');
  });

  test('has a name, and so has the machine that it is on', async () => {
    const inside = 'import getpass, socket; print(getpass.getuser(), socket.gethostbyname(socket.gethostname()))';
    expect((await run(python(inside))).stdout).toBe('sandbox 127.0.0.1\n');
  });

  test('works on a copy: the workspace on the host does not change', async () => {
    const open = mkdtempSync(join(tmpdir(), 'cupel-open-'));
    writeFileSync(join(open, 'file.txt'), 'before\n');
    chmodSync(open, 0o755); // an ordinary user reads it
    expect((await run('cat file.txt; echo after > file.txt; cat file.txt', {}, { workspace: open })).stdout).toBe(
      'before\nafter\n',
    );
    expect(readFileSync(join(open, 'file.txt'), 'utf8')).toBe('before\n');
    rmSync(open, { recursive: true });
  });

  test('runs as an ordinary user who may not change the system', async () => {
    const { stdout } = await run('id -u; touch /usr/x /bin/x /x 2>/dev/null || echo refused');
    expect(stdout).toBe('1000\nrefused\n');
    expect(hostIdentity().uid).not.toBe(0);
  });

  test.each<[string, string, Partial<Limits>, string]>([
    ['CPU time of one process', 'while :; do :; done', { cpuSeconds: 1 }, 'cpu'],
    [
      'CPU time of several processes together',
      'for i in 1 2 3; do (while :; do :; done) & done; wait',
      { cpuSeconds: 1 },
      'cpu',
    ],
    ['wall-clock time', 'sleep 100', { wallSeconds: 1 }, 'wall'],
    ['memory', python('x = bytearray(2_000_000_000)'), { memoryMiB: 256 }, 'memory'],
    [
      'shared memory',
      python(
        'import mmap,time; m=mmap.mmap(-1,800_000_000)\nfor i in range(0,800_000_000,4096): m[i]=1\ntime.sleep(5)',
      ),
      { memoryMiB: 256 },
      'memory',
    ],
    ['output', 'yes', { outputMiB: 1 }, 'output'],
    ['output without a newline', 'head -c 50000000 /dev/zero', { outputMiB: 1 }, 'output'],
    ['the size of a file', 'head -c 50000000 /dev/zero > big', { fileMiB: 8 }, 'file-size'],
    ['disk', 'for i in 1 2 3 4 5; do head -c 8000000 /dev/zero > big$i || exit 1; done', { diskMiB: 16 }, 'disk'],
    [
      'processes',
      python('import os,time\nfor i in range(300):\n  if os.fork()==0: time.sleep(3); os._exit(0)'),
      { processes: 64 },
      'processes',
    ],
  ])('is ended at its limit on %s, and the limit is named', async (_what, script, limits, limit) => {
    const execution = await run(script, limits);
    expect(execution.limit).toBe(limit);
    expect(execution.exitCode === 0).toBe(false);
  });
});

describe('a sandbox that does not start', () => {
  test('is our failure: it rejects instead of reporting an end', async () => {
    await expect(run('true', {}, { mounts: [{ source: '/does/not/exist', target: '/x' }] })).rejects.toThrow(
      SandboxError,
    );
  });

  test('is found by the probe, which names what holds', async () => {
    const report = await sandbox.probe();
    expect(report).toMatchObject({ driver: 'bubblewrap', level: 'namespace', problems: [] });
    expect(report.held).toContain('the network of the host cannot be reached');
  });
});

interface Process {
  pid: number;
  name: string;
  parent: number;
  group: number;
}

/** All processes that have not ended. */
function processes(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const [, name = '', state, parent, group] =
          /\((.*)\) (\w) (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return state === 'Z' ? [] : [{ pid: Number(pid), name, parent: Number(parent), group: Number(group) }];
      } catch {
        return []; // ended meanwhile
      }
    });
}

/** The process of bubblewrap, or on the way to it, that this process has started. */
const started = (): Process | undefined =>
  processes().find(({ name, parent }) => parent === process.pid && ['setpriv', 'bwrap'].includes(name));

describe('bubblewrap itself', () => {
  test('gets no signal that is meant for the group of Cupel, as a terminal sends them', async () => {
    const running = run('sleep 1');
    const { pid, group } = await vi.waitUntil(started, { interval: 1 });
    expect(group).toBe(pid);
    await running;
  });

  test('may be killed at any moment of its start: the program counts as not started, and nothing is left of it', async () => {
    for (let quarters = 0; quarters < 24; quarters += 1) {
      const running = run('sleep 60').catch((error: unknown) => error);
      const { pid } = await vi.waitUntil(started, { interval: 1 });
      await sleep(quarters / 4);
      process.kill(pid, 'SIGKILL');
      expect(await running).toBeInstanceOf(SandboxError);
      await vi.waitFor(() => expect(processes().filter(({ group }) => group === pid)).toEqual([]));
    }
  });
});
