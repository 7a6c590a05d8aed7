import { describe, expect, test } from 'vitest';
import { methods } from '../../tools/corpora/baselines.ts';
import { measureGold } from '../../tools/corpora/gold.ts';
import { measurePrompts } from '../../tools/corpora/prompts.ts';
import { measureAll } from '../../tools/corpora/speed.ts';
import { measureWeak } from '../../tools/corpora/weak.ts';

const answer = '**src/a.py**\n\n```python\nx = 1\n```\n\nRun it:\n\n```bash\npython src/a.py\n```\n';
const gold = [
  {
    id: 'one',
    answer,
    blocks: [
      { line: 2, role: 'file', path: 'src/a.py' },
      { line: 8, role: 'shell/usage', path: null },
    ],
  },
];
const answers = new Map([['one', { id: 'one', answer }]]);
const weak = (line: number, name: string, kind = 'code') => [{ id: 'one', blocks: [{ line, kind, name }] }];

describe('the measurement of extraction', () => {
  test('has a row for each method, on the same answers', () => {
    const { holds, section } = measureGold(gold);
    expect(holds).toBe(true);
    for (const { name } of methods)
      expect(section).toContain(`| ${name} | 100.0 % (1/1) | 100.0 % (1/1) | 0.0 % (0/1) | 1/1 | 1/1 |`);
  });

  test('fails when a file is missed, and says which', () => {
    const wrong = [{ id: 'one', answer, blocks: [{ line: 2, role: 'file', path: 'src/b.py' }] }];
    expect(measureGold(wrong)).toMatchObject({
      holds: false,
      remarks: ['gold one:3 expected file src/b.py, got src/a.py'],
    });
  });

  test('counts a disagreement with a weak label, and requires agreement where the label is not of shell commands', () => {
    const shell = { id: 'one', line: 9, reason: 'It runs the file.' };
    expect(measureWeak(weak(2, 'src/a.py'), answers, [])).toMatchObject({ holds: true, remarks: [] });
    const measured = measureWeak([...weak(2, 'src/a.py'), ...weak(8, 'src/a.py', 'shell')], answers, [shell]);
    expect(measured.holds).toBe(true);
    expect(measured.section).toContain('| all named | 50.0 % (1/2) | |');
    expect(measured.section).toContain(
      "| named, and not shell by the classifier's own word | 100.0 % (1/1) | 95.0 % |",
    );
    expect(measured.section).toContain('| one | 9 | shell | shell | It runs the file. |');
    expect(measureWeak(weak(8, 'src/a.py'), answers, [shell])).toMatchObject({ holds: false, remarks: [] });
  });

  test('wants every disagreement explained, and no explanation without one', () => {
    expect(measureWeak(weak(8, 'src/a.py', 'shell'), answers, [])).toMatchObject({
      holds: false,
      remarks: [expect.stringContaining('label says src/a.py, got shell')],
    });
    const stale = [{ id: 'one', line: 9, reason: 'It runs the file.' }];
    expect(measureWeak(weak(2, 'src/a.py'), answers, stale)).toMatchObject({
      holds: false,
      remarks: [expect.stringContaining('take it out')],
    });
  });

  test('finds no fault in a sound result', () => {
    expect(measureAll([...answers.values()])).toMatchObject({ holds: true, remarks: [] });
  });
});

describe('the measurement of prompts', () => {
  test('counts what loads and what is refused with a line', () => {
    const { holds, section } = measurePrompts([
      { file: 'a/one.md', path: 'one.md', text: 'Hello {{name}}' },
      { file: 'a/two.prompt', path: 'two.prompt', text: '{{#if x}}y' },
    ]);
    expect(holds).toBe(true);
    expect(section).toContain('| a | braces, dotprompt | 2 | 1 | 1 | 0 |');
    expect(section).toContain(
      '| a/two.prompt | 1 | unclosed-template | \\`{{/if}}\\` for the block that begins here | the end of the file |',
    );
  });
});
