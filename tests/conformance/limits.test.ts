import { describe, expect } from 'vitest';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';
import type { Files } from '../support/grading/answers.ts';
import { checked, rulesOf } from '../support/grading/grading.ts';
import { program } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { runsTests, scripted } from '../support/grading/sandboxes.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

const goTest = (body: string, imports = ''): string =>
  `package tiny\n\nimport (\n${imports}\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n${body}}\n`;
const jestTest = (body: string): string => `test('it', async () => {\n${body}});\n`;
const pyTest = (body: string, imports = ''): string => `${imports}\n\ndef test_it():\n${body}`;

type Bodies = readonly (readonly [Language, string])[];
const fileOf: Readonly<Record<Language, string>> = {
  python: 'test_app.py',
  typescript: 'app.test.js',
  go: 'app_test.go',
};

const endless: Bodies = [
  ['python', pyTest('    while True:\n        pass\n')],
  ['typescript', jestTest('  for (;;);\n')],
  ['go', goTest('\tfor i := 0; ; i++ {\n\t}\n')],
];
const deadlock: Bodies = [
  ['python', pyTest('    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n', 'import threading\n')],
  [
    'typescript',
    "jest.setTimeout(900000);\n\ntest('it', async () => {\n  const waiting = setInterval(() => {}, 100000);\n  await new Promise(() => {});\n  clearInterval(waiting);\n});\n",
  ],
  ['go', goTest('\ttime.Sleep(time.Hour)\n', '\t"time"\n')],
];
const greedy: Bodies = [
  ['python', pyTest('    keep = []\n    while True:\n        keep.append(bytearray(16 * 1024 * 1024))\n')],
  ['typescript', jestTest('  const keep = [];\n  for (;;) keep.push(Buffer.alloc(16 * 1024 * 1024, 1));\n')],
  [
    'go',
    goTest(
      '\tvar keep [][]byte\n\tfor {\n\t\tblock := make([]byte, 16<<20)\n\t\tfor i := range block {\n\t\t\tblock[i] = 1\n\t\t}\n\t\tkeep = append(keep, block)\n\t}\n\t_ = keep\n',
    ),
  ],
];
const manyProcesses: Bodies = [
  [
    'python',
    pyTest(
      '    started = [subprocess.Popen(["sleep", "4"]) for _ in range(200)]\n    assert started\n',
      'import subprocess\n',
    ),
  ],
  [
    'typescript',
    jestTest(
      "  const started = Array.from({ length: 200 }, () => require('node:child_process').spawn('sleep', ['4']));\n  await Promise.all(started.map((child) => new Promise((resolve, reject) => { child.on('error', reject); child.on('spawn', resolve); })));\n",
    ),
  ],
  [
    'go',
    goTest(
      '\tfor range 200 {\n\t\tif err := exec.Command("sleep", "4").Start(); err != nil {\n\t\t\tt.Fatal(err)\n\t\t}\n\t}\n',
      '\t"os/exec"\n',
    ),
  ],
];
const largeFile: Bodies = [
  ['python', pyTest('    with open("large", "wb") as file:\n        file.write(bytes(8 * 1024 * 1024))\n')],
  ['typescript', jestTest("  require('node:fs').writeFileSync('large', Buffer.alloc(8 * 1024 * 1024));\n")],
  [
    'go',
    goTest(
      '\tif err := os.WriteFile("large", make([]byte, 8<<20), 0o644); err != nil {\n\t\tt.Fatal(err)\n\t}\n',
      '\t"os"\n',
    ),
  ],
];
const fullDisk: Bodies = [
  [
    'python',
    pyTest(
      '    for number in range(100):\n        with open(f"part{number}", "wb") as file:\n            file.write(bytes(1024 * 1024))\n',
    ),
  ],
  [
    'typescript',
    jestTest(
      "  for (let number = 0; number < 100; number += 1) require('node:fs').writeFileSync(`part${number}`, Buffer.alloc(1024 * 1024));\n",
    ),
  ],
  [
    'go',
    goTest(
      '\tfor number := range 100 {\n\t\tif err := os.WriteFile(fmt.Sprint(number), make([]byte, 1<<20), 0o644); err != nil {\n\t\t\tt.Fatal(err)\n\t\t}\n\t}\n',
      '\t"fmt"\n\t"os"\n',
    ),
  ],
];
const chatty: Bodies = [
  [
    'python',
    'import sys\n\n\ndef test_it(capfd):\n    with capfd.disabled():\n        for _ in range(64):\n            sys.stdout.write("x" * 65536)\n',
  ],
  [
    'typescript',
    jestTest(
      "  require('node:child_process').spawnSync('sh', ['-c', 'yes | head -c 4000000 >&2'], { stdio: 'inherit' });\n",
    ),
  ],
  [
    'go',
    goTest(
      '\tline := strings.Repeat("x", 65536)\n\tfor range 64 {\n\t\tfmt.Println(line)\n\t}\n',
      '\t"fmt"\n\t"strings"\n',
    ),
  ],
];

