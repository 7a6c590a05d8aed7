import type { Results } from '../../domain/runs/run.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import type { RunStore } from '../../store/runs/run-store.ts';
import type { Services } from '../services/services.ts';

/** Writes the results and the reports of a run whose cells are all graded, and tells the listener. */
export async function publish(
  services: Pick<Services, 'warn' | 'jobSummary'>,
  store: RunStore,
  results: Results,
  listener: RunListener,
): Promise<void> {
  // Rendering is loaded when there is something to render: it takes no part in the start.
  const { allReports, addJobSummary } = await import('../services/reports.ts');
  await store.finish(results, await allReports(results, store, services.warn));
  await addJobSummary(results, store, services);
  listener.runEnded?.(results, {
    page: `${store.folder}/report.html`,
    report: `${store.folder}/report.md`,
    results: `${store.folder}/results.json`,
  });
}
