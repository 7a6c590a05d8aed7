import { quote } from 'shell-quote';
import type { Results } from '../domain/runs/run.ts';
import { counted } from '../formats/words.ts';
import type { Account } from '../providers/policies/budget.ts';
import type { Models } from './models.ts';

/** What the answers of a run cost; nothing is said where nobody was asked. */
export function sayPaid({ tally }: Models, { spent, unpriced }: Account): void {
  if (tally.asked + tally.cached + spent.tokens + spent.costUsd === 0) return;
  const cost =
    unpriced === 0
      ? `$${spent.costUsd.toFixed(4)}`
      : `$${spent.costUsd.toFixed(4)} and the unknown cost of ${counted(unpriced, 'call')}`;
  process.stderr.write(
    `${counted(tally.asked, 'answer')} asked for, ${tally.cached} known already; the run has used ${spent.tokens} tokens and ${cost}, calls without a known end counted in full\n`,
  );
}

/** Says with which words a run that ends early goes on; only `cupel run` can. */
export function sayHowToResume(id: string): void {
  const words = process.argv.slice(2);
  if (words[0] !== 'run') return;
  const at = words.indexOf('--resume');
  if (at !== -1) words.splice(at, 2);
  process.stderr.write(`cupel: what came is kept; go on with: ${quote(['npx', 'cupel', ...words, '--resume', id])}\n`);
}

/** Answers that are missing, each reason once, and how to go on. */
export function sayUnanswered({ run, grades }: Results): void {
  const reasons = new Map<string, number>();
  for (const { checks } of grades) {
    const missing = checks.find(({ id, status }) => id === 'answer/received' && status === 'errored');
    if (missing !== undefined) reasons.set(missing.reason ?? '', (reasons.get(missing.reason ?? '') ?? 0) + 1);
  }
  for (const [reason, count] of reasons)
    process.stderr.write(`cupel: ${counted(count, 'answer')} could not be had: ${reason}\n`);
  if (reasons.size > 0) sayHowToResume(run.id);
}
