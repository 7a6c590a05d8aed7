import { spawnSync } from 'node:child_process';
import { chmodSync, constants } from 'node:fs';
import { chmod, open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import tmp from 'tmp';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Job, Mount } from '../../src/ports/sandbox.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Project } from '../../src/domain/grading/project.ts';

/** Largest result file that is read, in bytes. */
const LARGEST_RESULT = 64 * 1024 * 1024;

/** The folder of a project inside the sandbox. */
export function insideRoot(project: Pick<Project, 'root'>): string {
  return project.root === '.' ? '/w' : `/w/${project.root}`;
}

/**
 * An absolute or project-relative path as a tool prints it, relative to the answer's root; null when it is not in the
 * answer.
 */
export function answerPath(project: Pick<Project, 'root'>, printed: string): string | null {
  const path = posix.normalize(printed.startsWith('/') ? printed : `${insideRoot(project)}/${printed}`);
  return path.startsWith('/w/') ? path.slice('/w/'.length) : null;
}

/** What a check says about itself when it starts a program. */
export interface Program {
  command: readonly string[];
  mounts?: readonly Mount[];
  env?: Readonly<Record<string, string>>;
  /** Whether the program leaves files at /out. */
  results?: boolean;
  /**
   * Text that the program finds at /out/input, for one that leaves results. Unlike words of a command it can be removed
   * before code of the answer runs.
   */
  input?: string;
  /** Host folder to start from instead of the laid-out answer. */
  workspace?: string;
  cwd?: string;
  /** Wall-clock seconds that it may take; those of the scenario when absent. */
  wallSeconds?: number;
  /** A file at /out: the program is ended when it left that, and goes on without writing it. */
  endsAfter?: Job['endsAfter'];
}

/** A program's end, with the files that it left at /out by name. */
export interface Ran {
  execution: Execution;
  /** The text of a result file; null when it is missing, too large, or no ordinary file. */
  result(name: string): Promise<string | null>;
  /** Host folder with the results, to be mounted for a later program. */
  results: string;
}

/** Opens one entry of an open folder; a link is not followed, and a pipe does not wait for a writer. */
function openHostile(folder: FileHandle, name: string): Promise<FileHandle> {
  return open(`/proc/self/fd/${folder.fd}/${name}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/**
 * Reads a file that hostile code may have replaced, or a folder on the way to it: nothing but an ordinary file is read.
 */
async function readHostile(root: string, name: string): Promise<string | null> {
  const opened: FileHandle[] = [];
  try {
    let file = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
    opened.push(file);
    for (const part of name.split('/')) {
      file = await openHostile(file, part);
      opened.push(file);
    }
    const stat = await file.stat();
    return stat.isFile() && stat.size <= LARGEST_RESULT ? await file.readFile('utf8') : null;
  } catch {
    return null;
  } finally {
    for (const file of opened) await file.close();
  }
}

/** An empty temp folder; `mode` is what everybody may do with it. */
function temporaryFolder(prefix: string, mode: number): { name: string; removeCallback: () => void } {
  const folder = tmp.dirSync({ prefix: `cupel-${prefix}`, unsafeCleanup: true });
  chmodSync(folder.name, mode); // after the fact: a mode at creation is cut by the umask
  return { name: folder.name, removeCallback: () => removeHostile(folder) };
}

/**
 * Removes a folder in which hostile code may have made folders that nobody may enter, or that no path is long enough
 * for.
 */
function removeHostile(folder: tmp.DirResult): void {
  try {
    folder.removeCallback();
  } catch {
    spawnSync('chmod', ['-R', 'u+rwX', '--', folder.name], { stdio: 'ignore' });
    spawnSync('rm', ['-rf', '--', folder.name], { stdio: 'ignore' });
  }
}

/** Two temp folders for as long as `use` takes: one to start from, one that programs may write. */
export async function temporary<T>(use: (workspace: string, out: string) => Promise<T>): Promise<T> {
  const workspace = temporaryFolder('workspace', 0o755);
  const out = temporaryFolder('results', 0o777);
  try {
    return await use(workspace.name, out.name);
  } finally {
    workspace.removeCallback();
    out.removeCallback();
  }
}

/** What is needed of a check to start a program for it. */
export interface Place extends Pick<CheckContext, 'sandbox' | 'layers' | 'signal' | 'workspace' | 'limits'> {
  project: Pick<Project, 'root'>;
  asked: Pick<CheckContext['asked'], 'configuration'>;
}

/** The scenario's own configurations, in place of the runner's. */
async function configurationMounts({ asked: { configuration }, layers }: Place): Promise<Mount[]> {
  const names = Object.keys(configuration);
  if (names.length === 0) return [];
  const layer = await layers.get('standards', configuration, async (folder) => {
    for (const [name, text] of Object.entries(configuration)) {
      await writeFile(join(folder, name), text);
      await chmod(join(folder, name), 0o644);
    }
  });
  return names.map((name) => ({ source: join(layer.folder, name), target: `/cupel/standards/${name}` }));
}

/** Runs a program of a check on its own copy of the answer and hands its end to `use`. */
export async function inSandbox<T>(context: Place, program: Program, use: (ran: Ran) => Promise<T> | T): Promise<T> {
  const configurations = await configurationMounts(context);
  const out = program.results === true ? temporaryFolder('results', 0o777) : null;
  try {
    if (out !== null && program.input !== undefined) {
      await writeFile(join(out.name, 'input'), program.input);
      await chmod(join(out.name, 'input'), 0o644);
    }
    const job: Job = {
      command: program.command,
      workspace: program.workspace ?? context.workspace,
      cwd: program.cwd ?? insideRoot(context.project),
      env: program.env ?? {},
      mounts: [...(program.mounts ?? []), ...configurations],
      network: 'none',
      limits:
        program.wallSeconds === undefined ? context.limits : { ...context.limits, wallSeconds: program.wallSeconds },
      signal: context.signal,
      ...(out === null ? {} : { out: out.name }),
      ...(program.endsAfter === undefined ? {} : { endsAfter: program.endsAfter }),
    };
    const execution = await context.sandbox.run(job);
    return await use({
      execution,
      result: (name) => (out === null ? Promise.resolve(null) : readHostile(out.name, name)),
      results: out?.name ?? '',
    });
  } finally {
    out?.removeCallback();
  }
}

/** A finding without an answer line: the check stage adds it from the file and line. */
export function finding(parts: Pick<Finding, 'tool' | 'rule' | 'message'> & Partial<Finding>): Finding {
  return { severity: 'error', file: null, line: null, answer_line: null, ...parts };
}
