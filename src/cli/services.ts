import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { availableParallelism, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { readFile, readdir } from 'node:fs/promises';
import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import { checkIdText } from '../domain/grading/check-id.ts';
import type { Manifest } from '../domain/runs/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { Kit, Runner } from '../ports/runner.ts';
import type { SandboxReport } from '../ports/sandbox.ts';
import { SandboxError } from '../ports/sandbox.ts';
import type { AnswerEffects, Grading } from '../stages/5-check/effects.ts';
import { Bubblewrap } from '../sandbox/bubblewrap.ts';
import { hostIdentity, unreachableAt } from '../sandbox/identity.ts';
import { Lanes } from '../stages/5-check/lanes.ts';
import { hashOf, sha256 } from '../store/files/hash.ts';
import { Library, findRoot } from '../store/inputs/library.ts';
import { diskHistory } from '../store/state/history.ts';
import { diskLayers, withWholeLayers } from '../store/state/layers.ts';
import { prune } from '../store/state/prune.ts';
import { answerResolutions } from '../store/state/resolutions.ts';
import type { AnswerResolutions } from '../store/state/resolutions.ts';
import { diskTrouble, stateFolder } from '../store/state/state.ts';
import type { State } from '../store/state/state.ts';
import { readSize, sizeText } from '../store/state/size.ts';
import { ownTemporaryFolder } from '../store/state/temporary.ts';
import { diskVerdicts, noVerdicts } from '../store/state/verdict-cache.ts';
import { layOut } from '../sandbox/workspace.ts';
import { runners } from '../../runners/index.ts';
import { sharedChecks } from './checks.ts';
import { Forecast } from './forecast.ts';
import { home } from './home.ts';
import { drawnFrom, lotsOf } from './lots.ts';

/** Options that every grading command has. */
export interface GradingOptions {
  state?: string | undefined;
  jobs?: number | undefined;
  cache: boolean;
  stateSize?: string | undefined;
}

/** Everything that is wired together once a process. */
export interface Services {
  root: string;
  library: Library;
  state: State;
  /** What the pipeline needs for any answer. */
  grading: Grading;
  signal: AbortSignal;
  sandboxReport(): Promise<SandboxReport>;
  /** The effects for one answer; `resolutions` fills while it is checked. */
  cellEffects(
    cell: Cell,
    answer: Answer,
    besides: string | null,
    reporter: Reporter,
    lots?: string | null,
  ): Promise<{ effects: AnswerEffects; resolutions: AnswerResolutions; lots: string }>;
  machine(): Manifest['machine'];
  /** Stops everything that runs, because going on is of no use. */
  abandon(reason: unknown): void;
  /** Tells people of damage, or of what is to be done. */
  note(text: string): void;
  /** Foretells how long cells will take whose languages are known. */
  forecast(cells: readonly { cell: Cell; languages: readonly string[] }[]): Forecast;
  /** Keeps what was learnt, and removes from the state folder what is over its size, if it has grown or its size was given. */
  tidy(): Promise<void>;
}

/** What decides a verdict: these folders, whole. Tests and fixtures are elsewhere. */
const deciding = ['runners', 'src/domain/grading', 'src/ports', 'src/formats', 'src/sandbox', 'src/stages'];

/** Hash of the code that decides verdicts, and of the packages that it reads answers with. */
async function graderHash(root: string): Promise<string> {
  const folders = await Promise.all(
    deciding.map((part) => readdir(join(root, part), { recursive: true, withFileTypes: true })),
  );
  const paths = folders
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return hashOf(
    await Promise.all(
      ['package-lock.json', ...paths].toSorted().map(async (path) => [path, sha256(await readFile(join(root, path)))]),
    ),
  );
}

/** A line beside the results, also while a live line is drawn. */
function say(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
}

/** Damage, and what is waited for. */
const note = (text: string): void => say(`cupel: ${text}`);
/** Layers are made once and take a while: say so, that nobody wonders. */
const making = (name: string): void => say(`setting up ${name} (once)`);

/** MiB for the programs of all checks together: most of what the machine has, or of what our control group may use. */
function memoryForChecks(): number {
  const bound = process.constrainedMemory(); // 0, or more than there is, when nothing binds us
  return (0.8 * Math.min(totalmem(), bound > 0 ? bound : totalmem())) / 1024 / 1024;
}

/** Wires everything. Throws `UsageError` for a folder that is no project or a state that cannot be used. */
export async function services(options: GradingOptions, stopped: AbortSignal): Promise<Services> {
  if (options.jobs !== undefined && !(Number.isInteger(options.jobs) && options.jobs > 0)) {
    throw new UsageError('--jobs: expected a whole number from 1, found something else.');
  }
  const abandoned = new AbortController();
  const signal = AbortSignal.any([stopped, abandoned.signal]);
  setMaxListeners(0, signal); // one for each program that runs
  if (hostIdentity().dropped) process.umask(process.umask() & 0o022); // another user reads what programs start from
  const temporary = await ownTemporaryFolder();
  const root = findRoot(process.cwd(), home);
  const library = new Library(root);
  const state = stateFolder(root, options.state ?? null, unreachableAt);
  const most = readSize(options.stateSize ?? '10GB', '--state-size');
  const layers = diskLayers(state.folder, { making, note }, signal);
  const kit: Kit = { sandbox: withWholeLayers(new Bubblewrap(), layers), layers, signal };
  const jobs = options.jobs ?? availableParallelism();
  const history = await diskHistory(state.folder);
  const cache = options.cache ? diskVerdicts(state.folder, note) : noVerdicts;
  const prepared = new Map<string, Promise<Record<string, string>>>();
  let probed: Promise<SandboxReport> | null = null;

  const tools = (runner: Runner): Promise<Record<string, string>> => {
    const made = prepared.get(runner.language) ?? runner.prepare(kit);
    prepared.set(runner.language, made);
    return made;
  };
  const secret = randomBytes(32); // of this process alone: no answer that was made before can know it
  const grading: Grading = {
    kit,
    runners,
    sharedChecks,
    lanes: new Lanes(jobs, memoryForChecks()),
    cache,
    layOut,
    hash: hashOf,
    graderKey: await graderHash(home),
    tools,
    trouble: () => diskTrouble([state.folder, temporary]),
  };
  /** Seconds of the checks of a cell, as far as they are known. */
  const expectedChecks = (cell: Cell, languages: readonly string[]): Record<string, number> => {
    const ids = runners
      .filter(({ language }) => languages.includes(language))
      .flatMap(({ language, checks }) =>
        [...checks, ...sharedChecks.everyLanguage].map(({ name }) => checkIdText({ language, name, root: null })),
      );
    return Object.fromEntries(ids.map((id) => [id, history.expected(cell.scenario, id)?.seconds ?? 0]));
  };
  return {
    root,
    library,
    state,
    grading,
    signal,
    note,
    abandon: (reason) => abandoned.abort(reason),
    sandboxReport: () => (probed ??= kit.sandbox.probe()),
    forecast: (cells) =>
      new Forecast(
        jobs,
        cells.map(({ cell, languages }) => ({ cell, checks: expectedChecks(cell, languages) })),
      ),
    async tidy() {
      try {
        await history.save();
        if (options.stateSize === undefined && !layers.grown() && !cache.grown()) return;
        const pruned = await prune(state.folder, most);
        if (pruned === null || pruned.after <= most) return;
        note(
          `${state.folder} takes ${sizeText(pruned.after)}, more than ${sizeText(most)} (--state-size): the rest is in use, or cannot be made again`,
        );
      } catch (error) {
        note(`${state.folder} could not be tidied: ${(error as Error).message}`); // the run is done, whatever comes of this
      }
    },
    machine: () => ({
      platform: process.platform,
      arch: process.arch,
      cores: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 1024 / 1024),
    }),
    async cellEffects(cell, answer, besides, reporter, earlierLots = null) {
      const lots = earlierLots ?? lotsOf(secret, cell);
      const resolutions = await answerResolutions(answer.text, {
        state: state.folder,
        besides,
        committed: (hash) => library.resolution(hash),
        note,
      });
      const effects: AnswerEffects = {
        grading,
        draw: (purpose) => drawnFrom(lots, purpose),
        resolutions,
        history: {
          expected: (id) => history.expected(cell.scenario, id),
          learn: (id, used) => history.learn(cell.scenario, id, used),
        },
        listener: {
          checkStarted: (id) => reporter.checkStarted?.(cell, id),
          checkEnded: (result, cached) => reporter.checkEnded?.(cell, result, cached),
          extracted: () => Promise.resolve(),
        },
      };
      return { effects, resolutions, lots };
    },
  };
}

/** Ends a command that cannot grade here: without a sandbox nothing of an answer is run. */
export async function requireSandbox(wired: Services): Promise<SandboxReport> {
  const report = await wired.sandboxReport();
  if (report.level === 'none')
    throw new SandboxError(
      `no sandbox, so nothing can be graded here: ${report.problems.join('; ')}. See cupel doctor.`,
    );
  return report;
}
