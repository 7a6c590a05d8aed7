import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import type { Results } from '../../domain/runs/run.ts';
import type { RunFiles } from '../../ports/reporter.ts';
import { pageAssets } from './assets.ts';
import type { Excerpts } from './data.ts';
import { excerptsOf, filesToRead } from './excerpt.ts';
import { htmlReport } from './page.ts';

/**
 * The page of a run, with excerpts of the answers and files that the run kept; one cell's texts are in memory at a
 * time.
 */
export async function htmlOfRun(results: Results, run: RunFiles, catalog: CheckCatalog): Promise<string> {
  const excerpts: Excerpts[] = [];
  for (const grade of results.grades) excerpts.push(excerptsOf(grade, await run.texts(grade.cell, filesToRead(grade))));
  return htmlReport(results, excerpts, await pageAssets('run'), catalog);
}
