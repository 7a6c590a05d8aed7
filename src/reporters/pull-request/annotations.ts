import type { PullReport } from '../../domain/runs/pull-request.ts';
import { commandData, commandProperty } from '../github.ts';
import { harmless } from '../harmless.ts';

/**
 * Workflow commands for suites whose gate is not met, or that could not be measured: at the files that the change
 * touches, as `fileOf` knows them in the repository, and without a place where there are none.
 */
export function pullAnnotations(
  reports: readonly PullReport[],
  fileOf: (touched: PullReport['touched'][number], suite: string) => string | null,
): string {
  const lines = reports.flatMap(({ suite, status, gateMet, touched, reasons }) => {
    const kind = gateMet === false ? 'error' : status === 'could not measure' ? 'warning' : null;
    if (kind === null) return [];
    const files = [...new Set(touched.flatMap((one) => fileOf(one, suite) ?? []))].slice(0, 5);
    const message = commandData(harmless(reasons[0] ?? status, 500));
    const title = `title=${commandProperty(harmless(`Cupel ${suite}: ${status}`, 200))}`;
    return files.length === 0
      ? [`::${kind} ${title}::${message}\n`]
      : files.map((file) => `::${kind} file=${commandProperty(file)},line=1,${title}::${message}\n`);
  });
  return lines.join('');
}