/** Grades the tests with other limits for the test process alone, so that tools keep theirs; says how often it ran. */
async function tests(
  language: Language,
  text: string,
  limits: Partial<Limits>,
): Promise<{ result: CheckResult; runs: number }> {
  let runs = 0;
  const sandbox = scripted((job) => {
    if (!runsTests(job)) return job;
    // Jest is started once more to say which test was running, and ended when that is known.
    if (job.endsAfter === undefined) runs += 1;
    return { ...job, limits: { ...job.limits, ...limits } };
  });
  const files: Files = { ...program[language], [fileOf[language]]: text };
  return { result: await checked(language, 'tests', files, { sandbox }), runs };
}

/** Whether a check names a limit: in its reason or in a finding. */
function names(result: CheckResult, limit: RegExp): boolean {
  return [
    result.reason ?? '',
    ...result.findings.filter(({ rule }) => rule === 'limit').map(({ message }) => message),
  ].some((text) => limit.test(text));
}

describe('time', () => {
  languageTests(endless)(
    '%s: an endless loop uses up its CPU time, and is not run again',
    slow,
    async (language, text) => {
      const { result, runs } = await tests(language, text, { cpuSeconds: 4 });
      expect(result).toMatchObject({ status: 'failed', score: 0 });
      expect(result.reason).toContain('used up its CPU time');
      expect(runs).toBe(1);
      const running = result.findings.find(({ rule }) => rule === 'test-interrupted');
      expect(running).toMatchObject({ file: fileOf[language], line: expect.any(Number) as number });
    },
  );

  languageTests(deadlock)(
    '%s: a deadlock ends by wall clock, and is run again before it is believed',
    slow,
    async (language, text) => {
      const { result, runs } = await tests(language, text, { wallSeconds: 6 });
      expect(result).toMatchObject({ status: 'failed', score: 0 });
      expect(result.reason).toContain('did not end within its wall-clock time');
      expect(runs).toBe(2);
    },
  );
});

describe('everything else that is limited', () => {
  languageTests(greedy)('%s: memory', slow, async (language, text) => {
    const { result } = await tests(language, text, { memoryMiB: 768 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(names(result, /used more memory than allowed/)).toBe(true);
  });

  languageTests(manyProcesses)('%s: processes', slow, async (language, text) => {
    const { result } = await tests(language, text, { processes: 60 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(names(result, /started more processes than allowed/)).toBe(true);
  });

  languageTests(largeFile)('%s: the size of a file', slow, async (language, text) => {
    const { result } = await tests(language, text, { fileMiB: 4 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(names(result, /wrote a larger file than allowed/)).toBe(true);
  });

  languageTests(fullDisk)('%s: all that is written', slow, async (language, text) => {
    const { result } = await tests(language, text, { diskMiB: 48 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(names(result, /wrote more than allowed in all/)).toBe(true);
  });

  languageTests(chatty)('%s: output', slow, async (language, text) => {
    const { result } = await tests(language, text, { outputMiB: 1, fileMiB: 1 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(names(result, /printed more than allowed|wrote a larger file than allowed/)).toBe(true);
    expect(rulesOf(result)).not.toContain('flaky');
  });
});
