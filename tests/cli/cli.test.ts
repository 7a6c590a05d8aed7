import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import { hasGo } from '../support/go.ts';

const cupel = resolve('src/cli/cupel');
const run = (words: string[], options: { cwd?: string; env?: Record<string, string> } = {}) =>
  execa(cupel, words, { reject: false, ...options });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cupel-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cupel', () => {
  test('--help names the commands, the exit statuses and where to start', async () => {
    const { stdout, exitCode } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const word of ['run', 'grade', 'extract', 'render', 'report', 'doctor', 'list', 'Exit status', 'Start here'])
      expect(stdout).toContain(word);
  });

  test.each([
    ['an unknown command', ['assay'], /unknown command/],
    ['an unknown option', ['run', '--fast'], /unknown option/],
    [
      'an unknown suite',
      ['run', 'nightly'],
      /expected a file evals\/suites\/nightly.yaml, found none. There are default/,
    ],
    [
      'a scenario that the suite does not have',
      ['run', '--scenario', 'order-pricing'],
      /--scenario: expected one of .*, found order-pricing/,
    ],
    [
      'an answer that does not exist',
      ['grade', 'nothing.md'],
      /expected a file with an answer, or the id of a run; found no such file/,
    ],
    [
      'an unknown prompt',
      ['render', 'code-generation-assistant@9', 'rate-limiter'],
      /There are code-generation-assistant@2.0/,
    ],
    ['an unknown run', ['report', 'yesterday'], /found yesterday; cupel list/],
    ['a day that is none', ['grade', 'README.md', '--as-of', 'today'], /expected a day as YYYY-MM-DD, found today/],
    ['a number of jobs that is none', ['grade', 'README.md', '--jobs', 'many'], /--jobs: expected a whole number/],
  ])('%s ends with status 2 and says what was expected', async (_what, words, message) => {
    const { stderr, exitCode } = await run(words);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('a scenario that does not fit its schema is refused with file, path, expected and found', async () => {
    const project = join(folder, 'project');
    await mkdir(join(project, 'prompts'), { recursive: true });
    await mkdir(join(project, 'evals', 'broken'), { recursive: true });
    await writeFile(
      join(project, 'evals', 'broken', 'scenario.yaml'),
      'id: broken\nvariables: {}\nlanguages:\n  python:\n    runtime: 3.11\n',
    );
    await writeFile(join(project, 'answer.md'), 'prose\n');
    const graded = await run(['grade', 'answer.md', '--scenario', 'broken'], { cwd: project });
    expect(graded.stderr).toContain(
      'evals/broken/scenario.yaml: languages.python.runtime: expected string, found 3.11',
    );
    expect(graded.exitCode).toBe(2);
    await writeFile(join(project, 'evals', 'broken', 'scenario.yaml'), 'id: broken\n  variables: {}\n');
    const again = await run(['grade', 'answer.md', '--scenario', 'broken'], { cwd: project });
    expect(again.stderr).toMatch(/evals\/broken\/scenario.yaml:\d+: expected YAML/);
    expect(again.exitCode).toBe(2);
  });

  test('a language without a runner is refused, with those that have one', async () => {
    const project = join(folder, 'languages');
    await mkdir(join(project, 'prompts'), { recursive: true });
    await mkdir(join(project, 'evals', 'own'), { recursive: true });
    await writeFile(
      join(project, 'evals', 'own', 'scenario.yaml'),
      'id: own\nvariables: {}\nlanguages:\n  cobol:\n    runtime: "2023"\n',
    );
    await writeFile(join(project, 'answer.md'), 'prose\n');
    const graded = await run(['grade', 'answer.md', '--scenario', 'own'], { cwd: project });
    expect(graded.stderr).toMatch(/no runner for cobol; expected one of python, typescript, javascript, go, java/);
    expect(graded.exitCode).toBe(2);
  });

  test('a configuration that no tool of a language reads is refused, with those that one reads', async () => {
    const project = join(folder, 'standards');
    await mkdir(join(project, 'prompts'), { recursive: true });
    await mkdir(join(project, 'evals', 'own', 'standards', 'python'), { recursive: true });
    await writeFile(
      join(project, 'evals', 'own', 'scenario.yaml'),
      'id: own\nvariables: {}\nlanguages:\n  python:\n    runtime: "3.11"\n',
    );
    await writeFile(join(project, 'evals', 'own', 'standards', 'python', 'flake8.cfg'), '');
    await writeFile(join(project, 'answer.md'), 'prose\n');
    const graded = await run(['grade', 'answer.md', '--scenario', 'own'], { cwd: project });
    expect(graded.stderr).toContain(
      'standards/python: expected one of ruff.toml, bandit.yaml, mypy.ini, pyrightconfig.json, found flake8.cfg',
    );
    expect(graded.exitCode).toBe(2);
  });

  test('render prints the request that is sent, its size and its hash', async () => {
    const { stdout } = await run(['render', 'code-generation-assistant@2.0', 'rate-limiter', '--format', 'json']);
    const rendered = z
      .looseObject({ system: z.string(), user: z.string(), hash: z.string() })
      .parse(JSON.parse(stdout));
    expect(rendered.system).toMatch(/^You are a \*\*Principal Software Engineer\*\*/);
    expect(rendered.user).toContain('- Target Language(s): Go 1.24');
    expect(rendered.user).not.toContain('[languages]');
    expect(rendered.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('extract writes the files into an empty folder, and only there', async () => {
    const out = join(folder, 'out');
    const { exitCode } = await run(['extract', 'evals/recordings/rate-limiter@2.1.r1.md', '--out', out]);
    expect(exitCode).toBe(0);
    expect(await readFile(join(out, 'go.mod'), 'utf8')).toBe('module github.com/example/ratelimitd\n\ngo 1.24\n');
    const again = await run(['extract', 'evals/recordings/rate-limiter@2.1.r1.md', '--out', out]);
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.stderr).toMatch(/expected an empty folder/);
  });

  test('extract --format json has the published shape', async () => {
    const { stdout } = await run(['extract', 'evals/recordings/rate-limiter@2.1.r1.md', '--format', 'json']);
    const block = z.strictObject({
      line: z.int(),
      language: z.string().nullable(),
      role: z.string(),
      path: z.string().nullable(),
      named_by: z.string().nullable(),
      name_line: z.int().nullable(),
      end_line: z.int(),
      why: z.string(),
    });
    const file = z.strictObject({ path: z.string(), line: z.int(), named_by: z.string() });
    const shape = z.strictObject({
      flags: z.array(z.unknown()),
      blocks: z.array(block),
      projects: z.array(z.strictObject({ language: z.string().nullable(), root: z.string(), files: z.array(file) })),
    });
    expect(shape.parse(JSON.parse(stdout)).projects.flatMap(({ files }) => files)).toHaveLength(21);
  });

  test('a bare answer outside of any project is graded, and what was assumed is said', async () => {
    const answer = join(folder, 'bare.md');
    await writeFile(
      answer,
      '`app.py`\n```python\ndef one() -> int:\n    return 1\n```\n\n`test_app.py`\n```python\nfrom app import one\n\n\ndef test_one():\n    assert one() == 1\n```\n',
    );
    const { stdout, exitCode } = await run(['grade', answer, '--format', 'json'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'pass',
      assumptions: [expect.stringContaining('python 3.11'), expect.stringContaining('no tests and no coverage')],
    });
  });

  test('without Go the cells are ungraded, the message says what to install, the status is 3, and there is no score', async () => {
    const answer = join(folder, 'go.md');
    await writeFile(answer, '`go.mod`\n```\nmodule x\n\ngo 1.24\n```\n\n`x.go`\n```go\npackage x\n```\n');
    const path = (process.env['PATH'] ?? '')
      .split(':')
      .filter((part) => !/\bgo\b/.test(part))
      .join(':');
    const { stdout, exitCode } = await run(['grade', answer, '--format', 'json'], { env: { PATH: path } });
    expect(exitCode).toBe(3);
    const grade = z
      .looseObject({ verdict: z.string(), score: z.null(), reasons: z.array(z.string()) })
      .parse(JSON.parse(stdout));
    expect(grade.verdict).toBe('ungraded');
    expect(grade.reasons.join('\n')).toMatch(/install Go/);
  });

  test('doctor says which languages work here, and what to install for the others', async () => {
    const { stdout, exitCode } = await run(['doctor', '--format', 'json']);
    const health = z
      .looseObject({
        healthy: z.boolean(),
        languages: z.array(z.looseObject({ language: z.string(), problem: z.string().nullable() })),
      })
      .parse(JSON.parse(stdout));
    const problems = health.languages.flatMap(({ language, problem }) => (problem === null ? [] : [language]));
    expect(problems).toEqual(expect.not.arrayContaining(['python', 'typescript']));
    expect(problems.includes('go')).toBe(!hasGo);
    expect([health.healthy, exitCode]).toEqual(problems.length === 0 ? [true, 0] : [false, 3]);
  });
});

describe('the schema of results.json', () => {
  test('is the one that docs/results.schema.json publishes', async () => {
    const published = JSON.parse(await readFile('docs/results.schema.json', 'utf8')) as unknown;
    expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(resultsSchema, { target: 'draft-2020-12' }))));
  });
});
