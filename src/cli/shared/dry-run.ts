import type { DryRun, ModelEstimate } from '../../app/dry-run.ts';
import { outlookText } from '../../compare/sight.ts';

function estimateText(model: string, estimate: ModelEstimate): string {
  const { cells, known, pending, calls, atMost, unknown, priceDate } = estimate;
  if (model === 'recorded') return `${model}: ${cells} cells, replayed`;
  const cost = atMost.costUsd === null ? 'cost unknown' : `at most $${atMost.costUsd.toFixed(2)}`;
  const tokens = atMost.tokens === null ? 'size unknown' : `at most ${atMost.tokens} tokens`;
  const waiting = pending === 0 ? '' : `, ${pending} in a batch`;
  const prices = priceDate === null ? '' : ` (prices of ${priceDate})`;
  const why = unknown === null ? '' : `\n  ${unknown}`;
  return `${model}: ${cells} cells, ${known} known${waiting}, ${calls} calls: ${cost}, ${tokens}${prices}${why}`;
}

/** A dry run for people. */
export function dryRunText({ models, outlook, ...planned }: DryRun): string {
  const lines = Object.entries(models).map(([model, estimate]) => estimateText(model, estimate));
  const note = 'Each call is counted once; one that breaks off may be paid and repeated. --budget is never exceeded.';
  if (Object.values(models).some(({ calls }) => calls > 0)) lines.push(note);
  return `${[...lines, outlookText(planned, outlook)].join('\n')}\n`;
}
