import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultLimits } from '../domain/grading/limits.ts';
import type { Sandbox, SandboxReport } from '../ports/sandbox.ts';

const SECRET = 'planted-secret';
const LOOPBACK = 'a private loopback works';

/** What is tried inside: a shell script that exits 0 when the sandbox stopped the attempt (or offers what it must). */
interface Attempt {
  holds: string;
  script: string;
}

function attempts(secretFile: string, port: number): Attempt[] {
  const connect = (host: string): string => `exec 3<>/dev/tcp/${host}/${port}`;
  return [
    { holds: 'files of the host cannot be read', script: `! cat ${secretFile}` },
    { holds: 'the environment of the harness cannot be read', script: `! grep -q ${SECRET} /proc/*/environ` },
    { holds: 'the network of the host cannot be reached', script: `! bash -c '${connect('127.0.0.1')}'` },
    { holds: 'the system is read-only', script: '! touch /usr/planted && ! touch /planted' },
    { holds: 'no further namespace can be made', script: '! unshare --user true' },
    { holds: 'processes of the host cannot be seen', script: '[ "$(ls -d /proc/[0-9]* | wc -l)" -lt 12 ]' },
    { holds: 'programs run as an ordinary user', script: '[ "$(id -u)" = 1000 ]' },
    { holds: LOOPBACK, script: "bash -c 'exec 3<>/dev/udp/127.0.0.1/9'" },
  ];
}

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function version(): Promise<string> {
  const result = await execa('bwrap', ['--version'], { reject: false });
  return result.failed ? 'not found' : result.stdout.replace(/^bubblewrap\s+/, '');
}

/** What to do when bubblewrap is missing or may not make namespaces. */
function remedy(found: string): string {
  if (found === 'not found')
    return 'install bubblewrap with the package manager (Debian, Ubuntu: apt-get install bubblewrap)';
  return (
    'user namespaces seem to be forbidden; allow them (Ubuntu 24.04: sysctl -w ' +
    'kernel.apparmor_restrict_unprivileged_userns=0; containers: a seccomp profile that allows unshare and mount)'
  );
}

/** Plants a secret and a listener on the host and tries to get at them from inside. */
export async function probe(sandbox: Sandbox): Promise<SandboxReport> {
  const driver = 'bubblewrap';
  const folder = mkdtempSync(join(tmpdir(), 'cupel-probe-'));
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, SECRET);
  const server = await listen();
  const held: string[] = [];
  const problems: string[] = [];
  try {
    const all = attempts(secretFile, (server.address() as AddressInfo).port);
    const { stdout } = await sandbox.run({
      command: [
        'sh',
        '-c',
        all.map(({ script }, index) => `( ${script} ) >/dev/null 2>&1 && echo ${index}`).join('\n'),
      ],
      cwd: '/w',
      env: {},
      mounts: [],
      network: 'none',
      limits: { ...defaultLimits, cpuSeconds: 5, wallSeconds: 20 },
    });
    const stopped = new Set(stdout.match(/\d+/g)?.map(Number));
    for (const [index, { holds }] of all.entries()) {
      if (stopped.has(index)) held.push(holds);
      else problems.push(`does not hold: ${holds}`);
    }
    const loopback = held.includes(LOOPBACK);
    const level = problems.length === (loopback ? 0 : 1) ? 'namespace' : 'none';
    if (!loopback) problems.push('without a loopback, answers whose tests want a port are ungraded');
    return { driver, version: await version(), level, held, loopback, problems };
  } catch (error) {
    const found = await version();
    problems.push(`${error instanceof Error ? error.message : String(error)}; ${remedy(found)}`);
    return { driver, version: found, level: 'none', held, loopback: false, problems };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
