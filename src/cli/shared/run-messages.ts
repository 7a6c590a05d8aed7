import type { AbsoluteGate } from '../../domain/runs/absolute.ts';
import type { Results } from '../../domain/runs/run.ts';
import { counted } from '../../formats/words.ts';
import type { RunUsage } from '../../app/run.ts';
import { resumeCommand } from './notices.ts';
import { printMessage } from './print.ts';

/** What the answers of a run cost; nothing is printed where no model was asked. */
export function printUsage({ asked, cached, tokens, costUsd, unpriced }: RunUsage): void {
  if (asked + cached + tokens + costUsd === 0) return;
  const unknown = unpriced === 0 ? '' : ` and the unknown cost of ${counted(unpriced, 'call')}`;
  process.stderr.write(
    `${counted(asked, 'answer')} asked for, ${cached} known already; the run has used ${tokens} tokens and ` +
      `$${costUsd.toFixed(4)}${unknown}, calls without a known end counted in full\n`,
  );
}

/** Prints how many answers are missing, for each reason, and how to go on. */
export function printUnanswered({ run, grades }: Results): void {
  const reasons = new Map<string, number>();
  for (const { checks } of grades) {
    const missing = checks.find(({ id, status }) => id === 'answer/received' && status === 'errored');
    if (missing !== undefined) reasons.set(missing.reason ?? '', (reasons.get(missing.reason ?? '') ?? 0) + 1);
  }
  for (const [reason, count] of reasons) printMessage(`${counted(count, 'answer')} could not be had: ${reason}`);
  const command = reasons.size === 0 ? null : resumeCommand(run.id);
  if (command !== null) printMessage(`the answers and grades so far are kept; go on with: ${command}`);
}

/** What the absolute parts of a gate say, for a terminal. */
export function absoluteText({ met, rows }: AbsoluteGate): string {
  const signs = { met: '✓', 'not met': '✗', 'not enough data': '?' } as const;
  const lines = rows.map(({ outcome, of, text }) => `  ${signs[outcome]} ${of === '' ? '' : `${of}: `}${text}`);
  const open = rows.some(({ outcome }) => outcome === 'not enough data');
  const head = !met
    ? 'The gate of the run itself is not met.'
    : open
      ? 'The gate of the run itself is not decided: the status stays 0, for it does not ask for more data (gate: unsettled).'
      : 'The gate of the run itself is met.';
  return `${[head, ...lines].join('\n')}\n`;
}
