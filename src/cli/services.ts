import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { readFile, readdir } from 'node:fs/promises';
import type { Answer } from '../domain/answer.ts';
import type { Cell } from '../domain/cell.ts';
import type { Manifest } from '../domain/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../contract/reporter.ts';
import type { Kit, Runner } from '../contract/runner.ts';
import type { SandboxReport } from '../contract/sandbox.ts';
import { SandboxError } from '../contract/sandbox.ts';
import type { CellEffects } from '../pipeline.ts';
import { Bubblewrap } from '../sandbox/bubblewrap.ts';
import { unreachableAt } from '../sandbox/identity.ts';
import { Lanes } from '../stages/4-check/lanes.ts';
import { hashOf } from '../store/hash.ts';
import { Library, findRoot } from '../store/library.ts';
import type { KeptResolution } from '../store/library.ts';
import { diskLayers } from '../store/layers.ts';
import { answerResolutions } from '../store/resolutions.ts';
import type { AnswerResolutions } from '../store/resolutions.ts';
import { stateFolder } from '../store/state.ts';
import type { State } from '../store/state.ts';
import { diskVerdicts, noVerdicts } from '../store/verdict-cache.ts';
import { layOut } from '../store/workspace.ts';
import { runners } from '../../runners/index.ts';
import { home } from './home.ts';

/** Options that every grading command has. */
export interface GradingOptions {
  state?: string | undefined;
  jobs?: number | undefined;
  cache: boolean;
}

/** Everything that is wired together once a process. */
export interface Services {
  root: string;
  library: Library;
  state: State;
  kit: Kit;
  runners: readonly Runner[];
  grader: string;
  signal: AbortSignal;
  sandboxReport(): Promise<SandboxReport>;
  /** A runner's tools, made ready once; rejects with what is missing. */
  tools(runner: Runner): Promise<Record<string, string>>;
  /** The effects for one answer; `resolutions` fills while it is checked. */
  cellEffects(cell: Cell, answer: Answer, besides: string | null, reporter: Reporter): Promise<{ effects: CellEffects; resolutions: AnswerResolutions }>;
  machine(): Manifest['machine'];
}

/** Shapes of comparisons: they have no say in a grade. */
const noSay = ['comparison.ts', 'gate.ts', 'suite.ts', 'summary.ts'].map((name) => join('src', 'domain', name));

/** Hash of the code that decides verdicts: runners, sandbox, formats, stages. */
async function graderHash(root: string): Promise<string> {
  const parts = ['runners', 'src/domain', 'src/contract', 'src/formats', 'src/sandbox', 'src/stages'];
  const folders = await Promise.all(parts.map((part) => readdir(join(root, part), { recursive: true, withFileTypes: true })));
  const files = folders.flat().filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.parentPath.endsWith('conformance')).map((entry) => join(entry.parentPath, entry.name)).filter((file) => !noSay.some((path) => file.endsWith(path)));
  return hashOf(await Promise.all(files.toSorted().map(async (file) => [file.slice(root.length), await readFile(file, 'base64')])));
}

/** Layers are made once and take a while: say so, that nobody wonders. */
function sayMaking(name: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}setting up ${name} (once)\n`);
}

/** Wires everything. Throws `UsageError` for a folder that is no project or a state that cannot be used. */
export async function services(options: GradingOptions, signal: AbortSignal): Promise<Services> {
  if (options.jobs !== undefined && !(Number.isInteger(options.jobs) && options.jobs > 0)) {
    throw new UsageError('--jobs: expected a whole number from 1, found something else.');
  }
  const root = findRoot(process.cwd(), home);
  const library = new Library(root);
  const state = stateFolder(root, options.state ?? null, unreachableAt);
  const kit: Kit = { sandbox: new Bubblewrap(), layers: diskLayers(state.folder, sayMaking), signal };
  const grader = await graderHash(home);
  const lanes = new Lanes(options.jobs ?? availableParallelism());
  const cache = options.cache ? diskVerdicts(state.folder) : noVerdicts;
  const prepared = new Map<string, Promise<Record<string, string>>>();
  let committed: Promise<Map<string, KeptResolution>> | null = null;
  let probed: Promise<SandboxReport> | null = null;

  const tools = (runner: Runner): Promise<Record<string, string>> => {
    const made = prepared.get(runner.language) ?? runner.prepare(kit);
    prepared.set(runner.language, made);
    return made;
  };
  return {
    root,
    library,
    state,
    kit,
    runners,
    grader,
    signal,
    tools,
    sandboxReport: () => (probed ??= kit.sandbox.probe()),
    machine: () => ({ platform: process.platform, arch: process.arch, cores: availableParallelism(), memoryMiB: Math.round(totalmem() / 1024 / 1024) }),
    async cellEffects(cell, answer, besides, reporter) {
      committed ??= library.resolutions();
      const resolutions = await answerResolutions(answer.text, { state: state.folder, besides, committed: await committed });
      const effects: CellEffects = {
        ...kit,
        runners,
        lanes,
        cache,
        layOut,
        hash: hashOf,
        grader,
        tools,
        resolution: (project) => resolutions.get(project),
        keepResolution: (project, resolution) => resolutions.keep(project, resolution),
        started: (id) => reporter.checkStarted?.(cell, id),
        ended: (result, cached) => reporter.checkEnded?.(cell, result, cached),
        extracted: () => Promise.resolve(),
      };
      return { effects, resolutions };
    },
  };
}

/** Ends a command that cannot grade here: without a sandbox nothing of an answer is run. */
export async function requireSandbox(wired: Services): Promise<SandboxReport> {
  const report = await wired.sandboxReport();
  if (report.level === 'none') throw new SandboxError(`no sandbox, so nothing can be graded here: ${report.problems.join('; ')}. See cupel doctor.`);
  return report;
}
