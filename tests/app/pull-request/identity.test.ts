import { describe, expect, test } from 'vitest';
import { touchedBy } from '../../../src/app/pull-request/identity.ts';
import type { IdentifiedCell } from '../../../src/app/pull-request/identity.ts';

interface Wish {
  prompt?: string;
  content?: string;
  scenario?: string;
  asks?: string;
  model?: string;
  settings?: Record<string, string> | null;
  repeats?: number;
}

function cells({
  prompt = 'p@1.0',
  content = 'one',
  scenario = 's',
  asks = 'this',
  model = 'm',
  settings = null,
  repeats = 2,
}: Wish): IdentifiedCell[] {
  const hashes = {
    request: `${content} ${asks}`,
    prompt: content,
    scenario: asks,
    variables: asks,
    sections: null,
    settings,
  };
  return Array.from({ length: repeats }, (_, index) => ({
    cell: { prompt, scenario, model, repeat: index + 1 },
    prompt: {
      id: prompt.split('@')[0] ?? '',
      version: '1',
      frontMatter: {},
      system: '',
      user: content,
      variables: [],
      hash: content,
    },
    scenario: {
      id: scenario,
      variables: {},
      languages: {},
      checks: { required: [], optional: [], weights: {} },
      limits: {},
      dependencies: { allow: 'any', violation: 'fail', builds: 'offline' },
      sections: true,
    },
    request: { system: '', user: content, hash: `${content} ${asks}` },
    planned: hashes,
    identity: JSON.stringify([hashes, model, index]),
  }));
}

const said = (base: Wish[], head: Wish[]): string[] =>
  touchedBy(base.flatMap(cells), head.flatMap(cells)).touched.map(
    ({ what, how, name, before }) => `${what} ${name} ${how}${before === null ? '' : ` from ${before}`}`,
  );

describe('what a change touches', () => {
  test('is nothing where all is asked and judged alike, also under another name', () => {
    expect(touchedBy(cells({}), cells({})).questions).toEqual([]);
    expect(touchedBy(cells({}), cells({ prompt: 'prompts/moved.md' })).questions).toEqual([]);
  });

  test.each<[string, Wish[], Wish[], string[]]>([
    ['a prompt with another content', [{}], [{ content: 'two' }], ['prompt p@1.0 changed']],
    ['a version in place of another', [{}], [{ prompt: 'p@1.1', content: 'two' }], ['prompt p@1.1 changed from p@1.0']],
    ['a version beside the others', [{}], [{}, { prompt: 'p@1.1', content: 'two' }], ['prompt p@1.1 new from p@1.0']],
    ['a scenario that asks something else', [{}], [{ asks: 'that' }], ['scenario s changed']],
    ['a scenario that is new', [{}], [{}, { scenario: 't', asks: 'that' }], ['scenario t new']],
    ['a scenario that is gone', [{}, { scenario: 't' }], [{}], ['scenario t gone']],
    ['another model', [{}], [{ model: 'n' }], ['model n replaced from m']],
    ['a model that is asked in another way', [{}], [{ settings: { effort: 'low' } }], ['settings m changed']],
    ['more answers to each question', [{}], [{ repeats: 3 }], ['repeats 3 changed from 2']],
  ])('%s', (_what, base, head, expected) => {
    expect(said(base, head)).toEqual(expected);
  });

  test('is compared with its counterpart alone, and what asks something else is marked', () => {
    const { questions } = touchedBy(
      [...cells({}), ...cells({ scenario: 't' })],
      [...cells({ content: 'two' }), ...cells({ scenario: 't', content: 'two', asks: 'that' })],
    );
    expect(questions.map(({ head, base, asksOther }) => [head.scenario, base?.scenario, asksOther])).toEqual([
      ['s', 's', false],
      ['t', 't', true],
    ]);
  });
});
