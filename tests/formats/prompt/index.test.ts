import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { promptSchema } from '../../../src/domain/grading/prompt.ts';
import { loadPrompt, PromptError } from '../../../src/formats/prompt/index.ts';
import { runs } from '../../support/levels.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function released(version: string): string {
  return readFileSync(resolve(import.meta.dirname, `../../../prompts/code-generation-assistant/${version}.md`), 'utf8');
}

const load = (text: string, path = 'prompt.md') => loadPrompt(text, { id: 'p', path });

function problem(text: string, path = 'prompt.md'): PromptError {
  try {
    load(text, path);
  } catch (error) {
    if (error instanceof PromptError) return error;
    throw error;
  }
  throw new Error('it loaded');
}

describe('the released versions of code-generation-assistant', () => {
  // The recorded answers were given to these texts: their hashes must never change.
  const system = 'd5b322d15df44f13a2f2a7ca93c000e143c0bb91f5110cbf7e63faee9bf580d4';
  it.each([
    [
      '2.0',
      'd7d7bcff820de95e625d190db8d862052d6b42a68f2186b5ebf08c0c2d75f62f',
      '4f76489b5518f522ac29b853fc027c5187b6b9a778630f9426937b461af6296e',
    ],
    [
      '2.1',
      '8c21488b53fe714246a326c505f961992bbf1866eb0ca77f738957ae3d64daec',
      '8c6d5971adb59b08f2b804d66c33fbc057be8223de3b72cc66cefea73db785a7',
    ],
  ])('%s sends what was recorded, byte for byte', (version, user, hash) => {
    const prompt = loadPrompt(released(version), { id: 'code-generation-assistant', path: `${version}.md` });
    expect(promptSchema.parse(prompt)).toEqual(prompt);
    expect(prompt.version).toBe(version);
    expect(sha256(prompt.system)).toBe(system);
    expect(sha256(prompt.user)).toBe(user);
    expect(prompt.hash).toBe(hash);
    expect(prompt.variables).toEqual([
      'business_scenario',
      'languages',
      'frameworks',
      'standards',
      'requirements',
      'io_contracts',
      'nfrs',
      'runtime',
      'testing',
      'docs_format',
    ]);
  });
});

describe('loadPrompt', () => {
  it('reads a checkout with Windows line ends and a byte order mark as the same prompt', () => {
    const text = released('2.1');
    expect(load(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(load(text));
  });

  it('keeps a version as it is written, quoted or not', () => {
    expect(load('---\nversion: 2.0\n---\nHi').version).toBe('2.0');
    expect(load('---\nversion: "2.10"\n---\nHi').version).toBe('2.10');
    expect(load('Hi').version).toBe('unversioned');
  });

  it('keeps the front matter for reports and sends none of it', () => {
    const prompt = load('---\ntitle: Secret\ndate: 2026-11-23\n---\nHi');
    expect(prompt.frontMatter).toEqual({ title: 'Secret', date: '2026-11-23' });
    expect(prompt.user).toBe('Hi');
  });

  it('hands out a front matter of its own each time', () => {
    const text = '---\ntags: [a]\n---\nHi';
    Object.assign(load(text).frontMatter, { tags: 'changed' });
    expect(load(text).frontMatter).toEqual({ tags: ['a'] });
  });

  it.each(['js', 'javascript', 'json', 'coffee', 'toml'])(
    'never runs front matter in another language: %s',
    (language) => {
      const error = problem(`---${language}\n(() => { globalThis.ran = true; return {}; })()\n---\nHi`);
      expect(error).toMatchObject({ code: 'front-matter', line: 1 });
      expect(globalThis).not.toHaveProperty('ran');
    },
  );

  it('names the line of invalid YAML', () => {
    const error = problem('---\nname: x\ndescription: Use when: asked\n---\nHi', 'a/b.md');
    expect(error).toMatchObject({ code: 'invalid-yaml', path: 'a/b.md', line: 3 });
    expect(error.message).toMatch(/^a\/b\.md:3: expected a YAML mapping .*, found invalid YAML: .* Mend that line/);
  });

  it('refuses front matter that is never closed, is no mapping, or multiplies by aliases', () => {
    expect(problem('---\ntitle: x\n\n# Hi')).toMatchObject({ code: 'front-matter', line: 1 });
    expect(problem('---\n- a\n---\nHi')).toMatchObject({ code: 'invalid-yaml', line: 1 });
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`),
    ];
    expect(problem(`---\n${bomb.join('\n')}\n---\nHi`)).toMatchObject({ code: 'invalid-yaml' });
  });

  it('names the first conflict marker', () => {
    const text = 'one\n<<<<<<< HEAD\ntwo\n=======\nthree\n>>>>>>> main\n';
    expect(problem(text)).toMatchObject({
      code: 'conflict-markers',
      line: 2,
      found: 'the conflict marker `<<<<<<< HEAD`',
    });
    expect(load('a `<<<<<<<` in a text\n=======\n').user).toContain('<<<<<<<');
  });

  it('refuses a file that says nothing', () => {
    expect(problem(' \n')).toMatchObject({ code: 'missing-template', line: 1 });
    expect(problem('---\ntitle: x\n---\n')).toMatchObject({ code: 'missing-template' });
  });

  it('gives any text a prompt or a PromptError', () => {
    const piece = fc.constantFrom(
      '---\n',
      '```\n',
      '```text\n',
      '## Prompt\n',
      '## Variables\n',
      '- `[a]`: b\n',
      '[a]',
      '{{a}}',
      '{{#if',
      '}}',
      '\n',
      'x: y\n',
      'system:\n',
      '${input:a}',
      '$ARGUMENTS',
      '{%',
      '"',
    );
    const path = fc.constantFrom(
      'a.md',
      'a.prompt',
      'a.prompty',
      'a.prompt.md',
      'a.prompt.yml',
      'a.agent.md',
      '.claude/commands/a.md',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), path, (pieces, name) => {
        try {
          expect(promptSchema.safeParse(load(pieces.join(''), name)).success).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PromptError);
        }
      }),
      { numRuns: runs(2000) },
    );
  });
});
