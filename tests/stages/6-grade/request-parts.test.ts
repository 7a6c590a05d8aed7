import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notApplicable, passed } from '../../../src/domain/grading/check.ts';
import type { CheckResult } from '../../../src/domain/grading/check.ts';
import { contractSchema } from '../../../src/domain/grading/contract/contract.ts';
import { requestPartsSchema } from '../../../src/domain/grading/request-parts.ts';
import type { RequestParts } from '../../../src/domain/grading/request-parts.ts';
import { scenarioSchema } from '../../../src/domain/grading/scenario.ts';
import type { Scenario } from '../../../src/domain/grading/scenario.ts';
import { requestPartsOf } from '../../../src/stages/6-grade/request-parts.ts';

const checksOf = (...ids: string[]): CheckResult[] => ids.map((id) => ({ id, ...passed() }));

const partsOf = (value: unknown): RequestParts => requestPartsSchema.parse(value);

const contract = contractSchema.parse({
  contract: 1,
  mark: 'mark-of-a-contract-that-is-made-up',
  kind: 'command',
  run: { go: { package: './cmd/x' } },
  endpoints: { count: 'word-count' },
  probes: [
    {
      id: 'counts',
      title: 't',
      level: 'must',
      quote: 'prints the   number',
      catches: 'c',
      steps: [{ equal: ['1', '1'] }],
    },
    {
      id: 'across',
      title: 't',
      level: 'should',
      quote: 'of words; it ends',
      catches: 'c',
      steps: [{ equal: ['1', '1'] }],
    },
  ],
  canaries: { key: { kind: 'secret', quote: 'no keys in logs' } },
});

function scenarioWith(variables: Record<string, string>, isContracted = true): Scenario {
  const scenario = scenarioSchema.parse({ id: 's', variables, languages: { go: { runtime: '1.24' } } });
  return isContracted ? { ...scenario, contract } : scenario;
}

describe('the parts of a request', () => {
  test('are checked, partly checked, only there, or not looked at, as the checks were asked for', () => {
    const parts = partsOf({
      instructions: [
        { words: 'all', checked: ['tests', 'answer/files'] },
        { words: 'some', checked: ['tests', 'coverage'] },
        { words: 'there', presence: ['answer/sections'] },
        { words: 'nobody asked', checked: ['coverage'], presence: ['coverage'] },
      ],
    });
    const checks = [
      ...checksOf('answer/files', 'answer/sections', 'go/tests', 'python/tests@a'),
      { id: 'go/coverage', ...notApplicable('no target') },
    ];
    expect(
      requestPartsOf(parts, scenarioWith({}), checks)?.map(({ words, extent, checks: by }) => [words, extent, by]),
    ).toEqual([
      ['all', 'checked', ['answer/files', 'go/tests', 'python/tests@a']],
      ['some', 'partly', ['go/tests', 'python/tests@a']],
      ['there', 'presence', ['answer/sections']],
      ['nobody asked', 'not', []],
    ]);
  });

  test('list the clauses of a variable, each with the probes and canaries that quote it', () => {
    const parts = partsOf({ instructions: [], variables: { requirements: { quoted: true }, nfrs: { quoted: true } } });
    const scenario = scenarioWith({
      requirements: 'It prints the number of words; it ends with 2. Old files are evicted.',
      nfrs: 'It has no keys in logs, {fast, small}, and a long clause of which the words no keys in logs are a part',
    });
    const found = requestPartsOf(parts, scenario, checksOf('go/acceptance', 'go/secrets'));
    expect(found).toEqual([
      {
        variable: 'requirements',
        words: 'It prints the number of words;',
        extent: 'checked',
        checks: ['go/acceptance'],
        probes: ['counts', 'across'],
      },
      {
        variable: 'requirements',
        words: 'it ends with 2.',
        extent: 'partly',
        checks: ['go/acceptance'],
        probes: ['across'],
      },
      { variable: 'requirements', words: 'Old files are evicted.', extent: 'not', checks: [], probes: [] },
      {
        variable: 'nfrs',
        words: 'It has no keys in logs,',
        extent: 'checked',
        checks: ['go/secrets'],
        probes: ['canary-key'],
      },
      { variable: 'nfrs', words: '{fast, small},', extent: 'not', checks: [], probes: [] },
      {
        variable: 'nfrs',
        words: 'and a long clause of which the words no keys in logs are a part',
        extent: 'partly',
        checks: ['go/secrets'],
        probes: ['canary-key'],
      },
    ]);
  });

  test('name an endpoint and a program that must be there, which is a part of what their clauses say', () => {
    const parts = partsOf({ instructions: [], variables: { runtime: { quoted: true } } });
    const scenario = scenarioWith({ runtime: 'The main package is at cmd/x. The command word-count takes a file.' });
    expect(requestPartsOf(parts, scenario, checksOf('go/starts', 'go/acceptance'))).toMatchObject([
      { extent: 'partly', checks: ['go/starts'], probes: ['run'] },
      { extent: 'partly', checks: ['go/acceptance'], probes: ['endpoint-count'] },
    ]);
  });

  test('keep all words of a value, whatever brackets it has', () => {
    const parts = partsOf({ instructions: [], variables: { v: { quoted: true } } });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '.', ';', '(', '}', '[') }), (value) => {
        const clauses = requestPartsOf(parts, scenarioWith({ v: value }), []) ?? [];
        const letters = (text: string): string => text.replaceAll(/\s/g, '');
        expect(letters(clauses.map(({ words }) => words).join(''))).toBe(letters(value));
      }),
    );
  });

  test('are not checked by probes that were asked of no program', () => {
    const parts = partsOf({ instructions: [], variables: { requirements: { quoted: true } } });
    const words = { requirements: 'It prints the number.' };
    expect(requestPartsOf(parts, scenarioWith(words, false), checksOf('go/tests'))?.[0]).toMatchObject({
      extent: 'not',
    });
    const unasked = [{ id: 'go/acceptance', ...notApplicable('no Go') }];
    expect(requestPartsOf(parts, scenarioWith(words), unasked)?.[0]).toMatchObject({ extent: 'not', probes: [] });
  });

  test('are not listed where nobody wrote down the parts of the prompt', () => {
    expect(requestPartsOf(undefined, scenarioWith({}), [])).toBe(undefined);
    expect(requestPartsOf(partsOf({ instructions: [] }), null, [])).toBe(undefined);
  });
});
