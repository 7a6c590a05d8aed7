import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PromptError } from '../../../src/formats/prompt/errors.ts';
import { readSections } from '../../../src/formats/prompt/sections.ts';
import { runs } from '../../support/levels.ts';

const read = (...lines: string[]) => readSections({ path: 'p.md', body: lines.join('\n'), bodyLine: 5 });

function problem(...lines: string[]): unknown {
  try {
    return read(...lines);
  } catch (error) {
    if (error instanceof PromptError) return { code: error.code, line: error.line, found: error.found };
    throw error;
  }
}

const variables = ['## Variables', '', '- `[a]`: text'];

describe('the template under "## Prompt"', () => {
  it('is what the fence holds, without the line end before its closing', () => {
    const sections = read(
      '# T',
      '## Description',
      '',
      'You are *it*.',
      '',
      '## Prompt',
      '',
      '```text',
      '',
      ' Do [a].',
      '```',
      '',
      ...variables,
    );
    expect(sections).toEqual({ description: 'You are *it*.', template: '\n Do [a].', variables: '- `[a]`: text' });
  });

  it.each(['```text', '```bash', '````', '~~~'])('may be closed by %s before the next section', (closing) => {
    const opening = closing.startsWith('~') ? '~~~text' : '```text';
    expect(read('## Prompt', opening, 'Do [a].', closing, '', '---', '', ...variables)).toEqual({
      description: '',
      template: 'Do [a].',
      variables: '- `[a]`: text',
    });
  });

  it('may hold fenced blocks that a longer fence, or the right count of fences, sets apart', () => {
    expect(read('## Prompt', '````text', '```js', 'x', '```', 'Do.', '````', ...variables).template).toBe(
      '```js\nx\n```\nDo.',
    );
    expect(read('## Prompt', '```text', '```js', 'x', '```', 'Do.', '```', ...variables).template).toBe(
      '```js\nx\n```\nDo.',
    );
    expect(read('## Prompt', '```text', '```js', 'x', '```text', 'Do.', '```', ...variables).template).toBe(
      '```js\nx\n```text\nDo.',
    );
  });

  it('may hold the headings of a file that it asks for', () => {
    const lines = ['Write a README:', '```markdown', '## Usage', '', '## Variables', 'none', '```text', 'Do.'];
    expect(read('## Prompt', '```text', ...lines, '```', '', ...variables)).toMatchObject({
      template: lines.join('\n'),
      variables: '- `[a]`: text',
    });
  });

  it('ends at its fence when prose follows', () => {
    expect(read('## Prompt', '```text', 'Do.', '```', '', 'Send it with care.', '', ...variables).template).toBe('Do.');
  });

  it('is the section as it stands when there is no fence', () => {
    const sections = read(
      '## Prompt',
      '',
      'You are it.',
      '',
      '### Goals',
      '[a]',
      '',
      '```js',
      'x',
      '```',
      '',
      ...variables,
    );
    expect(sections.template).toBe('You are it.\n\n### Goals\n[a]\n\n```js\nx\n```');
  });

  it('is found after other sections, and not inside a fence', () => {
    expect(
      read('## Usage', '```text', '## Prompt', 'no', '```', ...variables, '## Prompt', '```', 'yes', '```').template,
    ).toBe('yes');
  });

  it('may stand twice when both say the same', () => {
    const twice = (other: string) => ['## Prompt', '```', 'Do.', '```', '', '## Prompt', '```', other, '```'];
    expect(read(...twice('Do.')).template).toBe('Do.');
    expect(problem(...twice('Do not.'))).toMatchObject({ code: 'ambiguous-template', line: 11 });
  });

  it('comes back as it was written, whatever it says', () => {
    const line = fc.stringMatching(/^[-#a[\] ~`|]{0,8}$/).filter((text) => !/^ {0,3}(`{4}|~{3})/.test(text));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (template) => {
        fc.pre(template.join('').trim() !== '');
        expect(read('## Prompt', '````text', ...template, '````', '', ...variables)).toEqual({
          description: '',
          template: template.join('\n'),
          variables: '- `[a]`: text',
        });
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('the description', () => {
  it('ends before a rule, though the rule stands right below it', () => {
    expect(
      read('## Description', '', 'You are it.', '', '- so', '---', '', '## Prompt', '```', 'Do.', '```').description,
    ).toBe('You are it.\n\n- so');
    expect(read('## Description', 'You are it.', '---', '## Prompt', '```', 'Do.', '```').description).toBe(
      'You are it.',
    );
  });
});

describe('a broken file', () => {
  it('without the section, or with nothing in it, is refused', () => {
    expect(problem('# T', ...variables)).toMatchObject({ code: 'missing-template', line: 5 });
    expect(problem('## Prompt', '', ...variables)).toMatchObject({ code: 'missing-template', found: 'nothing' });
    expect(problem('## Prompt', '```', '', '```', ...variables)).toMatchObject({ code: 'missing-template' });
  });

  it('whose template is never closed is refused with the line of its opening', () => {
    expect(problem('# T', '## Prompt', '', '```text', 'Do [a].')).toEqual({
      code: 'unclosed-template',
      line: 8,
      found: 'the end of the file',
    });
    expect(
      problem('# T', '## Prompt', '```text', 'Do [a].', '', ...variables, '', '## Example', '```text', 'x', '```'),
    ).toEqual({
      code: 'unclosed-template',
      line: 7,
      found: 'none before `## Variables` on line 10',
    });
  });

  it('whose example closes late or never still has the sections after it', () => {
    const start = ['## Prompt', '```', 'Do [a].', '```', '## Example Usage', '```text', 'x', '```text', ''];
    const expected = { template: 'Do [a].', variables: '- `[a]`: text' };
    expect(read(...start, ...variables)).toMatchObject(expected);
    expect(read(...start, ...variables, '', '## Tips', '```js', 'x', '```')).toMatchObject(expected);
    expect(read(...start.slice(0, 7), '## More', '', ...variables)).toMatchObject(expected);
  });
});
