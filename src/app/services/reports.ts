import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison } from '../../domain/runs/comparison.ts';
import type { Results } from '../../domain/runs/run.ts';
import type { Report, Reporter, RunFiles } from '../../ports/reporter.ts';
import { comparisonReporters, reporters } from '../../reporters/index.ts';
import type { ComparisonFormat, ReportFormat } from '../../reporters/index.ts';
import { catalog } from './checks.ts';

/** Bytes of answers that a comparison's page embeds, to be read side by side. */
const ANSWER_BYTES = 3_000_000;

/** A run in one format. */
export function renderRun(format: ReportFormat, results: Results, run: RunFiles): Promise<Report> {
  return reporters[format].render(results, run, catalog);
}

/**
 * Every report that stands in the folder of a run, by file name. One that cannot be rendered is left out: it stops no
 * run.
 */
export async function allReports(
  results: Results,
  run: RunFiles,
  warn: (text: string) => void = () => {},
): Promise<Record<string, string>> {
  const reports: Record<string, string> = {};
  for (const { file, render } of Object.values<Reporter>(reporters)) {
    if (file === undefined) continue;
    try {
      reports[file] = (await render(results, run, catalog)).text;
    } catch (error) {
      warn(`${file} could not be rendered: ${String(error)}`);
    }
  }
  return reports;
}

/** Where the summary of a CI job goes, and who hears that it could not. */
export interface JobSummary {
  /** The file that a job's summary page is made from; null outside of a job. */
  jobSummary: string | null;
  warn(text: string): void;
}

/** Adds a text to the summary of the CI job that we run in; false where there is none. A failure stops nothing. */
export async function appendToJobSummary(text: string, { jobSummary, warn }: JobSummary): Promise<boolean> {
  if (jobSummary === null) return false;
  try {
    await appendFile(jobSummary, `${text}\n`);
    return true;
  } catch (error) {
    warn(`expected to append to GITHUB_STEP_SUMMARY, found: ${String(error)}`);
    return false;
  }
}

/** Adds a finished run to the summary of the CI job that we run in, where there is one. */
export async function addJobSummary(results: Results, run: RunFiles, place: JobSummary): Promise<void> {
  if (place.jobSummary === null) return;
  const { jobSummary } = await renderRun('github', results, run);
  if (jobSummary !== undefined) await appendToJobSummary(jobSummary, place);
}

/**
 * The texts of compared answers, by `<run>/<cell key>`: those of the scenarios that stand first, as far as there is
 * room.
 */
async function answersOf(root: string, { rows, base, head }: Comparison): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let room = ANSWER_BYTES;
  const read = (run: string, key: string): Promise<string | null> =>
    readFile(join(root, 'reports', 'runs', run, 'answers', `${key}.md`), 'utf8').catch(() => null);
  for (const { baseCells, headCells } of rows) {
    const answers = [
      ...baseCells.map(({ key }) => [base.run, key] as const),
      ...headCells.map(({ key }) => [head.run, key] as const),
    ];
    for (const [run, key] of answers) {
      const text = await read(run, key);
      if (text === null || (room -= text.length) < 0) continue;
      texts.set(`${run}/${key}`, text);
    }
    if (room < 0) break;
  }
  return texts;
}

/** A comparison in one format. */
export function renderComparison(format: ComparisonFormat, comparison: Comparison, root: string): Promise<string> {
  return comparisonReporters[format].render(comparison, () => answersOf(root, comparison));
}
