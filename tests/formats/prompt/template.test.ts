import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Prompt } from '../../../src/domain/grading/prompt.ts';
import { PromptValuesError } from '../../../src/formats/prompt/errors.ts';
import { promptHash, renderPrompt } from '../../../src/formats/prompt/template.ts';
import { runs } from '../../support/levels.ts';

type Parts = Partial<Pick<Prompt, 'system' | 'user' | 'variables' | 'placeholders' | 'frontMatter' | 'version'>>;

function prompt(parts: Parts): Prompt {
  const whole = { id: 'p', version: '1', frontMatter: {}, system: '', user: '', variables: [], ...parts };
  return { ...whole, hash: promptHash(whole) };
}

/** Names and texts made of what placeholders are made of, so that they collide. */
const name = fc.stringMatching(/^[ab$.*()\\-]{1,3}$/);
const text = fc
  .array(fc.constantFrom('[', ']', '{', '}', 'a', 'b', '$', '$&', '\\', ' ', '\n', 'ä'))
  .map((pieces) => pieces.join(''));

describe('renderPrompt', () => {
  it('puts every value in, in both messages', () => {
    const request = renderPrompt(prompt({ system: 'For [who].', user: '[a] [b] [a]', variables: ['who', 'a', 'b'] }), {
      who: 'us',
      a: '1',
      b: '2',
    });
    expect(request).toMatchObject({ system: 'For us.', user: '1 2 1' });
  });

  it('keeps brackets that are not declared', () => {
    const { user } = renderPrompt(prompt({ user: '[High/Low] [a] [Continue as needed]', variables: ['a'] }), {
      a: 'x',
    });
    expect(user).toBe('[High/Low] x [Continue as needed]');
  });

  it('names all unset variables and all unknown values at once', () => {
    const open = prompt({ user: '[a] [b] [c]', variables: ['a', 'b', 'c'] });
    const error = thrown(() => renderPrompt(open, { b: '', z: '', y: '' }));
    expect(error).toBeInstanceOf(PromptValuesError);
    expect(error).toMatchObject({ code: 'values', unset: ['a', 'c'], unknown: ['y', 'z'] });
    expect(error.message).toContain(
      'p@1: expected one value for each variable, found no value for `a`, `c` and unknown `y`, `z`.',
    );
    expect(error.message).toContain('Set `a`, `c`');
  });

  it('asks for no value of a declared variable that no template uses, and takes one', () => {
    const unused = prompt({ user: 'text', variables: ['a'] });
    expect(renderPrompt(unused, {}).user).toBe('text');
    expect(renderPrompt(unused, { a: 'x' }).user).toBe('text');
  });

  it('takes no value from the prototype of an object', () => {
    expect(() => renderPrompt(prompt({ user: '[toString]', variables: ['toString'] }), {})).toThrow(PromptValuesError);
  });

  it('takes the longest spelling where two begin at the same place', () => {
    const shell = prompt({ user: '$1 $10', variables: ['1', '10'], placeholders: { 1: ['$1'], 10: ['$10'] } });
    expect(renderPrompt(shell, { 1: 'a', 10: 'b' }).user).toBe('a b');
  });

  it('substitutes once: what a value says comes out as it is', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(text),
        (variables, stream) => {
          const values = Object.fromEntries(variables.map((variable) => [variable, stream.next().value]));
          const user = variables.map((variable) => `[${variable}]`).join('|');
          expect(renderPrompt(prompt({ user, variables }), values).user).toBe(
            variables.map((v) => values[v]).join('|'),
          );
        },
      ),
    );
  });

  it('leaves a text without placeholders as it is', () => {
    fc.assert(
      fc.property(text, fc.array(name), (user, variables) => {
        fc.pre(!variables.some((variable) => user.includes(`[${variable}]`)));
        expect(renderPrompt(prompt({ user, variables }), {}).user).toBe(user);
      }),
    );
  });
});

describe('the hash of a request', () => {
  it('differs when the border between system and user moves', () => {
    const a = renderPrompt(prompt({ system: 'ab', user: 'c' }), {});
    const b = renderPrompt(prompt({ system: 'a', user: 'bc' }), {});
    expect(a.hash).not.toBe(b.hash);
  });
});

describe('the hash of a prompt', () => {
  it('stays when front matter, version or the spelling of a placeholder changes', () => {
    const one = prompt({ user: 'Do [a].', variables: ['a'] });
    const other = prompt({
      user: 'Do {{ a }}.',
      variables: ['a'],
      placeholders: { a: ['{{ a }}'] },
      version: '2',
      frontMatter: { title: 'x' },
    });
    expect(other.hash).toBe(one.hash);
  });

  it('changes when a placeholder becomes text', () => {
    expect(prompt({ user: '[a]', variables: ['a'] }).hash).not.toBe(prompt({ user: '[a]', variables: [] }).hash);
  });

  it('is equal exactly when what is sent is equal, whatever the values', () => {
    const template = fc
      .array(fc.constantFrom('[a]', '[b]', 'x', '[', 'a', ']'), { maxLength: 4 })
      .map((p) => p.join(''));
    const some = fc.record({ system: template, user: template, variables: fc.subarray(['a', 'b']) });
    // Values that no template holds tell every placeholder from every text.
    const values = (variables: string[]): Record<string, string> =>
      Object.fromEntries(variables.map((v) => [v, `<${v}>`]));
    fc.assert(
      fc.property(some, some, (one, other) => {
        const sent = [one, other].map((parts) => {
          const { system, user } = renderPrompt(prompt(parts), values(parts.variables));
          return JSON.stringify([system, user]);
        });
        expect(prompt(one).hash === prompt(other).hash).toBe(sent[0] === sent[1]);
      }),
      { numRuns: runs(1000) },
    );
  });
});

function thrown(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
