import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { conformanceServices } from '../support/grading/grading.ts';
import { evidenceOf } from '../../runners/shared/evidence.ts';
import { inSandbox } from '../../runners/shared/job.ts';
import { escapes, MARK, programOf } from './escapes.ts';
import type { Planted } from './escapes.ts';

const SECRET = `secret-of-${MARK}`;
let planted: Planted;
let layer = '';
let workspace = '';
let servers: Server[] = [];
let victim: ChildProcess;
let connections = 0;

/** A folder that an ordinary user may read, with one file. */
function folder(name: string, text: string): string {
  const made = mkdtempSync(join(tmpdir(), 'cupel-escape-'));
  chmodSync(made, 0o755);
  writeFileSync(join(made, name), text);
  return made;
}

async function listen(where: number | string): Promise<Server> {
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const listening = new Promise<void>((resolve) => server.once('listening', resolve));
  if (typeof where === 'string') server.listen({ path: where });
  else server.listen(where, '127.0.0.1');
  await listening;
  return server;
}

beforeAll(async () => {
  process.env['CUPEL_PLANTED'] = `environment-${SECRET}`;
  layer = folder('package.js', 'unchanged');
  workspace = folder('app.py', '');
  const [tcp, abstract] = await Promise.all([listen(0), listen(`\0${MARK}-host`)]);
  servers = [tcp, abstract];
  victim = spawn('sleep', ['600'], { argv0: `${MARK}-victim`, stdio: 'ignore' });
  planted = {
    SECRET,
    SECRET_FILE: join(folder('report.ndjson', SECRET), 'report.ndjson'),
    OTHER_WORKSPACE: folder('secret.txt', SECRET),
    PORT: (tcp.address() as AddressInfo).port,
    ABSTRACT: `${MARK}-host`,
    VICTIM: victim.pid ?? 0,
    MARK,
  };
});

afterAll(() => {
  delete process.env['CUPEL_PLANTED'];
  victim.kill('SIGKILL');
  for (const server of servers) server.close();
  for (const made of [layer, workspace, dirname(planted.SECRET_FILE), planted.OTHER_WORKSPACE])
    rmSync(made, { recursive: true, force: true });
});

/** Processes of the host with the mark as their name: what a program left behind. */
function left(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[0] === MARK;
    } catch {
      return false; // ended meanwhile
    }
  });
}

const places = (): string[] => [
  '/',
  '/usr',
  '/usr/bin',
  '/etc',
  '/var/tmp',
  '/tmp',
  '/dev',
  '/dev/shm',
  layer,
  workspace,
];

describe('a program inside the sandbox', () => {
  test.each(escapes.map((escape) => [escape.name, escape.stoppedBy, escape] as const))(
    'that %s does not get out (stopped by: %s)',
    // One after the other: what each leaves on the machine must be its own.
    { concurrent: false },
    async (_name, _stop, escape) => {
      const { sandbox } = (await conformanceServices()).grading.kit;
      const limits = {
        ...defaultLimits,
        cpuSeconds: 20,
        wallSeconds: 60,
        memoryMiB: 512,
        outputMiB: 16,
        ...escape.limits,
      };
      const asked = { runtime: '3.11', standards: [], coverage: null, configuration: {} };
      const context: Pick<CheckContext, 'sandbox' | 'limits' | 'workspace' | 'asked' | 'project'> = {
        sandbox,
        limits,
        workspace,
        asked,
        project: { language: 'python', root: '.', files: [] },
      };
      const program = {
        command: ['/usr/bin/python3', '-c', programOf(escape, planted)],
        mounts: [{ source: layer, target: '/layer' }],
        results: true,
      };
      const results = await inSandbox(context as CheckContext, program, async (ran) => {
        expect(ran.execution.limit).toBe(escape.limit ?? null);
        if (escape.limit === undefined) expect(ran.execution.stdout).toBe('held\n');
        else expect(ran.execution.stdout).not.toContain('escaped');
        expect(await ran.result('report.ndjson')).toBeNull();
        expect(await ran.result('coverage/report.ndjson')).toBeNull();
        const { output } = evidenceOf(ran.execution);
        expect(output.length).toBeLessThan(40_000);
        // eslint-disable-next-line no-control-regex -- that is the point
        expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/);
        return ran.results;
      });
      // The kernel ends what is left of a process namespace when its first process is gone: that takes a moment.
      await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 10_000 });
      expect(existsSync(results)).toBe(false);
      expect(places().filter((place) => existsSync(join(place, MARK)))).toEqual([]);
      expect(readFileSync(join(layer, 'package.js'), 'utf8')).toBe('unchanged');
      expect(readFileSync('/proc/net/unix', 'utf8')).not.toMatch(new RegExp(`@${MARK}$`, 'm'));
      expect(victim.exitCode ?? victim.signalCode).toBeNull();
      expect(connections).toBe(0);
    },
  );
});
