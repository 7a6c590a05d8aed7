import { cellKey } from '../domain/cell.ts';
import type { Answer } from '../domain/answer.ts';
import type { Cell } from '../domain/cell.ts';
import type { Grade } from '../domain/grade.ts';
import type { Fingerprint, Manifest, Results } from '../domain/run.ts';
import type { Reporter } from '../contract/reporter.ts';
import type { CellEffects } from '../pipeline.ts';
import { markdownReport } from '../reporters/markdown.ts';
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
  grade(answered: (answer: Answer) => Promise<CellEffects>): Promise<Grade>;
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

/** Takes cells to their grades, keeps every artifact, and renders the reports. */
export async function execute(wired: Services, suite: string | null, jobs: readonly CellJob[], given: Reporter): Promise<Results> {
  const sandbox = await requireSandbox(wired);
  const reporter = shielded(given);
  const manifest: Manifest = {
    format: 1,
    id: runId(suite),
    suite,
    startedAt: new Date().toISOString(),
    cells: jobs.map(({ cell }) => cell),
    grader: wired.grader,
    tools: {},
    sandbox: { driver: sandbox.driver, level: sandbox.level, version: sandbox.version },
    machine: wired.machine(),
  };
  const store = new RunStore(wired.root, manifest.id);
  await store.start(manifest);
  reporter.runStarted?.(manifest);
  const grades = new Map<string, { grade: Grade; fingerprint: Fingerprint }>();

  await eachLimited(jobs, CELLS_AT_ONCE, async ({ cell, planned, grade }) => {
    const kept: { text: string; resolutions: AnswerResolutions | null } = { text: '', resolutions: null };
    const made = await grade(async (answer) => {
      await store.keepAnswer(cell, answer);
      const { effects, resolutions } = await wired.cellEffects(cell, answer, null, reporter);
      kept.text = answer.text;
      kept.resolutions = resolutions;
      return { ...effects, extracted: (files) => store.keepFiles(cell, files) };
    });
    wired.signal.throwIfAborted();
    const { text, resolutions } = kept;
    await resolutions?.save();
    const resolved = resolutions?.all() ?? { answer: sha256(text), projects: {} };
    await store.keepGrade(made, resolved);
    const dependencies = Object.fromEntries(Object.entries(resolved.projects).map(([project, files]) => [project, hashOf(files)]));
    grades.set(cellKey(cell), { grade: made, fingerprint: { ...planned, answer: sha256(text), dependencies } });
    reporter.cellEnded?.(made);
  });

  const ordered = jobs.flatMap(({ cell }) => grades.get(cellKey(cell)) ?? []);
  const all = ordered.map(({ grade }) => grade);
  const results: Results = {
    format: 1,
    run: { ...manifest, tools: await toolVersions(wired, all) },
    fingerprints: ordered.map(({ fingerprint }) => fingerprint),
    grades: all,
  };
  await store.finish(results, { 'report.md': markdownReport(results) });
  reporter.runEnded?.(results, { results: `${store.folder}/results.json`, report: `${store.folder}/report.md` });
  return results;
}
