import { basename } from 'node:path';
import { cellKey, cellName } from '../domain/cell.ts';
import type { Answer } from '../domain/answer.ts';
import type { Cell } from '../domain/cell.ts';
import type { Grade } from '../domain/grade.ts';
import type { Fingerprint, Manifest, Results } from '../domain/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../contract/reporter.ts';
import type { CellEffects } from '../pipeline.ts';
import { hashOf, sha256 } from '../store/hash.ts';
import { RunStore } from '../store/run-store.ts';
import type { AnswerResolutions } from '../store/resolutions.ts';
import { requireSandbox } from './services.ts';
import type { Services } from './services.ts';

/** One cell to take to its grade. */
export interface CellJob {
  cell: Cell;
  /** Hashes of what the grade depends on before there is an answer. */
  planned: Pick<Fingerprint, 'request' | 'prompt' | 'scenario'>;
  /** `earlier` is the answer that an interrupted start of the run already has. */
  grade(answered: (answer: Answer) => Promise<CellEffects>, earlier: Answer | null): Promise<Grade>;
}

/** Cells that are on their way at the same time: enough to keep every lane busy, few enough for the disk. */
const CELLS_AT_ONCE = 8;

async function eachLimited<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

/** Tools of the languages that have cells; a language whose tools cannot be had says so in its checks. */
async function toolVersions(wired: Services, grades: readonly Grade[]): Promise<Record<string, string>> {
  const used = wired.runners.filter(({ language }) => grades.some(({ checks }) => checks.some(({ id }) => id.startsWith(`${language}/`))));
  const versions = await Promise.all(
    used.map(async (runner) => {
      try {
        return Object.entries(await wired.tools(runner));
      } catch {
        return [[runner.language, 'missing']] satisfies [string, string][];
      }
    }),
  );
  return Object.fromEntries(versions.flat());
}

function runId(suite: string | null): string {
  return `${new Date().toISOString().replaceAll(':', '-').replace(/\.(\d+)Z$/, '.$1')}-${suite ?? 'grade'}`;
}

/** A reporter whose faults cannot stop a run. */
function shielded(reporter: Reporter): Reporter {
  const safely =
    <A extends unknown[]>(hook: ((...values: A) => void) | undefined) =>
    (...values: A): void => {
      try {
        hook?.call(reporter, ...values);
      } catch (error) {
        process.stderr.write(`cupel: a reporter failed: ${String(error)}\n`);
      }
    };
  return {
    runStarted: safely(reporter.runStarted),
    checkStarted: safely(reporter.checkStarted),
    checkEnded: safely(reporter.checkEnded),
    cellEnded: safely(reporter.cellEnded),
    runEnded: safely(reporter.runEnded),
  };
}

type Graded = { grade: Grade; fingerprint: Fingerprint };

/** The grades of an earlier start that still hold: whole, measured, and of the same request, prompt, scenario and grader. */
async function takenOver(store: RunStore, wired: Services, jobs: readonly CellJob[], suite: string | null, growing: boolean): Promise<{ earlier: Manifest; grades: Map<string, Graded> }> {
  const earlier = await store.manifest();
  const same = (a: unknown, b: unknown): boolean => hashOf(a) === hashOf(b);
  const asked = new Set(jobs.map(({ cell }) => cellKey(cell)));
  const asBefore = growing ? earlier.cells.every((cell) => asked.has(cellKey(cell))) : same(earlier.cells, jobs.map(({ cell }) => cell));
  if (earlier.suite !== suite || !asBefore) {
    throw new UsageError(`run ${earlier.id}: expected the suite and the cells that it was started with, found others; resume it with the same words, or start anew.`);
  }
  const grades = new Map<string, Graded>();
  const known = await store.graded();
  for (const { cell, planned } of jobs) {
    const graded = known.get(cellKey(cell));
    if (graded === 'damaged') process.stderr.write(`cupel: the grade of ${cellName(cell)} is damaged; it is graded again\n`);
    if (graded === undefined || graded === 'damaged' || graded.grade.verdict === 'ungraded' || earlier.grader !== wired.grader) continue;
    const { request, prompt, scenario } = graded.fingerprint;
    if (same({ request, prompt, scenario }, planned)) grades.set(cellKey(cell), graded);
  }
  return { earlier, grades };
}

