import { basename } from 'node:path';
import { cellKey } from '../domain/grading/cell.ts';
import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import { parseCheckId } from '../domain/grading/check-id.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Fingerprint, Manifest, Results } from '../domain/runs/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { AnswerEffects } from '../stages/5-check/effects.ts';
import { hashOf, sha256 } from '../store/files/hash.ts';
import type { Lock } from '../store/files/lock.ts';
import { RunStore } from '../store/runs/run-store.ts';
import type { Earlier } from '../store/runs/run-store.ts';
import type { AnswerResolutions } from '../store/state/resolutions.ts';
import { Slots } from '../providers/policies/concurrency.ts';
import { sayHowToResume } from './asked.ts';
import { requireSandbox } from './services.ts';
import type { Services } from './services.ts';

/** One cell to take to its grade. */
export interface CellJob {
  cell: Cell;
  /** What the grade depends on before there is an answer. */
  planned: Omit<Fingerprint, 'answer' | 'dependencies' | 'lots'>;
  /** Key from which lots were drawn when the answer was graded before; absent for a new one. */
  lots?: string | null;
  /** `earlier` is the answer that an interrupted start of the run already has. */
  grade(answered: (answer: Answer) => Promise<AnswerEffects>, earlier: Answer | null): Promise<Grade>;
}

/** Cells that are graded at the same time: enough to keep every lane busy, few enough for the disk. */
const GRADED_AT_ONCE = 8;

/** Cells that wait for their answers meanwhile; how many a service is asked for at once is its own policy. */
const CELLS_AT_ONCE = 256;

