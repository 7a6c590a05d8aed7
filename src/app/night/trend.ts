/** What the history of a suite says, one line a model and prompt. */
import { flakyOf } from '../../compare/nights/flaky.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Trend } from '../../reporters/trend/words.ts';
import { readNights } from '../../store/runs/nights.ts';

/** The series of a suite, in the order of the last night. Throws `UsageError` where there was no night yet. */
export async function trendsOf(root: string, suite: string, warn: (text: string) => void): Promise<Trend[]> {
  const { nights, damaged } = await readNights(root, suite);
  if (damaged.length > 0)
    warn(`the history of ${suite}: line ${damaged.join(', ')} is damaged, and that night is left out`);
  if (nights.length === 0)
    throw new UsageError(`trend: expected nights of the suite ${suite}, found none; cupel night ${suite} makes one.`);
  const names = new Map<string, { model: string; prompt: string }>();
  for (const { series } of nights.toReversed())
    for (const { model, prompt } of series) {
      const key = JSON.stringify([model, prompt]);
      if (!names.has(key)) names.set(key, { model, prompt });
    }
  return [...names.values()].map(({ model, prompt }): Trend => {
    const mine = (one: { model: string; prompt: string }): boolean => one.model === model && one.prompt === prompt;
    const rows = nights.flatMap(({ at, run, series }) => series.filter(mine).map((one) => ({ at, run, series: one })));
    const controls = rows.flatMap(({ series }) => series.control ?? []);
    return {
      model,
      prompt,
      nights: rows,
      alarms: nights.flatMap(({ at, suspicions }) =>
        suspicions
          .filter((one) => mine(one) && one.confirmed)
          .map(({ confirmed: _confirmed, ...one }) => ({ ...one, at })),
      ),
      flaky: flakyOf(rows.map(({ series }) => series)),
      control: { worse: controls.filter((one) => one === 'worse').length, of: controls.length },
    };
  });
}
