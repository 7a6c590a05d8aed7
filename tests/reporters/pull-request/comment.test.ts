import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pullReportSchema } from '../../../src/domain/runs/pull-request.ts';
import type { PullReport } from '../../../src/domain/runs/pull-request.ts';
import { pullAnnotations } from '../../../src/reporters/pull-request/annotations.ts';
import { LONGEST_COMMENT, pullComment } from '../../../src/reporters/pull-request/comment.ts';
import { runs } from '../../support/levels.ts';

const side = (passed: number, of = 3) => ({ passed, of, score: passed / of });
const row = (index: number, base: number, head: number): PullReport['rows'][number] => ({
  scenario: `scenario-${index}`,
  base: side(base),
  head: side(head),
  asksOther: false,
});

const report = (more: Partial<PullReport> = {}): PullReport =>
  pullReportSchema.parse({
    format: 1,
    suite: 'default',
    status: 'worse',
    gateMet: false,
    pull: 7,
    head: 'a'.repeat(40),
    base: { commit: 'b'.repeat(40), takenOver: 0 },
    touched: [{ what: 'prompt', how: 'changed', name: 'p@1.1', before: 'p@1.0' }],
    reasons: ['fewer answers pass'],
    passed: { base: side(30, 60), head: side(20, 60) },
    ungraded: { base: 0, head: 0 },
    rows: Array.from({ length: 20 }, (_, index) => row(index, 3, index % 3)),
    dimensions: [],
    replayed: false,
    spent: { asked: 3, known: 1, fromBaseline: 2, tokens: 100, costUsd: 0.5, unpriced: 0 },
    plan: 'c'.repeat(64),
    tools: { ruff: '1.0' },
    sandbox: 'bubblewrap 0.8.0, full',
    ...more,
  });

const place = { link: 'https://github.example/o/r/actions/runs/5', fromStranger: false };
/** The lines of a table that stand outside of everything that is folded. */
const shownRows = (text: string): string[] =>
  text
    .split('<details>')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('| `scenario')) ?? [];

describe('the comment on a pull request', () => {
  test('begins with its marker and the verdict, and ends with what it rests on', () => {
    const text = pullComment(report(), place);
    expect(text).toMatch(/^<!-- cupel:default -->\n### Cupel `default`: ▼ worse\n\nChanged: prompt `p@1.1` changed/);
    expect(text).toContain('**The gate is not met.**');
    expect(text).toMatch(/<sub>base `bbbbbbbbbbbb` · head `aaaaaaaaaaaa` · plan `cccccccccccc` .*ruff 1\.0.*\$0\.5000/);
    expect(text).toContain('[all of it](https://github.example/o/r/actions/runs/5)');
  });

  test('shows at most fifteen scenarios that differ, the greatest losses first, and folds all others', () => {
    const text = pullComment(report({ rows: [...report().rows, row(90, 3, 3), row(91, 0, 3)] }), place);
    expect(shownRows(text)).toHaveLength(15);
    expect(shownRows(text)[0]).toContain('| 3 of 3 (1.000) | 0 of 3 (0.000) |');
    expect(text).toContain('<details><summary>7 more scenarios, 1 alike on both sides</summary>');
    expect(text).toContain('`scenario-90`');
  });

  test('is cut at 60,000 characters between two lines, closes what it opened, and says where the rest is', () => {
    const long = (index: number) => ({ ...row(index, 3, 0), scenario: `${'long-name-'.repeat(14)}${index}` });
    const text = pullComment(report({ rows: Array.from({ length: 500 }, (_, index) => long(index)) }), place);
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text).toContain('The rest is cut off here; [the page of the job]');
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
    expect(text).toMatch(/<sub>base .*<\/sub>/);
  });

  test('holds nothing that calls somebody, becomes markup, or leads elsewhere, whoever wrote it', () => {
    const evil = fc
      .stringMatching(/^[ -~\n|`<>@#[\]()!*_]{0,80}$/)
      .map((text) => `${text}@octocat <img src=x> #1 https://e.example \`a\` |`);
    fc.assert(
      fc.property(evil, fc.boolean(), (text, fromStranger) => {
        const touched = [{ what: 'scenario', how: 'changed', name: text, before: text } as const];
        const made = pullComment(
          report({
            touched,
            reasons: [text],
            rows: [{ ...row(1, 1, 0), scenario: text }],
            sandbox: text,
            tools: { [text]: text },
          }),
          { link: null, fromStranger },
        );
        const outsideOfCode = made.replaceAll(/`[^`\n]*`/g, '');
        expect(outsideOfCode).not.toMatch(/@octocat|(?<!\\)<img|https:\/\/e\.example|#1\b/);
        if (fromStranger) expect(made).not.toContain('octocat');
        for (const line of made.split('\n').filter((one) => one.startsWith('| ') && !one.includes('scenario |')))
          expect(line.replaceAll(/`[^`]*`/g, '').split('|').length).toBe(5);
      }),
      { numRuns: runs(300) },
    );
  });
});

test('annotations stand at files of the repository, and without a place where the file is none of it', () => {
  const at = (path: string | null) => pullAnnotations([report()], () => path);
  expect(at('prompts/p/1.1.md')).toBe(
    '::error file=prompts/p/1.1.md,line=1,title=Cupel default%3A worse::fewer answers pass\n',
  );
  expect(at(null)).toBe('::error title=Cupel default%3A worse::fewer answers pass\n');
  const unmeasured = report({ status: 'could not measure', gateMet: null, reasons: ['a\n::error::forged'] });
  expect(pullAnnotations([unmeasured], () => null)).toMatch(/^::warning [^\n]*::a ::error::forged\n$/);
  expect(pullAnnotations([report({ status: 'no worse', gateMet: true })], () => null)).toBe('');
});
