import { describe, expect, test } from 'vitest';
import { methods } from './baselines.ts';
import { measureGold } from './gold.ts';
import { measurePrompts } from './prompts.ts';
import { measureAll } from './speed.ts';
import { measureWeak } from './weak.ts';

const answer = '**src/a.py**\n\n```python\nx = 1\n```\n\nRun it:\n\n```bash\npython src/a.py\n```\n';
const gold = [{ id: 'one', answer, blocks: [{ line: 2, role: 'file', path: 'src/a.py' }, { line: 8, role: 'shell/usage', path: null }] }];
const answers = new Map([['one', { id: 'one', answer }]]);
const weak = (line: number, name: string) => [{ id: 'one', blocks: [{ line, kind: 'code', name }] }];

describe('the measurement of extraction', () => {
  test('has a row for each method, on the same answers', () => {
    const { holds, section } = measureGold(gold);
    expect(holds).toBe(true);
    for (const { name } of methods) expect(section).toContain(`| ${name} | 100.0 % (1/1) | 100.0 % (1/1) | 0.0 % (0/1) | 1/1 | 1/1 |`);
  });

  test('fails when a file is missed, and says which', () => {
    const wrong = [{ id: 'one', answer, blocks: [{ line: 2, role: 'file', path: 'src/b.py' }] }];
    expect(measureGold(wrong)).toMatchObject({ holds: false, remarks: ['gold one:3 expected file src/b.py, got src/a.py'] });
  });

  test('counts a disagreement with a weak label until it is explained, and an explanation without one', () => {
    expect(measureWeak(weak(2, 'src/a.py'), answers, [])).toMatchObject({ holds: true, remarks: [] });
    expect(measureWeak(weak(8, 'src/a.py'), answers, [])).toMatchObject({ holds: false });
    const entry = { id: 'one', line: 9, reason: 'It runs the file.' };
    const explained = measureWeak(weak(8, 'src/a.py'), answers, [entry]);
    expect(explained.holds).toBe(true);
    expect(explained.section).toContain('0.0 % (0/1)');
    expect(explained.section).toContain('| one | 9 | shell | It runs the file. |');
    expect(measureWeak(weak(2, 'src/a.py'), answers, [entry])).toMatchObject({ holds: false, remarks: [expect.stringContaining('take it out')] });
  });

  test('finds no fault in a sound result', () => {
    expect(measureAll([...answers.values()])).toMatchObject({ holds: true, remarks: [] });
  });
});

describe('the measurement of prompts', () => {
  test('counts what loads and what is refused with a line', () => {
    const { holds, section } = measurePrompts([
      { file: 'a/one.md', path: 'one.md', text: 'Hello {{name}}' },
      { file: 'a/two.prompt', path: 'two.prompt', text: '{{#if x}}y{{/if}}' },
    ]);
    expect(holds).toBe(true);
    expect(section).toContain('| a | braces, dotprompt | 2 | 1 | 1 | 0 |');
    expect(section).toContain('| a/two.prompt | 1 | unsupported |');
  });
});
