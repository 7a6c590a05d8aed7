import { describe, expect, test } from 'vitest';
import { reporterProblems } from '../../src/conformance/index.ts';
import type { Reporter } from '../../src/conformance/index.ts';
import { reporters } from '../../src/reporters/index.ts';

const lines: Reporter = {
  render: (results) =>
    Promise.resolve({ text: results.grades.map(({ cell, verdict }) => `${cell.scenario} ${verdict}\n`).join('') }),
};
let count = 0;

describe('the suite that reporters are held to', () => {
  // promptfoo's export needs answers; annotations tell of failures alone.
  const named = Object.entries<Reporter>(reporters).filter(([name]) => name !== 'promptfoo' && name !== 'github');
  test.each(named.map(([name, reporter]) => [name, reporter] as const))(
    'finds nothing wrong with %s',
    async (_name, reporter) => {
      expect(await reporterProblems(reporter)).toEqual([]);
    },
  );

  test('finds nothing wrong with a few lines', async () => {
    expect(await reporterProblems(lines)).toEqual([]);
  });

  test.each<[string, Reporter['render'], RegExp]>([
    ['rejects', () => Promise.reject(new Error('no')), /expected render to resolve, found that it rejects: Error: no/],
    [
      'resolves to another kind',
      () => Promise.resolve({ text: 1 } as never),
      /expected render to resolve to \{ text \}/,
    ],
    [
      'rejects without answers',
      (results, ...rest) =>
        results.grades[0] === undefined ? Promise.reject(new Error('x')) : lines.render(results, ...rest),
      /for a run without answers: expected render to resolve/,
    ],
    [
      'leaves an answer out',
      () => Promise.resolve({ text: 'all-is-well tests-fail' }),
      /found nothing of .* not-measured/,
    ],
    [
      'says something else each time',
      async (...given) => ({ text: `${(await lines.render(...given)).text}${(count += 1)}` }),
      /expected the same text for the same run/,
    ],
    [
      'prints what answers say',
      async (results, ...rest) => ({
        text: (await lines.render(results, ...rest)).text + results.grades.flatMap(({ reasons }) => reasons).join(''),
      }),
      /expected no control characters/,
    ],
    [
      'changes the run',
      async (results, ...rest) => {
        results.grades.pop();
        return lines.render(results, ...rest);
      },
      /rejects: TypeError/,
    ],
  ])('finds what is wrong with one that %s', async (_case, render, message) => {
    expect((await reporterProblems({ render })).join('\n')).toMatch(message);
  });
});
