import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import cupelAssertion from '../../src/cli/promptfoo.ts';

let empty = '';
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'cupel-assertion-'));
});
afterAll(() => rm(empty, { recursive: true, force: true }));
const config = { scenario: 'rate-limiter', project: resolve('.'), state: resolve('.cupel') };

describe("the assertion for promptfoo's users", () => {
  test('fails an answer without code for the reasons that Cupel gives, with a score for each check', async () => {
    const made = await cupelAssertion('I cannot help with that.', { config });
    expect(made).toMatchObject({ pass: false, metadata: { cupel: { verdict: 'fail' } } });
    expect(made.reason).toMatch(/answer\/files failed/);
    expect(made.namedScores['answer/files']).toBe(0);
    expect(made.componentResults.length).toBeGreaterThan(1);
    expect(made.score).toBeLessThan(1);
  });

  test('never throws, and says of what could not be measured that the model is not to blame', async () => {
    for (const wrong of [
      { ...config, scenario: 'no-such-scenario' },
      { ...config, project: join(empty, 'gone') },
    ])
      expect(await cupelAssertion('code', { config: wrong })).toMatchObject({
        pass: false,
        score: 0,
        reason: expect.stringMatching(/^UNGRADED, not the model's fault/),
        metadata: { cupel: { verdict: 'ungraded' } },
      });
  });
});
