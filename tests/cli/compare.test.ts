import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/domain/runs/comparison.ts';
import type { Results } from '../../src/domain/runs/run.ts';

const cupel = resolve('src/cli/cupel');
const state = resolve('.cupel');
let project = '';
const run = (words: string[], cwd = project) => execa(cupel, words, { reject: false, cwd });
const runFolder = (id: string): string => join(project, 'reports', 'runs', id);
const SCENARIOS = ['add', 'double', 'greet', 'clamp', 'count'];

const scenario = (id: string): string => `id: ${id}
variables: {}
languages:
  python:
    runtime: "3.11"
    standards: [ruff]
sections: false
`;

const front = (version: string, text: string): string =>
  `---\ntitle: "P"\nversion: "${version}"\n---\n\n# P\n\n## Description\n\nA prompt.\n\n## Prompt\n\n\`\`\`text\n${text}\n\`\`\`\n`;

/** pytest alone starts much sooner than with all the plugins of the pinned environment. */
const requirements = '`requirements.txt`\n```\npytest==8.3.5\n```\n\n';

/** A tiny answer: a function and its test. `broken` makes it return the wrong thing, `untested` leaves the test out. */
function answer(
  id: string,
  { broken = false, untested = false, comment = '' }: { broken?: boolean; untested?: boolean; comment?: string } = {},
): string {
  const code = `${comment}def ${id}(value: int) -> int:\n    return value${broken ? ' + 1' : ''}\n`;
  const tests = `\`test_${id}.py\`\n\`\`\`python\nfrom ${id} import ${id}\n\n\ndef test_${id}():\n    assert ${id}(3) == 3\n\`\`\`\n`;
  return `${requirements}\`${id}.py\`\n\`\`\`python\n${code}\`\`\`\n\n${untested ? '' : tests}`;
}

/** Versions of one prompt, each with the answers that it got. */
const versions: Readonly<Record<string, (id: string, repeat: number) => string>> = {
  '1.0': (id) => answer(id),
  '1.1': (id) => answer(id, { comment: '# The value as it is.\n' }), // a harmless edit
  '1.2': (id) => answer(id, { untested: true }),
  '1.3': (id, repeat) => answer(id, { broken: repeat === 3 }), // a bug in a third of them
};

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cupel-compare-'));
  for (const folder of ['prompts/p', 'evals/suites', 'evals/recordings', ...SCENARIOS.map((id) => `evals/${id}`)])
    await mkdir(join(project, folder), { recursive: true });
  await writeFile(
    join(project, 'evals/recordings/recordings.yaml'),
    'date: 2026-11-01\nmodel: null\nstop_reason: end_turn\n',
  );
  for (const id of SCENARIOS) await writeFile(join(project, 'evals', id, 'scenario.yaml'), scenario(id));
  for (const [version, make] of Object.entries(versions)) {
    await writeFile(
      join(project, 'prompts/p', `${version}.md`),
      front(version, `Write it, as version ${version} wants it.`),
    );
    for (const id of SCENARIOS)
      for (const repeat of [1, 2, 3])
        await writeFile(join(project, 'evals/recordings', `${id}@${version}.r${repeat}.md`), make(id, repeat));
  }
  const suite = (id: string, prompts: string[], repeats: number, more = ''): Promise<void> =>
    writeFile(
      join(project, 'evals/suites', `${id}.yaml`),
      `id: ${id}\nprompts: [${prompts.join(', ')}]\nmodels: [recorded]\nscenarios: [${SCENARIOS.join(', ')}]\nrepeats: ${repeats}\n${more}`,
    );
  await suite('all', ['p@1.0', 'p@1.1', 'p@1.2', 'p@1.3'], 3);
  await suite('gated', ['p@1.0', 'p@1.2'], 1, 'gate:\n  base: p@1.0\n  margins: { pass: 0.05 }\n');
  await suite('lenient', ['p@1.0', 'p@1.1'], 1, 'gate:\n  base: none\n  margins: { pass: 1.5 }\n');
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** The run of a suite, made once. */
const made = new Map<string, Promise<string>>();
function graded(suite: string): Promise<string> {
  const known =
    made.get(suite) ??
    run(['run', suite, '--format', 'json', '--state', state]).then(
      ({ stdout }) => (JSON.parse(stdout) as Results).run.id,
    );
  made.set(suite, known);
  return known;
}

async function compared(words: string[]): Promise<{ status: number | undefined; made: Comparison; stderr: string }> {
  const { stdout, stderr, exitCode } = await run(['compare', ...words, '--format', 'json', '--state', state]);
  return { status: exitCode, made: JSON.parse(stdout) as Comparison, stderr };
}

