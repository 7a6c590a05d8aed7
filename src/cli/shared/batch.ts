import { collectBatches, submitBatches, waitForBatches } from '../../app/batch.ts';
import type { Submitted } from '../../app/batch.ts';
import type { PlannedRun } from '../../app/plan.ts';
import { counted } from '../../formats/words.ts';
import { exit } from './exit.ts';
import type { OutputOptions } from './options.ts';
import { printJson, printMessage } from './print.ts';

function printSubmitted(
  { batches, unaffordable, askedElsewhere, nothingMissing }: Submitted,
  { format }: OutputOptions,
) {
  if (format === 'json') printJson({ batches, unaffordable, asked: askedElsewhere });
  else for (const { id, requests } of batches) printMessage(`submitted ${counted(requests, 'request')} as ${id}`);
  if (nothingMissing) printMessage('nothing to submit: every answer is known or submitted already');
  if (askedElsewhere > 0)
    printMessage(`${counted(askedElsewhere, 'request')} not submitted: another run is asking for the same`);
  if (unaffordable > 0)
    printMessage(
      `${counted(unaffordable, 'request')} not submitted: the budget does not bear them; submit again with a ` +
        'larger --budget',
    );
}

/**
 * `--batch`, all of it or one step. Null when all answers are there and grading goes on, else the status to end with: 3
 * when the budget does not cover all requests, or when a batch has not ended.
 */
export async function batchStep(
  run: PlannedRun,
  step: true | 'submit' | 'collect',
  { format }: OutputOptions,
): Promise<number | null> {
  if (step === 'collect') return (await collectBatches(run)) ? null : exit.unmeasured;
  const submitted = await submitBatches(run);
  printSubmitted(submitted, { format: step === 'submit' ? format : 'text' });
  if (submitted.unaffordable > 0) return exit.unmeasured;
  if (step === 'submit') return exit.held;
  await waitForBatches(run);
  return null;
}
