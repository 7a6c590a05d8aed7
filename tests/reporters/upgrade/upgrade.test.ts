import { expect, test } from 'vitest';
import type { Upgrade, UpgradeSide } from '../../../src/domain/runs/upgrade.ts';
import { upgradeReporters } from '../../../src/reporters/index.ts';
import { comparisonOf } from '../../support/comparison.ts';

const side = (model: string, more: Partial<UpgradeSide> = {}): UpgradeSide => ({
  model,
  prompts: ['p@1'],
  runs: ['r'],
  source: 'the service x',
  reportedModels: [],
  answers: 10,
  ungraded: 0,
  passed: { hits: 8, of: 10, interval: [0.5, 0.9] },
  worstCase: [0.8, 0.8],
  starts: { hits: 9, of: 10 },
  exists: null,
  behaves: { hits: 70, of: 100 },
  accepted: { answers: 8, withContract: 8, costUsd: 2, unpriced: 0, perAnswer: 0.25 },
  latencyMs: { p50: 2000, p95: 9000, of: 10 },
  tokens: { input: 900, output: 4000, total: 49_000, of: 10 },
  refused: 1,
  truncated: 2,
  form: { hits: 9, of: 10 },
  behaviour: { hits: 8, of: 9 },
  ...more,
});
const EVIL = '</script><script>alert(1)</script> `` ``` \u001b[31m';
const excerpt = { run: 'r', key: 'k', verdict: 'fail' as const, reasons: [EVIL], file: 'a.py', from: 3, lines: [EVIL] };
const upgrade: Upgrade = {
  format: 1,
  recommendation: { kind: 'open', models: [], headline: 'Not decided', why: ['because'] },
  sides: [
    side('old'),
    side('new', { accepted: { answers: 0, withContract: 0, costUsd: 2, unpriced: 0, perAnswer: null } }),
    side('third', { ungraded: 2, worstCase: [0.6, 0.8] }),
  ],
  comparisons: [comparisonOf(4, 2)],
  ranking: { ranks: [{ model: 'old', rate: 0.8, best: 1, worst: 3, groups: 'a' }], pairs: [] },
  turned: [
    {
      kind: 'breaks',
      model: 'new',
      scenario: 's',
      base: { hits: 2, of: 2 },
      head: { hits: 0, of: 2 },
      before: excerpt,
      after: excerpt,
    },
  ],
  restsOn: ['answers'],
  settles: ['more answers'],
};

test.each(['text', 'markdown', 'html'] as const)(
  'as %s the decision says what to do first, and "none" for a cost',
  async (format) => {
    const text = await upgradeReporters[format](upgrade);
    for (const part of [
      'Not decided',
      'cost per accepted answer',
      '$0.25',
      'none',
      '1 to 3',
      'a.py',
      '60 % pass at worst',
    ].filter((one) => one !== 'a.py' || format !== 'text'))
      expect(text).toContain(part);
    expect(text.indexOf('Not decided')).toBeLessThan(text.indexOf('cost per accepted answer'));
  },
);

test('nothing of an answer becomes markup, or a command of a terminal', async () => {
  const page = await upgradeReporters.html(upgrade);
  expect(page).not.toContain('<script>alert');
  expect(await upgradeReporters.text(upgrade)).not.toContain('\u001b');
  expect(JSON.parse(await upgradeReporters.json(upgrade))).toMatchObject({ format: 1 });
});
