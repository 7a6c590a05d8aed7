import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Project } from '../../domain/project/config.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Enclose } from '../../ports/model-program.ts';
import type { Notify } from '../../ports/notice.ts';
import type { Kit, Runner } from '../../ports/runner.ts';
import type { SandboxReport } from '../../ports/sandbox.ts';
import { SandboxError } from '../../ports/sandbox.ts';
import { Downloads } from '../../registries/downloads.ts';
import { Gateway } from '../../registries/gateway.ts';
import { encloser } from '../../sandbox/model-program.ts';
import { Bubblewrap } from '../../sandbox/bubblewrap.ts';
import { hostIdentity } from '../../sandbox/identity.ts';
import { layOut } from '../../sandbox/workspace.ts';
import type { Grading } from '../../stages/5-check/effects.ts';
import { Lanes } from '../../stages/5-check/lanes.ts';
import { hashOf } from '../../store/files/hash.ts';
import { Library } from '../../store/inputs/library.ts';
import { findProject, foldersThatTell, noProject, projectAt } from '../../store/inputs/project.ts';
import { withWholeLayers } from '../../store/state/layers.ts';
import { diskTrouble } from '../../store/state/state.ts';
import { ownTemporaryFolder } from '../../store/state/temporary.ts';
import { runners } from '../../../runners/index.ts';
import { sharedChecks } from './checks.ts';
import { graderKey } from './grader-key.ts';
import { home } from './home.ts';
import { memoryForChecks } from './machine.ts';
import { openStateFolder } from './state-folder.ts';
import type { StateFolder, StateOptions } from './state-folder.ts';

/** What the services are made from. */
export interface ServicesOptions extends StateOptions {
  /** A folder of the project; the working directory when absent. */
  folder?: string | undefined;
  /** Whether the work makes sense without a project, in a folder that has none; false when absent. */
  projectless?: boolean | undefined;
  /** The dialect that all prompts are read in; what each file says and stands for when absent. */
  dialect?: string | undefined;
  /** Checks that run side by side; as many as there are cores when absent. */
  jobs?: number | undefined;
  /** File to which the summary of a finished run is appended, for the page of a CI job. */
  jobSummary?: string | undefined;
}

/** How the caller hears of things, and how it ends what runs. */
export interface Caller {
  signal?: AbortSignal;
  notify?: Notify;
}

/** Everything that is wired together once a process. */
export interface Services {
  /** The project; the working directory where there is none. */
  project: Project;
  /** The project's folder. */
  root: string;
  library: Library;
  /** Starts commands that are models so that they see nothing of the project. */
  enclose: Enclose;
  state: StateFolder;
  /** Checks that run side by side. */
  jobs: number;
  /** What the pipeline needs for any answer. */
  grading: Grading;
  /** From which lots are drawn. It is of this process alone: no answer that was made before can know it. */
  lotsSecret: Uint8Array;
  /** Aborted by the caller or by `stop`. */
  signal: AbortSignal;
  /** Ends everything that runs, because going on is of no use. */
  stop(reason: unknown): void;
  notify: Notify;
  /** Tells of a `warning`. */
  warn(text: string): void;
  /** File for the summary of a finished run; null for none. */
  jobSummary: string | null;
  /** What the sandbox can stop here; tried once. */
  sandboxReport(): Promise<SandboxReport>;
}

/** A function that does its work once for each key. */
function oncePer<T>(keyOf: (value: T) => unknown, work: (value: T) => Promise<Record<string, string>>) {
  const results = new Map<unknown, Promise<Record<string, string>>>();
  return (value: T): Promise<Record<string, string>> => {
    const result = results.get(keyOf(value)) ?? work(value);
    results.set(keyOf(value), result);
    return result;
  };
}

function readJobs(jobs: number | undefined): number {
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0))
    throw new UsageError('--jobs: expected a whole number from 1, found something else.');
  return jobs ?? availableParallelism();
}

/** The project, and the usual folder of what outlives a run. Throws `UsageError` where a project is needed. */
async function openPlace(
  { folder = process.cwd(), projectless = false }: ServicesOptions,
  notify: Notify,
): Promise<{ project: Project; usualState: string }> {
  const project = await findProject(folder);
  if (project === null && !projectless) throw noProject(folder);
  notify({ kind: 'project', root: project?.root ?? null, configFile: project?.configFile ?? null });
  if (project === null) return { project: projectAt(resolve(folder)), usualState: userCache() };
  return { project, usualState: join(project.root, project.config.state) };
}

/** Where programs of a user keep what can be made again. */
function userCache(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(
    XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === '' ? join(homedir(), '.cache') : XDG_CACHE_HOME,
    'cupel',
  );
}

/**
 * Wires everything. Throws `UsageError` for options that cannot be used, and for a state folder that cannot be entered.
 */
export async function openServices(
  options: ServicesOptions = {},
  { signal: stopped, notify = () => {} }: Caller = {},
): Promise<Services> {
  const jobs = readJobs(options.jobs);
  const stopping = new AbortController();
  const signal = stopped === undefined ? stopping.signal : AbortSignal.any([stopped, stopping.signal]);
  setMaxListeners(0, signal); // one for each program that runs
  if (hostIdentity().dropped) process.umask(process.umask() & 0o022); // another user reads what programs start from
  const temporary = await ownTemporaryFolder();
  const { project, usualState } = await openPlace(options, notify);
  const { root } = project;
  const state = await openStateFolder(usualState, options, notify, signal);
  const gateway = new Gateway(temporary, async () => new Downloads(await state.layers.ownFolder('downloads')));
  const kit: Kit = { sandbox: withWholeLayers(new Bubblewrap(gateway), state.layers), layers: state.layers, signal };
  let sandboxReport: Promise<SandboxReport> | null = null;
  return {
    project,
    root,
    library: new Library(project, options.dialect),
    enclose: encloser({ root, others: [state.folder, ...(home === root ? [] : [home]), ...foldersThatTell(project)] }),
    state,
    jobs,
    grading: {
      kit,
      runners,
      sharedChecks,
      lanes: new Lanes(jobs, memoryForChecks()),
      cache: state.verdicts,
      layOut,
      hash: hashOf,
      graderKey: await graderKey(home),
      tools: oncePer(
        ({ language }: Runner) => language,
        (runner) => runner.prepare(kit),
      ),
      trouble: () => diskTrouble([state.folder, temporary]),
    },
    lotsSecret: randomBytes(32),
    signal,
    stop: (reason) => stopping.abort(reason),
    notify,
    warn: (text) => notify({ kind: 'warning', text }),
    jobSummary: options.jobSummary ?? null,
    sandboxReport: () => (sandboxReport ??= kit.sandbox.probe()),
  };
}

/** What the sandbox can stop here. Throws `SandboxError` when there is none: nothing of an answer is run then. */
export async function requireSandbox(services: Services): Promise<SandboxReport> {
  const report = await services.sandboxReport();
  if (report.level === 'none')
    throw new SandboxError(
      `no sandbox, so nothing can be graded here: ${report.problems.join('; ')}. See cupel doctor.`,
    );
  return report;
}
