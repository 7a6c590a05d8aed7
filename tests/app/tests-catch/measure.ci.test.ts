import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { unreachableAt } from '../../../src/sandbox/identity.ts';
import { stateFolder } from '../../../src/store/state/state.ts';

const cupel = resolve('src/cli/cupel');
const block = (path: string, text: string): string => `\`${path}\`\n\n\`\`\`python\n${text}\n\`\`\`\n\n`;

const program = `\`requirements.txt\`

\`\`\`
pytest==8.3.5
\`\`\`

${block('adder/__init__.py', '"""Adds."""')}${block(
  'adder/core.py',
  'def total(numbers: list[int]) -> int:\n    return sum(number for number in numbers)\n',
)}${block('adder/__main__.py', 'import sys\n\nfrom adder.core import total\n\nprint(total([int(word) for word in sys.argv[1:]]))\n')}`;
const inside = block(
  'test_core.py',
  'from adder.core import total\n\n\ndef test_total() -> None:\n    assert total([1]) == 1\n',
);
const startsIt = (asserted: string): string =>
  block(
    'test_command.py',
    `import subprocess
import sys


def run(*words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "adder", *words], capture_output=True, text=True, check=False
    ).stdout


def test_it() -> None:
    assert ${asserted}
`,
  );

const files: Readonly<Record<string, string>> = {
  'prompts/tiny/1.0.md': '---\nversion: 1.0\n---\n## Prompt\n```\nDo [task].\n```\n\n## Variables\n- `[task]`: what\n',
  'evals/add/scenario.yaml':
    'id: add\nvariables: { task: print the sum }\nlanguages: { python: { runtime: "3.11" } }\nsections: false\n',
  'evals/add/contract.yaml': `contract: 1
mark: cupel-mark-of-a-test-contract-4712
kind: command
run: { python: { command: [python, -m, adder] } }
version: { args: ['1'], exit: 0, stdout: { matches: '1' } }
endpoints: { add: adder }
probes:
  - id: sum
    title: It prints the sum
    level: must
    quote: print the sum
    endpoint: add
    catches: a program that prints something else
    steps: [{ run: { args: ['1', '2'] }, expect: { exit: 0, stdout: { matches: '^3' } } }]
`,
  'evals/add/reference.md': program + inside,
  'evals/add/specimens.yaml': `mark: cupel-mark-of-a-test-4712
date: 2026-11-01
reference: { answer: add/reference.md }
specimens:
  - id: one-more
    defect: It adds one.
    class: behaviour
    language: python
    replace: [{ from: 'number for number in numbers)', to: 'number for number in numbers) + 1' }]
    fails: [python/acceptance, python/tests]
  - id: only-positive
    defect: Negative numbers do not count.
    class: behaviour
    language: python
    replace: [{ from: 'number for number in numbers)', to: 'number for number in numbers if number > 0)' }]
    fails: [python/acceptance]
`,
  'strong.md': program + startsIt('run("1", "2").strip() == "3"'),
  'weak.md': program + startsIt('run("1", "2") != "an error"'),
  'wants-more.md': program + startsIt('run("--help").startswith("usage")'),
};

let root = '';
let state = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cupel-catches-'));
  state = (await stateFolder(resolve('.cupel'), null, unreachableAt)).folder;
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

const gradeSchema = z.object({
  checks: z.array(
    z.object({
      id: z.string(),
      facts: z.record(z.string(), z.unknown()),
      findings: z.array(z.object({ rule: z.string() })),
    }),
  ),
});

/** What is told of the tests of an answer. */
async function told(answer: string) {
  const words = ['grade', answer, '--scenario', 'add', '--as-of', '2026-11-01', '--state', state, '--tests-catch'];
  const { stdout } = await execa(cupel, [...words, '--format', 'json'], { cwd: root, reject: false });
  const { checks } = gradeSchema.parse(JSON.parse(stdout));
  const found = checks.find(({ id }) => id === 'python/tests');
  return {
    catches: found?.facts['tests_catch'],
    missed: found?.facts['tests_catch_missed'],
    rules: found?.findings.map(({ rule }) => rule),
  };
}

test(
  'tests that start the program are run with wrong ones, and what cannot be is told',
  { timeout: 600_000 },
  async () => {
    expect(await told('strong.md')).toMatchObject({ catches: '1 of 2', missed: ['only-positive'], rules: [] });
    const weak = await told('weak.md');
    expect(weak.catches).toBe('0 of 2');
    expect(weak.rules).toContain('tests-catch-nothing');
    expect((await told('wants-more.md')).catches).toMatch(/^not measured: they want more than the contract says/);
  },
);
