import { describe, expect, test } from 'vitest';
import { refuseOthers } from '../../../src/app/shards/together.ts';
import type { ShardFacts } from '../../../src/app/shards/together.ts';

type Manifest = ShardFacts['manifest'];

const shard = (index: number, more: Partial<Manifest> = {}): ShardFacts => ({
  name: `shard ${index}/3 (run-${index})`,
  manifest: {
    suite: 'default',
    plan: 'p',
    shard: { index, of: 3 },
    grader: 'g',
    tools: { ruff: '1', go: '2' },
    sandbox: { driver: 'bubblewrap', level: 'full', version: '0.8.0' },
    ...more,
  },
});

describe('shards that are merged', () => {
  test('belong together where plan, grader, tools and sandbox are the same; a shard has only the tools it used', () => {
    expect(refuseOthers([shard(3), shard(1, { tools: { ruff: '1' } }), shard(2, { tools: {} })], false)).toEqual([]);
  });

  test.each<[string, Partial<Manifest>, RegExp]>([
    ['suite', { suite: 'other' }, /the same suite, default, found other/],
    ['plan', { plan: 'q' }, /the same plan, p, found q/],
    ['grader', { grader: 'h' }, /the same grader, g, found h/],
    ['tool', { tools: { go: '3' } }, /the same version of go, 2, found 3/],
    [
      'sandbox level',
      { sandbox: { driver: 'bubblewrap', level: 'partial', version: '0.8.0' } },
      /the same sandbox, bubblewrap 0\.8\.0, full, found bubblewrap 0\.8\.0, partial/,
    ],
    ['number of shards', { shard: { index: 2, of: 4 } }, /the same number of shards, 3, found 4/],
  ])('are refused by name for another %s', (_what, more, message) => {
    const others = [shard(1), shard(2, more), shard(3)];
    expect(() => refuseOthers(others, true)).toThrow(message);
    expect(() => refuseOthers(others, true)).toThrow(/shard 2\/3 \(run-2\) does not belong to shard 1\/3 \(run-1\)/);
  });

  test('are refused by name where one is there twice, whatever may be missing', () => {
    const twice = [shard(1), { ...shard(1), name: 'shard 1/3 (again)' }];
    expect(() => refuseOthers(twice, true)).toThrow(/two of one number: shard 1\/3 \(run-1\) and shard 1\/3 \(again\)/);
  });

  test('are refused by name where some are missing, unless they may be', () => {
    expect(() => refuseOthers([shard(2)], false)).toThrow(
      /expected 3 shards, found 1: shard 1\/3, shard 3\/3 are missing/,
    );
    expect(refuseOthers([shard(2)], true)).toEqual([1, 3]);
  });
});
