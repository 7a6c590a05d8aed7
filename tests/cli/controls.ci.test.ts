import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unreachableAt } from '../../src/sandbox/identity.ts';
import { stateFolder } from '../../src/store/state/state.ts';

const cupel = resolve('src/cli/cupel');
const answer = `\`requirements.txt\`

\`\`\`
pytest==8.3.5
\`\`\`

\`adder.py\`

\`\`\`python
def add(a: int, b: int) -> int:
    return a + b
\`\`\`

\`test_adder.py\`

\`\`\`python
from adder import add


def test_add() -> None:
    assert add(1, 2) == 3
\`\`\`
`;
const specimens = (fails: string): string => `mark: cupel-mark-of-a-test-4711
date: 2026-11-01
reference: { answer: recordings/a@1.0.r1.md }
specimens:
  - id: subtracts
    defect: It subtracts.
    class: behaviour
    language: python
    replace: [{ from: 'a + b', to: 'a - b' }]
    fails: [${fails}]
`;
const files: Readonly<Record<string, string>> = {
  'prompts/tiny/1.0.md': '---\nversion: 1.0\n---\n## Prompt\n```\nDo [task].\n```\n\n## Variables\n- `[task]`: what\n',
  'evals/a/scenario.yaml':
    'id: a\nvariables: { task: add }\nlanguages: { python: { runtime: "3.11" } }\nsections: false\n',
  'evals/recordings/recordings.yaml': 'date: 2026-11-01\nmodel: null\nstop_reason: end_turn\n',
  'evals/recordings/a@1.0.r1.md': answer,
  'evals/suites/default.yaml': 'id: default\nprompts: [tiny@1.0]\nmodels: [recorded]\nscenarios: [a]\ncontrols: true\n',
};

let root = '';
let state = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cupel-controls-'));
  state = (await stateFolder(join(process.cwd(), '.cupel'), null, unreachableAt)).folder;
  for (const [path, text] of Object.entries({ ...files, 'evals/a/specimens.yaml': specimens('python/tests') })) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the suite; how it ends, what it says, and the controls of the latest run. */
async function run(...words: string[]) {
  const { exitCode, stderr } = await execa(cupel, ['run', '--state', state, ...words], { cwd: root, reject: false });
  const runs = await readdir(join(root, 'reports', 'runs')).catch((): string[] => []);
  const latest = runs.sort().at(-1);
  const manifest =
    latest === undefined ? '{}' : await readFile(join(root, 'reports', 'runs', latest, 'run.json'), 'utf8');
  return { exitCode, stderr, runs: runs.length, controls: (JSON.parse(manifest) as { controls?: unknown }).controls };
}

test(
  'controls are graded once, can be left out, and make a run void that does not grade them as written',
  { timeout: 300_000 },
  async () => {
    const first = await run();
    expect(first).toMatchObject({ exitCode: 0, runs: 1, controls: { as_written: ['a'], left_out: [] } });
    const again = await run();
    expect(again).toMatchObject({ exitCode: 0, runs: 2, controls: { as_written: ['a'] } });
    expect(again.stderr).not.toContain('grading the control');
    await writeFile(join(root, 'evals', 'a', 'specimens.yaml'), specimens('python/build'));
    const broken = await run();
    expect(broken).toMatchObject({ exitCode: 3, runs: 2 });
    expect(broken.stderr).toMatch(
      /void, and no model was asked: .*"subtracts".*python\/build fail and no other check, found python\/tests/s,
    );
    expect(await run('--no-controls')).toMatchObject({
      exitCode: 0,
      runs: 3,
      controls: { as_written: [], left_out: ['a'] },
    });
  },
);
