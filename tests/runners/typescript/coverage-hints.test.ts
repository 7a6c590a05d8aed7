import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasCoverageHint, withoutCoverageHints } from '../../../runners/typescript/testing/coverage-hints.ts';

/** How the tools themselves find these comments. */
const asTheToolsRead = [
  /^\s*istanbul\s+ignore\s+(if|else|next|file)(?=\W|$)/,
  /^\s*(?:istanbul|[cv]8|node:coverage)\s+ignore\s+(if|else|next|file|start)(?=\W|$)/,
  /^\s*node:coverage\s+(disable|ignore next)/,
];

describe('comments that ask not to be counted', () => {
  test.each([
    ['one space', 'istanbul ignore next'],
    ['two spaces', 'istanbul  ignore next'],
    ['a space that does not break', 'istanbul\u00a0ignore next'],
    ['the end of a line', 'istanbul\n   ignore next'],
    ['a tab', 'c8\tignore next 3'],
    ['another space of Unicode', 'v8\u2003ignore start'],
    ['the words of Node', 'node:coverage disable'],
  ])('are found and made meaningless with %s in them', (_what, words) => {
    const text = `/* ${words} */\nconst a = 1;\n`;
    expect(hasCoverageHint(text)).toBe(true);
    expect(asTheToolsRead.some((pattern) => pattern.test(` ${words} `))).toBe(true);
    expect(asTheToolsRead.some((pattern) => pattern.test(` ${withoutCoverageHints(words)} `))).toBe(false);
    expect(withoutCoverageHints(text).split('\n')).toHaveLength(text.split('\n').length);
  });

  test('are made meaningless whatever white space they have', () => {
    const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u2028', '\ufeff'), minLength: 1 });
    const tool = fc.constantFrom('istanbul', 'c8', 'v8', 'node:coverage');
    fc.assert(
      fc.property(tool, space, space, (name, before, after) => {
        const text = withoutCoverageHints(`${name}${before}ignore${after}next`);
        expect(asTheToolsRead.some((pattern) => pattern.test(text))).toBe(false);
      }),
    );
  });

  test('are not what speaks of other things', () => {
    expect(hasCoverageHint('// Istanbul is a city; ignore it.')).toBe(false);
  });
});
