import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runners } from '../../runners/index.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarioSchema } from '../../src/domain/grading/scenario.ts';
import type { Scenario } from '../../src/domain/grading/scenario.ts';
import { sharedChecks } from '../../src/app/services/checks.ts';
import { Library } from '../../src/store/inputs/library.ts';

const one = '- name: tests\n  heading: tests?\n';
const other = '- name: notes\n  heading: notes\n';
const released = (task: string): string =>
  `---\nversion: 1.0\n---\n## Prompt\n\`\`\`\n${task}\n\`\`\`\n\n## Variables\n- \`[task]\`: what to do\n`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cupel-sections-'));
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...words], {
      cwd: root,
    });
  await mkdir(join(root, 'evals'), { recursive: true });
  await put('prompts/asks/1.0.md', released('Do [task].'));
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'before there were sections');
  await put('prompts/asks/sections.yaml', one);
  await put('prompts/plain/1.0.md', released('Just do [task].'));
  await put('prompts/flat.prompt', 'Do {{task}}\n');
  await put('prompts/flat.sections.yaml', other);
  await put('prompts/silent.prompt', 'Do {{task}}\n');
  await put('prompts/broken/1.0.md', released('Do [task].'));
  await put('prompts/broken/sections.yaml', '- name: tests\n  heading: "("\n');
  await git('add', '.');
  await git('commit', '-q', '-m', 'sections');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const sectionsOf = async (reference: string): Promise<string[] | undefined> =>
  (await new Library(root).prompt(reference)).sections?.map(({ name }) => name);

const scenario = (variables: Record<string, string>, more: object = {}): Scenario =>
  scenarioSchema.parse({ id: 's', variables, languages: {}, ...more });

describe('the sections that a prompt asks for', () => {
  test('stand in the file beside it, for a version, a file and a revision alike', async () => {
    for (const reference of ['asks@1.0', 'prompts/asks/1.0.md', 'git:main:prompts/asks/1.0.md'])
      expect(await sectionsOf(reference)).toEqual(['tests']);
  });

  test('are those of its own file where several prompts share a folder', async () => {
    expect(await sectionsOf('prompts/flat.prompt')).toEqual(['notes']);
    expect(await sectionsOf('git:main:prompts/flat.prompt')).toEqual(['notes']);
  });

  test('are none without that file, also at a revision that does not have it yet', async () => {
    for (const reference of ['plain@1.0', 'prompts/silent.prompt', 'git:main~1:prompts/asks/1.0.md'])
      expect(await sectionsOf(reference)).toBe(undefined);
  });

  test('do not change what the prompt is: its hash is that of what is sent', async () => {
    const library = new Library(root);
    const [before, now] = [await library.prompt('git:main~1:prompts/asks/1.0.md'), await library.prompt('asks@1.0')];
    expect(now.hash).toBe(before.hash);
  });

  test('are refused with file and place where they cannot be read', async () => {
    await expect(sectionsOf('broken@1.0')).rejects.toThrow(
      /^prompts\/broken\/sections\.yaml: 0\.heading: expected a regular expression, found "\("/,
    );
  });

  test('are no prompt', async () => {
    expect(await new Library(root).promptFiles()).toEqual(['prompts/flat.prompt', 'prompts/silent.prompt']);
  });
});

describe('the parts of a prompt', () => {
  test('stand in a file beside it, which is no prompt and changes nothing of what is sent', async () => {
    const library = new Library(root);
    const before = await library.prompt('plain@1.0');
    await writeFile(join(root, 'prompts', 'plain', 'asked.yaml'), 'instructions:\n  - words: do it\n');
    const now = await new Library(root).prompt('plain@1.0');
    expect(before.parts).toBe(undefined);
    expect(now).toMatchObject({ hash: before.hash, parts: { instructions: [{ words: 'do it', checked: [] }] } });
    expect(await library.promptFiles()).not.toContain('prompts/plain/asked.yaml');
    await rm(join(root, 'prompts', 'plain', 'asked.yaml'));
  });

  test('of our own prompt name checks and variables that there are', async () => {
    const prompt = await new Library('.').prompt('code-generation-assistant@2.1');
    const { instructions = [], variables = {} } = prompt.parts ?? {};
    const named = [...instructions, ...Object.values(variables)].flatMap(({ checked, partly, presence }) => [
      ...checked,
      ...partly,
      ...presence,
    ]);
    const all = [
      ...sharedChecks.answer.map(({ name }) => `answer/${name}`),
      ...[...runners.flatMap(({ checks }) => checks), ...sharedChecks.everyLanguage].map(({ name }) => name),
    ];
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
    expect(Object.keys(variables).sort()).toEqual(prompt.variables.toSorted());
  });
});

describe('the sections of an answer whose prompt nobody names', () => {
  const inferred = (asked: Scenario) => new Library(root).sectionsFor(asked);

  test('are those of the only prompt with sections that the scenario fills in', async () => {
    expect(await inferred(scenario({ task: 'x' }))).toMatchObject({ prompt: 'asks', sections: [{ name: 'tests' }] });
    expect(await inferred(scenario({ task: 'x', more: 'y' }))).toBe(null);
    expect(await inferred(scenario({}))).toBe(null);
  });

  test('are none where the scenario says so, or where two prompts would fit', async () => {
    expect(await inferred(scenario({ task: 'x' }, { sections: false }))).toBe(null);
    await mkdir(join(root, 'prompts', 'twin'), { recursive: true });
    await writeFile(join(root, 'prompts', 'twin', '1.0.md'), released('Please do [task].'));
    await writeFile(join(root, 'prompts', 'twin', 'sections.yaml'), other);
    expect(await inferred(scenario({ task: 'x' }))).toBe(null);
    await rm(join(root, 'prompts', 'twin'), { recursive: true });
  });
});
