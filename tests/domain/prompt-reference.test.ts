import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellKey } from '../../src/domain/grading/cell.ts';
import { readPromptReference, versionIn } from '../../src/domain/runs/prompt-reference.ts';
import { suiteSchema } from '../../src/domain/runs/suite.ts';

describe('a reference to a prompt', () => {
  test.each([
    ['code-generation-assistant@2.1', { kind: 'version', id: 'code-generation-assistant', version: '2.1' }],
    ['prompts/x.md', { kind: 'file', path: 'prompts/x.md' }],
    ['./some@2.prompty', { kind: 'file', path: './some@2.prompty' }],
    ['git:main:prompts/x.md', { kind: 'git', revision: 'main', path: 'prompts/x.md' }],
    ['git:HEAD~3:a b.md', { kind: 'git', revision: 'HEAD~3', path: 'a b.md' }],
    ['git:main@{1}:x@2.md', { kind: 'git', revision: 'main@{1}', path: 'x@2.md' }],
  ])('%s is read', (text, expected) => {
    expect(readPromptReference(text)).toEqual(expected);
  });

  test.each([
    '',
    ' x.md',
    '-x.md',
    '--output=y@1',
    'git:-x:y',
    'git:--exec=z:y',
    'git:main:-y',
    'git:main',
    'git::x',
    'git:main:',
    'git:a b:x',
    'git:main:../x',
    'git:main:/x',
    'git:main:a//b',
    '..@1',
    'x\n@1',
    'a/'.repeat(80),
  ])('%j is refused', (text) => {
    expect(readPromptReference(text).kind).toBe('none');
  });

  test('never begins with an option, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `git:${text}`),
          fc.string().map((text) => `-${text}`),
        ),
        (text) => {
          const read = readPromptReference(text);
          const words = read.kind === 'git' ? [read.revision, read.path] : read.kind === 'file' ? [read.path] : [];
          for (const word of words) expect(word.startsWith('-')).toBe(false);
        },
      ),
    );
  });

  test('names a version only when it is one', () => {
    expect(['a@1', 'a/b@1', 'git:main@{1}:x'].map(versionIn)).toEqual(['1', null, null]);
  });

  test('leaves room for the rest of the name that a cell is filed under', () => {
    const reference = `git:main:${'a/'.repeat(30)}b.md`;
    expect(readPromptReference(reference).kind).toBe('git');
    expect(cellKey({ prompt: reference, scenario: 'scenario', model: 'recorded', repeat: 1 }).length).toBeLessThan(200);
  });
});

describe('the prompts of a suite', () => {
  const suite = (prompt: string): object => ({ id: 's', prompts: [prompt], models: ['m'], scenarios: ['s'] });

  test.each(['a@1', 'prompts/x.md', './x.prompty', 'git:main:x.md'])('may be %s', (prompt) => {
    expect(suiteSchema.safeParse(suite(prompt)).success).toBe(true);
  });

  test.each(['/etc/passwd', '../x.md', 'prompts/../../x.md', '-x', 'git:-x:y'])('may not be %s', (prompt) => {
    expect(suiteSchema.safeParse(suite(prompt)).success).toBe(false);
  });
});