/** Works through items, so many at a time. The first failure stops all others (`abandon`), and is what it rejects with when they have ended. */
async function eachLimited<T>(
  items: readonly T[],
  limit: number,
  abandon: (reason: unknown) => void,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && failures.length === 0; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
        abandon(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Tools of the languages that have cells; a language whose tools cannot be had says so in its checks. */
async function toolVersions(wired: Services, grades: readonly Grade[]): Promise<Record<string, string>> {
  const used = wired.grading.runners.filter(({ language }) =>
    grades.some(({ checks }) => checks.some(({ id }) => parseCheckId(id).language === language)),
  );
  const versions = await Promise.all(
    used.map(async (runner) => {
      try {
        return Object.entries(await wired.grading.tools(runner));
      } catch {
        return [[runner.language, 'missing']] satisfies [string, string][];
      }
    }),
  );
  return Object.fromEntries(versions.flat());
}

function runId(suite: string | null): string {
  return `${new Date()
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.(\d+)Z$/, '.$1')}-${suite ?? 'grade'}`;
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

/** The grades of an earlier start that still hold: whole, measured, by the same grader and tools, and of what is planned now. */
async function takenOver(
  { manifest, grades }: Earlier,
  wired: Services,
  jobs: readonly CellJob[],
  suite: string | null,
  growing: boolean,
): Promise<Map<string, Graded>> {
  const same = (a: unknown, b: unknown): boolean => hashOf(a) === hashOf(b);
  const asked = new Set(jobs.map(({ cell }) => cellKey(cell)));
  const had = new Set(manifest.cells.map(cellKey));
  // A run that grew may have been stopped with more cells than it begins with, and grows again.
  const grows = [...had].every((key) => asked.has(key)) || [...asked].every((key) => had.has(key));
  const asBefore = growing
    ? grows
    : same(
        manifest.cells,
        jobs.map(({ cell }) => cell),
      );
  if (manifest.suite !== suite || !asBefore) {
    throw new UsageError(
      `run ${manifest.id}: expected the suite and the cells that it was started with, found others; resume it with the same words, or start anew.`,
    );
  }
  const taken = new Map<string, Graded>();
  for (const { cell, planned } of jobs) {
    const graded = grades.get(cellKey(cell));
    if (graded === undefined || graded.grade.verdict === 'ungraded' || manifest.grader !== wired.grading.graderKey)
      continue;
    const { answer: _answer, dependencies: _dependencies, lots: _lots, ...before } = graded.fingerprint;
    if (same(before, planned) && same(graded.tools, await toolVersions(wired, [graded.grade])))
      taken.set(cellKey(cell), graded);
  }
  return taken;
}

/** How a run begins. */
interface Beginning {
  /** The interrupted run to go on with. */
  resume?: string | undefined;
  /** Whether it may get more cells than it was started with. */
  growing?: boolean | undefined;
  /** Done when the run's folder is there and ours, before anything is asked. */
  begun?(folder: string): Promise<void>;
}

/** Takes cells to their grades, keeps every artifact, and renders the reports. */
export async function execute(
  wired: Services,
  suite: string | null,
  jobs: readonly CellJob[],
  given: Reporter,
  { resume, growing = false, begun }: Beginning = {},
): Promise<Results> {
  const sandbox = await requireSandbox(wired);
  const store = new RunStore(wired.root, resume ?? runId(suite), wired.note);
  let lock: Lock | null = null;
  try {
    lock = await store.take(resume !== undefined);
    const earlier = resume === undefined ? null : await store.earlier();
    const grades = earlier === null ? new Map<string, Graded>() : await takenOver(earlier, wired, jobs, suite, growing);
    const manifest: Manifest = {
      format: 1,
      id: basename(store.folder),
      suite,
      startedAt: earlier?.manifest.startedAt ?? new Date().toISOString(),
      cells: jobs.map(({ cell }) => cell),
      grader: wired.grading.graderKey,
      tools: {},
      sandbox: { driver: sandbox.driver, level: sandbox.level, version: sandbox.version },
      machine: wired.machine(),
    };
    await store.start(manifest);
    await begun?.(store.folder);
    return await gradeAll(wired, store, manifest, jobs, grades, shielded(given));
  } catch (error) {
    // What is written stays, whatever stopped us; a run that is not ours to touch has said so.
    if (!(error instanceof UsageError) && store.exists()) sayHowToResume(basename(store.folder));
    throw error;
  } finally {
    lock?.release();
    await wired.tidy();
  }
}

/** One cell: its answer, its files and its grade, each kept before the next is made. */
async function gradeCell(
  wired: Services,
  store: RunStore,
  { cell, planned, lots = null, grade }: CellJob,
  slots: Slots,
  reporter: Reporter,
): Promise<Graded> {
  const kept: { text: string; resolutions: AnswerResolutions | null; lots: string | null } = {
    text: '',
    resolutions: null,
    lots: null,
  };
  const asked = hashOf([planned.request, planned.settings]);
  const earlier = await store.earlierAnswer(cell, asked);
  let leave = (): void => {};
  try {
    const made = await grade(async (answer) => {
      if (earlier === null) await store.keepAnswer(cell, answer, asked);
      leave = await slots.take(wired.signal);
      const { effects, resolutions, lots: drawnFrom } = await wired.cellEffects(cell, answer, null, reporter, lots);
      kept.lots = drawnFrom;
      kept.text = answer.text;
      kept.resolutions = resolutions;
      return { ...effects, listener: { ...effects.listener, extracted: (files) => store.keepFiles(cell, files) } };
    }, earlier);
    wired.signal.throwIfAborted();
    const { text, resolutions } = kept;
    await resolutions?.save();
    const resolved = resolutions?.all() ?? { answer: sha256(text), projects: {} };
    const dependencies = Object.fromEntries(
      Object.entries(resolved.projects).map(([project, files]) => [project, hashOf(files)]),
    );
    const fingerprint: Fingerprint = { ...planned, answer: sha256(text), dependencies, lots: kept.lots };
    await store.keepGrade(made, resolved, fingerprint, await toolVersions(wired, [made]));
    return { grade: made, fingerprint };
  } finally {
    leave();
  }
}

async function gradeAll(
  wired: Services,
  store: RunStore,
  manifest: Manifest,
  jobs: readonly CellJob[],
  grades: Map<string, Graded>,
  reporter: Reporter,
): Promise<Results> {
  reporter.runStarted?.(manifest);
  for (const { grade } of grades.values()) reporter.cellEnded?.(grade);
  const open = jobs.filter(({ cell }) => !grades.has(cellKey(cell)));
  const slots = new Slots(GRADED_AT_ONCE);
  await eachLimited(open, CELLS_AT_ONCE, wired.abandon, async (job) => {
    const graded = await gradeCell(wired, store, job, slots, reporter);
    grades.set(cellKey(job.cell), graded);
    reporter.cellEnded?.(graded.grade);
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
  reporter.runEnded?.(results, {
    page: `${store.folder}/report.html`,
    report: `${store.folder}/report.md`,
    results: `${store.folder}/results.json`,
  });
  return results;
}
