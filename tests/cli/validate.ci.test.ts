import { execa } from 'execa';
import { expect, test } from 'vitest';

const cupel = 'src/cli/cupel';

/** What the command says of some specimens of a scenario, and how it ends. */
async function validated(scenario: string, specimens: string[]) {
  const words = specimens.flatMap((id) => ['--specimen', id]);
  const { stdout, exitCode } = await execa(cupel, ['validate', '--scenario', scenario, ...words, '--format', 'json'], {
    reject: false,
  });
  return { exitCode, ...(JSON.parse(stdout) as { specimens: { specimen: string; ok: boolean }[]; ok: boolean }) };
}

// The whole is a command of its own: cupel validate.
test('a reference passes everything, and its specimens fail where it is written', { timeout: 900_000 }, async () => {
  const { specimens, ok, exitCode } = await validated('statement-reconcile', [
    'reference',
    'money-in-floats',
    'row-in-the-message',
  ]);
  expect(specimens.filter((one) => !one.ok)).toEqual([]);
  expect([specimens.length, ok, exitCode]).toEqual([3, true, 0]);
});