/** Takes cells to their grades, keeps every artifact, and renders the reports. `resume` goes on with an interrupted run, or, `growing`, with one that gets more cells. */
export async function execute(wired: Services, suite: string | null, jobs: readonly CellJob[], given: Reporter, resume?: string, growing = false): Promise<Results> {
  const sandbox = await requireSandbox(wired);
  const reporter = shielded(given);
  const store = new RunStore(wired.root, resume ?? runId(suite));
  const { earlier, grades } = resume === undefined ? { earlier: null, grades: new Map<string, Graded>() } : await takenOver(store, wired, jobs, suite, growing);
  const manifest: Manifest = {
    format: 1,
    id: earlier?.id ?? basename(store.folder),
    suite,
    startedAt: earlier?.startedAt ?? new Date().toISOString(),
    cells: jobs.map(({ cell }) => cell),
    grader: wired.grader,
    tools: {},
    sandbox: { driver: sandbox.driver, level: sandbox.level, version: sandbox.version },
    machine: wired.machine(),
  };
  const release = await store.start(manifest);
  reporter.runStarted?.(manifest);
  for (const { grade } of grades.values()) reporter.cellEnded?.(grade);
  try {
    return await gradeAll(wired, store, manifest, jobs.filter(({ cell }) => !grades.has(cellKey(cell))), grades, reporter);
  } finally {
    release();
  }
}

async function gradeAll(wired: Services, store: RunStore, manifest: Manifest, jobs: readonly CellJob[], grades: Map<string, Graded>, reporter: Reporter): Promise<Results> {
  await eachLimited(jobs, CELLS_AT_ONCE, async ({ cell, planned, grade }) => {
    const kept: { text: string; resolutions: AnswerResolutions | null } = { text: '', resolutions: null };
    const made = await grade(async (answer) => {
      await store.keepAnswer(cell, answer);
      const { effects, resolutions } = await wired.cellEffects(cell, answer, null, reporter);
      kept.text = answer.text;
      kept.resolutions = resolutions;
      return { ...effects, extracted: (files) => store.keepFiles(cell, files) };
    }, await store.earlierAnswer(cell));
    wired.signal.throwIfAborted();
    const { text, resolutions } = kept;
    await resolutions?.save();
    const resolved = resolutions?.all() ?? { answer: sha256(text), projects: {} };
    const dependencies = Object.fromEntries(Object.entries(resolved.projects).map(([project, files]) => [project, hashOf(files)]));
    const fingerprint: Fingerprint = { ...planned, answer: sha256(text), dependencies };
    await store.keepGrade(made, resolved, fingerprint);
    grades.set(cellKey(cell), { grade: made, fingerprint });
    reporter.cellEnded?.(made);
  });

  const ordered = manifest.cells.flatMap((cell) => grades.get(cellKey(cell)) ?? []);
  const all = ordered.map(({ grade }) => grade);
  const results: Results = {
    format: 1,
    run: { ...manifest, tools: await toolVersions(wired, all) },
    fingerprints: ordered.map(({ fingerprint }) => fingerprint),
    grades: all,
  };
  // Rendering is loaded when there is something to render: it takes no part in the start.
  const { allReports, appendSummary } = await import('./reports.ts');
  await store.finish(results, await allReports(results, store));
  await appendSummary(results);
  reporter.runEnded?.(results, { page: `${store.folder}/report.html`, report: `${store.folder}/report.md`, results: `${store.folder}/results.json` });
  return results;
}
