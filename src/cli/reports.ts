import { appendFile } from 'node:fs/promises';
import type { Results } from '../domain/runs/run.ts';
import { githubSummary } from '../reporters/github.ts';
import { pageAssets } from '../reporters/html/assets.ts';
import { excerptsOf, filesToRead } from '../reporters/html/excerpt.ts';
import type { Excerpts } from '../reporters/html/data.ts';
import { htmlReport } from '../reporters/html/page.ts';
import { junitReport } from '../reporters/junit.ts';
import { markdownReport } from '../reporters/markdown.ts';
import type { RunStore } from '../store/runs/run-store.ts';
import { catalog } from './checks.ts';

/** The page of a run, with excerpts of the answers and files that the run kept; one cell's texts are in memory at a time. */
export async function htmlOf(results: Results, store: RunStore): Promise<string> {
  const excerpts: Excerpts[] = [];
  for (const grade of results.grades)
    excerpts.push(excerptsOf(grade, await store.texts(grade.cell, filesToRead(grade))));
  return htmlReport(results, excerpts, await pageAssets('run'), catalog);
}

/** Every report that stands in the folder of a run, by file name. One that cannot be rendered is said and left out: it stops no run. */
export async function allReports(results: Results, store: RunStore): Promise<Record<string, string>> {
  const reports: Readonly<Record<string, () => string | Promise<string>>> = {
    'report.md': () => markdownReport(results, catalog),
    'report.html': () => htmlOf(results, store),
    'junit.xml': () => junitReport(results, catalog),
  };
  const made: Record<string, string> = {};
  for (const [name, render] of Object.entries(reports)) {
    try {
      made[name] = await render();
    } catch (error) {
      process.stderr.write(`cupel: ${name} could not be rendered: ${String(error)}\n`);
    }
  }
  return made;
}

/** Adds the summary of a run to that of the GitHub job that we run in; false where there is none. A summary that cannot be written stops nothing. */
export async function appendSummary(results: Results): Promise<boolean> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return false;
  try {
    await appendFile(path, `${githubSummary(results)}\n`);
    return true;
  } catch (error) {
    process.stderr.write(`cupel: expected to append to GITHUB_STEP_SUMMARY, found: ${String(error)}\n`);
    return false;
  }
}
