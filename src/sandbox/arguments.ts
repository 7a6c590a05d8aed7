/** The command line of bubblewrap for a job. */
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '../domain/grading/limits.ts';
import type { Job, Mount } from '../ports/sandbox.ts';
import type { Bridge } from './bridge.ts';

const MIB = 1024 * 1024;

/** What a program finds in its environment unless the job says otherwise. */
const baseEnvironment = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp/home',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/** Parts of /etc that programs need to find libraries, names and certificates. */
const systemFiles = ['/etc/ld.so.cache', '/etc/alternatives', '/etc/ssl', '/etc/localtime', '/etc/nsswitch.conf'];

/** How the entry ends when it cannot make the workspace; a program may end so, too. */
export const NOT_ENTERED = 125;

/** Copies the workspace, then becomes the program. 0022 and no arguments of the shell's own. */
const entry = `umask 022; mkdir -p /tmp/home; cp -a /src/. /w/ && cd "$0" || exit ${NOT_ENTERED}; exec "$@"`;

function mountArguments(mounts: readonly Mount[]): string[] {
  return mounts.flatMap(({ source, target, writable }) => [writable === true ? '--bind' : '--ro-bind', source, target]);
}

/** Arguments that show a folder of the system, or the link that it is. */
export function symlinkOrBind(path: string): string[] {
  // On merged-/usr systems /bin and its siblings are links into /usr.
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', `usr${path}`, path] : ['--ro-bind', path, path];
}

/** Who programs are inside, and what the machine is called there. */
const [UID, GID, HOST] = ['1000', '1000', 'sandbox'];

/**
 * Files below /etc that Cupel writes: without them the user has no name, and neither `localhost` nor the machine an
 * address.
 */
export const etcFiles = {
  passwd: `sandbox:x:${UID}:${GID}::/tmp/home:/bin/sh\n`,
  group: `sandbox:x:${GID}:\n`,
  hosts: `127.0.0.1 localhost ${HOST}\n::1 localhost\n`,
};

/** Host folders that every sandbox is made from. */
export interface Base {
  /** A folder without content. */
  emptyFolder: string;
  /** The folder of `etcFiles`. */
  etc: string;
}

const isolation = [
  ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ...['--disable-userns', '--uid', UID, '--gid', GID, '--hostname', HOST],
  ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
];

/** Host folders in place of /w and /tmp, which stay when the program has ended. */
export interface KeptFolders {
  workspace: string;
  temporary: string;
}

/** A folder of the host, or one in memory with a size. */
function kept(target: string, folder: string | undefined, limits: Limits): string[] {
  return folder === undefined
    ? ['--size', String(limits.diskMiB * MIB), '--tmpfs', target]
    : ['--bind', folder, target];
}

/** The system, read-only, and folders to write in. */
function systemArguments(limits: Limits, etc: string, { workspace, temporary }: Partial<KeptFolders>): string[] {
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...['/bin', '/sbin', '/lib', '/lib64', '/lib32'].flatMap(symlinkOrBind),
    ...systemFiles.flatMap((path) => ['--ro-bind-try', path, path]),
    ...Object.keys(etcFiles).flatMap((name) => ['--ro-bind', join(etc, name), `/etc/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...kept('/tmp', temporary, limits),
    ...['--size', String(64 * MIB), '--tmpfs', '/dev/shm'],
    ...kept('/w', workspace, limits),
  ];
}

function limitArguments(limits: Limits): string[] {
  const seconds = Math.ceil(limits.cpuSeconds);
  return [
    'prlimit',
    `--nproc=${limits.processes}`,
    `--data=${limits.memoryMiB * MIB}`,
    `--fsize=${limits.fileMiB * MIB}`,
    // One second between SIGXCPU, which names the limit, and SIGKILL.
    `--cpu=${seconds}:${seconds + 1}`,
    ...['--nofile=4096', '--core=0', '--'],
  ];
}

/**
 * Arguments of bwrap; descriptor 3 has the seccomp filter, and 4 takes the status. A service has folders that stay, and
 * can join the
 * network namespace in which bubblewrap is started.
 */
export function bwrapArguments(
  job: Job,
  { emptyFolder, etc }: Base,
  bridge: Bridge | null,
  service: { folders: KeptFolders; joinsNetwork: boolean } | null = null,
): string[] {
  const environment = { ...baseEnvironment, ...job.env };
  return [
    ...isolation,
    ...(service?.joinsNetwork === true ? [] : ['--unshare-net']),
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...systemArguments(job.limits, etc, service?.folders ?? {}),
    ...['--ro-bind', job.workspace ?? emptyFolder, '/src'],
    ...mountArguments([...job.mounts, ...(bridge?.mounts ?? [])]),
    ...(job.out === undefined ? [] : ['--bind', job.out, '/out']),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/w'],
    ...['--seccomp', '3', '--json-status-fd', '4', '--'],
    ...limitArguments(job.limits),
    ...['sh', '-c', entry, job.cwd, ...(bridge?.words ?? []), ...job.command],
  ];
}
