import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Night } from '../../src/domain/runs/night.ts';

const cupel = resolve('src/cli/cupel');
const state = resolve('.cupel');
let project = '';
const run = (...words: string[]) => execa(cupel, words, { reject: false, cwd: project });
const night = (...words: string[]) => run('night', 'nightly', '--state', state, ...words);

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cupel-night-'));
  for (const folder of ['prompts/p', 'evals/suites', 'evals/add', 'evals/double', 'scripts'])
    await mkdir(join(project, folder), { recursive: true });
  await writeFile(
    join(project, 'prompts/p/1.0.md'),
    '---\ntitle: "P"\nversion: "1.0"\n---\n\n# P\n\n## Description\n\nA.\n\n## Prompt\n\n```text\nWrite.\n```\n',
  );
  for (const id of ['add', 'double'])
    await writeFile(
      join(project, 'evals', id, 'scenario.yaml'),
      `id: ${id}\nvariables: {}\nlanguages:\n  python: { runtime: "3.11", standards: [ruff] }\nsections: false\n`,
    );
  // Answers without code: nothing has to be installed or run to grade them.
  await writeFile(
    join(project, 'scripts/model.sh'),
    'echo no; echo \'{"cupel":{"outputTokens":9,"costUsd":0.01}}\' >&2\n',
  );
  await writeFile(
    join(project, 'evals/suites/nightly.yaml'),
    'id: nightly\nprompts: [p@1.0]\nmodels: ["exec:sh scripts/model.sh a", "exec:sh scripts/model.sh b"]\nscenarios: [add, double]\nrepeats: 2\n',
  );
});
afterAll(() => rm(project, { recursive: true, force: true }));

describe('a night', () => {
  test('without a baseline, or of recordings, is refused before anything is asked', async () => {
    const missing = await night();
    expect(missing.stderr).toMatch(/baseline nightly: expected a file/);
    expect(missing.exitCode).toBe(2);
    const recorded = await night('--model', 'recorded');
    expect(recorded.stderr).toMatch(/found recorded, whose answers are the same every night/);
    expect(await readdir(join(project, 'reports/runs')).catch(() => [])).toEqual([]);
  });

  test('asks every model anew, compares each with its baseline, and keeps the history', async () => {
    const first = await night('--no-baseline');
    expect(first.exitCode).toBe(0);
    await run('baseline', 'promote', 'latest', '--name', 'nightly');
    const second = await night('--keep', '1', '--format', 'json');
    const made = JSON.parse(second.stdout) as Night;
    expect(second.exitCode).toBe(0);
    expect(made.spentUsd).toBeCloseTo(0.08);
    expect(
      made.series.map(({ model, line, answers, outcome, control }) => [model, line, answers, outcome, control]),
    ).toEqual(['a', 'b'].map((name) => [`exec:sh scripts/model.sh ${name}`, 1, 4, 'not enough data', 'quiet']));
    const history = await readFile(join(project, 'reports/baselines/nightly.history.ndjson'), 'utf8');
    expect(history.trim().split('\n')).toHaveLength(2);
    // The run of the first night is that of the baseline, so it stays.
    expect(await readdir(join(project, 'reports/runs'))).toHaveLength(2);
    const trend = await run('trend', 'nightly');
    expect(trend.stdout).toMatch(/exec:sh scripts\/model\.sh a {2}p@1\.0 {3}2 /);
    expect((await run('trend', 'nightly', '--format', 'html')).stdout).toContain('nightly, night by night');
  });

  test('says in one line what the morning should know', async () => {
    await writeFile(
      join(project, 'evals/quarantine.yaml'),
      '- { scenario: add, reason: r, owner: o, until: 2020-01-01 }\n',
    );
    const { stdout, stderr } = await night();
    expect(stderr).toMatch(/asked for anew; none of an earlier night is used/);
    expect(stderr).toMatch(/add: its quarantine is over; it gates again/);
    expect(stdout.trim()).toMatch(
      /^nightly \d{4}-\d\d-\d\d \(asked anew\): exec:.* \? not enough data \(0\/4 pass\); .*no alarm\. \$0\.08, run \S+$/,
    );
  });
});
