import type { Results } from '../domain/run.ts';
import { counted } from '../formats/words.ts';
import type { Account } from '../providers/policies/budget.ts';
import type { Models } from './models.ts';

/** What the answers of a run cost; nothing is said where nobody was asked. */
export function sayPaid({ tally }: Models, { spent, unpriced }: Account): void {
  if (tally.asked + tally.cached + spent.tokens + spent.costUsd === 0) return;
  const cost = unpriced === 0 ? `$${spent.costUsd.toFixed(4)}` : `$${spent.costUsd.toFixed(4)} and the unknown cost of ${counted(unpriced, 'call')}`;
  process.stderr.write(`${counted(tally.asked, 'answer')} asked for, ${tally.cached} known already; the run has used ${spent.tokens} tokens and ${cost}, calls without a known end counted in full\n`);
}

/** Answers that are missing, each reason once. */
export function sayUnanswered({ grades }: Results): void {
  const reasons = new Map<string, number>();
  for (const { checks } of grades) {
    const missing = checks.find(({ id, status }) => id === 'answer/received' && status === 'errored');
    if (missing !== undefined) reasons.set(missing.reason ?? '', (reasons.get(missing.reason ?? '') ?? 0) + 1);
  }
  for (const [reason, count] of reasons) process.stderr.write(`cupel: ${counted(count, 'answer')} could not be had: ${reason}\n`);
}