/** A copy of a run under another id, changed. */
async function copyOf(id: string, as: string, change: (results: Results) => void): Promise<string> {
  const results = JSON.parse(await readFile(join(runFolder(id), 'results.json'), 'utf8')) as Results;
  results.run.id = as;
  change(results);
  await execa('cp', ['-r', runFolder(id), runFolder(as)]);
  await writeFile(join(runFolder(as), 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  return as;
}

describe('answers that are deliberately worse', () => {
  test('are caught: all tests removed, and a bug in a third of them', async () => {
    const id = await graded('all');
    for (const version of ['p@1.2', 'p@1.3']) {
      const { status, made: result } = await compared([id, '--prompt', 'p@1.0', version]);
      expect(result).toMatchObject({ outcome: 'worse', gate: { met: false } });
      expect(status).toBe(1);
    }
  });

  test('and a harmless edit is not: nothing differs, and the gate is met', async () => {
    const { status, made: result } = await compared([await graded('all'), '--prompt', 'p@1.0', 'p@1.1']);
    expect(result.outcome).not.toBe('worse');
    expect(result.dimensions.every(({ difference }) => difference === 0)).toBe(true);
    expect(status).toBe(0);
  });

  test('are found by the gate of a suite, with exit status 1', async () => {
    const { stdout, exitCode } = await run(['run', 'gated', '--state', state]);
    expect(stdout).toMatch(/▼ worse {2}p@1\.0 → p@1\.2/);
    expect(exitCode).toBe(1);
  });

  test('and by one that asks for a share of passing answers by itself, which one answer is enough to miss', async () => {
    await writeFile(
      join(project, 'evals/suites/share.yaml'),
      'id: share\nprompts: [p@1.2]\nmodels: [recorded]\nscenarios: [add]\ngate:\n  atLeast: { pass: 0.8 }\n',
    );
    const { stdout, exitCode } = await run(['run', 'share', '--state', state]);
    expect(stdout).toMatch(/The gate of the run itself is not met\.\n {2}✗ p@1\.2 × recorded: pass of at least 80 %/);
    expect(exitCode).toBe(1);
  });

  test('are found with more answers where the first ones are not enough, each answer asked for once', async () => {
    await writeFile(
      join(project, 'evals/suites/settle.yaml'),
      `id: settle\nprompts: [p@1.0, p@1.3]\nmodels: [recorded]\nscenarios: [${SCENARIOS.join(', ')}]\nrepeats: 1\ngate:\n  base: p@1.0\n  scope: suite\n  margins: { pass: 0.05 }\n`,
    );
    const { stdout, stderr, exitCode } = await run([
      'run',
      'settle',
      '--until-settled',
      '20',
      '--format',
      'json',
      '--state',
      state,
    ]);
    expect(stderr).toMatch(/look 1 of at most 5: not enough data; 6 answers more/);
    const { grades, run: manifest } = JSON.parse(stdout) as Results;
    const looks = stderr.match(/look \d+ of at most 5: /g) ?? [];
    expect(grades.length).toBe(manifest.cells.length);
    expect(grades.length).toBeGreaterThan(10);
    expect(grades.length).toBeLessThanOrEqual(30);
    expect(looks.length).toBeGreaterThan(1);
    const answered = (await readFile(join(runFolder(manifest.id), 'journal.ndjson'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes('"event":"answered"'));
    expect(answered).toHaveLength(grades.length);
    expect([0, 1]).toContain(exitCode);
    // As after a kill: the run has more cells by now than it began with, and comes to the same end.
    const again = await run([
      'run',
      'settle',
      '--until-settled',
      '20',
      '--resume',
      manifest.id,
      '--format',
      'json',
      '--state',
      state,
    ]);
    expect(again.exitCode).toBe(exitCode);
    expect((JSON.parse(again.stdout) as Results).grades.map(({ cell, verdict }) => [cell, verdict])).toEqual(
      grades.map(({ cell, verdict }) => [cell, verdict]),
    );
  });

  test('and where no more answers are to be had, what is there decides', async () => {
    await writeFile(
      join(project, 'evals/suites/short.yaml'),
      `id: short\nprompts: [p@1.0, p@1.1]\nmodels: [recorded]\nscenarios: [${SCENARIOS.join(', ')}]\nrepeats: 3\ngate:\n  base: p@1.0\n  margins: { pass: 0.05 }\n`,
    );
    const { stdout, stderr, exitCode } = await run(['run', 'short', '--until-settled', '30', '--state', state]);
    expect(stderr).toMatch(/look 2 of at most 6: not enough data\n/);
    expect(stderr).not.toMatch(/look 3/);
    expect(stdout).toMatch(/\? not enough data {2}p@1\.0 → p@1\.1/);
    expect(exitCode).toBe(0);
  });
});

describe('grader, tools and dependencies', () => {
  test("an older linter's run is graded again first, and what the newer one finds is the tool's doing", async () => {
    const id = await graded('all');
    const older = await copyOf(id, '2026-01-01T00-00-00.000-older', ({ run: manifest, grades }) => {
      manifest.tools['ruff'] = '0.0.1';
      // The older linter let the test files without a docstring pass: here, it knew one rule less of the untested
      // answers.
      for (const grade of grades) for (const check of grade.checks) check.findings = [];
    });
    const { stderr, made: result } = await compared([older, id, '--prompt', 'p@1.3', 'p@1.3']);
    expect(stderr).toMatch(/grader or tools differ, so the base \(2026-01-01T00-00-00.000-older\) is graded again/);
    expect(result.changes.map(({ what, text }) => `${what}: ${text}`).join()).toMatch(/tools: ruff 0\.0\.1 → /);
    expect(result.regradings).toMatchObject([{ side: 'base', of: 15 }]);
    expect(result.regradings[0]?.findings[0]).toMatchObject({ tool: 'pytest' });
    expect(result.outcome).not.toBe('worse');
    expect(result.reasons.at(-1)).toMatch(/all answers are the same/);
  });

  test('where the answers are gone, an older grader cannot be made up for: status 3, and no number', async () => {
    const older = await copyOf(
      await graded('all'),
      '2026-01-01T00-00-00.001-gone',
      ({ run: manifest }) => (manifest.grader = 'another'),
    );
    await rm(join(runFolder(older), 'answers'), { recursive: true });
    const { stdout, stderr, exitCode } = await run([
      'compare',
      older,
      await graded('all'),
      '--prompt',
      'p@1.0',
      'p@1.1',
      '--state',
      state,
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/its answers are gone/);
    expect(stdout).toBe('');
  });

  test("a new release of a dependency is the dependency's doing: the same answers, other verdicts", async () => {
    const id = await graded('all');
    const later = await copyOf(id, '2026-01-01T00-00-00.002-later', ({ grades, fingerprints }) => {
      grades.forEach((grade) => (grade.verdict = 'fail'));
      fingerprints.forEach((fingerprint) => (fingerprint.dependencies = { 'python@.': 'later' }));
    });
    const { made: result } = await compared([id, later, '--prompt', 'p@1.0', 'p@1.0']);
    expect(result.changes.map(({ what }) => what)).toEqual(['dependencies']);
    expect(result.changes[0]?.text).toMatch(
      /15 verdicts changed with them, which neither prompt nor model can have done/,
    );
  });
});

describe('a baseline', () => {
  test('is promoted on purpose, reads as one line for each answer, and is enough to compare with', async () => {
    const id = await graded('all');
    const promoted = await run(['baseline', 'promote', id, '--name', 'good', '--prompt', 'p@1.0']);
    expect(promoted.exitCode).toBe(0);
    const text = await readFile(join(project, 'reports/baselines/good.json'), 'utf8');
    expect(text.split('\n').filter((line) => line.startsWith('  {"cell"'))).toHaveLength(15);
    const same = await compared(['good', id, '--prompt', 'p@1.0', 'p@1.0']);
    expect(same.made).toMatchObject({ base: { name: 'good', cells: 15 } });
    expect(same.status).toBe(0);
    const { made: result, status } = await compared(['good', id, '--prompt', 'p@1.0', 'p@1.2']);
    expect(result.outcome).toBe('worse');
    expect(status).toBe(1);
  });
});

describe('what cannot be compared', () => {
  test.each([
    ['an unknown run', ['nothing', 'latest'], 2, /expected a run or a baseline/],
    ['an unknown baseline', ['baseline:nothing', 'latest'], 2, /expected a file .*nothing\.json, found none/],
    ['several prompts', ['latest'], 2, /expected two sides; name two of its prompts/],
    [
      'an unknown prompt',
      ['latest', '--prompt', 'p@9', 'p@1.0'],
      2,
      /--prompt: expected one of .* of the base, found p@9/,
    ],
    ['a scope that is none', ['latest', '--scope', 'all'], 2, /Allowed choices are population, suite/],
  ])('%s', async (_what, words, status, message) => {
    // "latest" is the run that was made first here.
    const id = await graded('all');
    const { stderr, stdout, exitCode } = await run([
      'compare',
      ...words.map((word) => (word === 'latest' ? id : word)),
    ]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(status);
    expect(stdout).toBe('');
  });

  test('a damaged file is named with status 2, and a run that is void, or of other scenarios, with status 3', async () => {
    const id = await graded('all');
    const cut = await copyOf(id, '2026-01-01T00-00-00.003-cut', () => {});
    const path = join(runFolder(cut), 'results.json');
    const text = await readFile(path, 'utf8');
    for (const [broken, message] of [
      [text.slice(0, text.length / 2), /found a file that ends early/],
      [
        text.replace('"verdict": "pass"', '"verdict": "fine"'),
        /verdict: expected pass or fail or ungraded, found "fine"/,
      ],
      ['', /found nothing/],
    ] as const) {
      await writeFile(path, broken);
      const { stderr, stdout, exitCode } = await run(['compare', cut, id, '--prompt', 'p@1.0', 'p@1.1']);
      expect(stderr).toMatch(message);
      expect([exitCode, stdout]).toEqual([2, '']);
    }
    const empty = await copyOf(id, '2026-01-01T00-00-00.004-void', ({ grades }) =>
      grades.forEach((grade) => Object.assign(grade, { verdict: 'ungraded', score: null })),
    );
    const other = await copyOf(id, '2026-01-01T00-00-00.005-other', ({ grades, run: manifest }) =>
      [...grades.map(({ cell }) => cell), ...manifest.cells].forEach(
        (cell) => (cell.scenario = `other-${cell.scenario}`),
      ),
    );
    for (const [name, message] of [
      [empty, /the base is void: expected at most 0 ungraded cells, found 15 of 15/],
      [other, /no scenario is the same on both sides/],
    ] as const) {
      const { stderr, stdout, exitCode } = await run(['compare', name, id, '--prompt', 'p@1.0', 'p@1.1']);
      expect(stderr).toMatch(message);
      expect([exitCode, stdout]).toEqual([3, '']);
    }
  });

  test('a gate that does not fit is refused with file, path, expected and found', async () => {
    const { stderr, exitCode } = await run(['run', 'lenient']);
    expect(stderr).toMatch(/evals\/suites\/lenient\.yaml: gate\.margins\.pass: .*found 1\.5/);
    expect(exitCode).toBe(2);
    const without = (gate: string): Promise<void> =>
      writeFile(
        join(project, 'evals/suites/refused.yaml'),
        `id: refused\nprompts: [p@1.0, p@1.1]\nmodels: [recorded]\nscenarios: [add]\ngate:\n${gate}`,
      );
    const refusals: [gate: string, message: RegExp][] = [
      ['  margins: { pass: 0.05 }\n', /gate\.margins: expected base: baseline, or a prompt or model/],
      ['  base: baseline\n', /baseline refused: expected a file .*refused\.json, found none/],
      ['  atLeast: { test: 0.9 }\n', /gate: expected pass, score, or a check .*, found test\. There are .*tests/],
      ['  base: p@1.0\n  limits: { cost: 1.5 }\n', /gate\.limits: expected a live model, .* no cost/],
    ];
    const runsBefore = await readdir(join(project, 'reports/runs')).catch(() => []);
    for (const [gate, message] of refusals) {
      await without(gate);
      const refused = await run(['run', 'refused']);
      expect(refused.stderr).toMatch(message);
      expect(refused.exitCode).toBe(2);
    }
    await without('  base: p@1.0\n');
    const filtered = await run(['run', 'refused', '--prompt', 'p@1.1']);
    expect(filtered.stderr).toMatch(/found before anything was asked. --no-gate runs the suite/);
    expect(filtered.exitCode).toBe(2);
    expect(await readdir(join(project, 'reports/runs')).catch(() => [])).toEqual(runsBefore);
    await rm(join(project, 'evals/suites/refused.yaml'));
    const unsettled = await run(['run', 'all', '--until-settled']);
    expect(unsettled.stderr).toMatch(/expected the suite all to say what is to be settled \(gate: base\)/);
    expect(unsettled.exitCode).toBe(2);
  });
});

describe('before anything is paid', () => {
  test('--dry-run says what the planned answers can settle, and grades nothing', async () => {
    const before = (await readdir(join(project, 'reports/runs')).catch(() => [])).length;
    const { stdout, exitCode } = await run(['run', 'all', '--dry-run']);
    expect(stdout).toMatch(
      /^recorded: 60 cells, replayed\n5 scenarios with 3 repeats a side, if \d+ % of the answers pass: the gate is settled with a chance of \d+ %/,
    );
    expect(exitCode).toBe(0);
    expect((await readdir(join(project, 'reports/runs')).catch(() => [])).length).toBe(before);
  });
});
