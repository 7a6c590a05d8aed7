import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, vi } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checkOf, conformanceServices, grade } from '../support/grading/grading.ts';
import type { Situation } from '../support/grading/grading.ts';
import { program, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { runsTests, scripted } from '../support/grading/sandboxes.ts';
import { languageTests } from '../support/go.ts';

/** One after the other: what each leaves on the machine must be its own. */
const slow = { timeout: 900_000, concurrent: false };

/** A file name and an argument that nobody else uses: what gets out is found by them. */
const MARK = 'cupel-got-out';
const SLEEP = '98765.4321';

const tried = [
  '/',
  '/usr',
  '/usr/bin',
  '/etc',
  '/env',
  '/env/venv',
  '/tools',
  '/cupel',
  '/toolchain',
  '/golang',
  '/src',
  '/w/..',
  '/var/tmp',
  '/root',
  '/home',
];

const attempts: [Language, Files][] = [
  [
    'python',
    {
      'test_app.py': `import os\nimport subprocess\n\nfrom app import add\n\n\ndef test_it():\n    assert add(1, 2) == 3\n    subprocess.Popen(["sleep", "${SLEEP}"], start_new_session=True)\n    for folder in ${JSON.stringify([...tried, '../..', '~'])}:\n        try:\n            open(os.path.join(os.path.expanduser(folder), "${MARK}"), "w").close()\n        except OSError:\n            pass\n    open("test_app.py", "a").write("# changed")\n`,
    },
  ],
  [
    'typescript',
    {
      'app.test.js': `const { spawn } = require('node:child_process');\nconst fs = require('node:fs');\nconst { add } = require('./app');\n\ntest('it', () => {\n  expect(add(1, 2)).toBe(3);\n  spawn('sleep', ['${SLEEP}'], { detached: true, stdio: 'ignore' }).unref();\n  for (const folder of ${JSON.stringify([...tried, '../..'])}) {\n    try {\n      fs.writeFileSync(\`\${folder}/${MARK}\`, '');\n    } catch {\n      // refused\n    }\n  }\n  fs.appendFileSync('app.js', '// changed');\n});\n`,
    },
  ],
  [
    'go',
    {
      'app_test.go': `package tiny\n\nimport (\n\t"os"\n\t"os/exec"\n\t"syscall"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n\tchild := exec.Command("sleep", "${SLEEP}")\n\tchild.SysProcAttr = &syscall.SysProcAttr{Setsid: true}\n\t_ = child.Start()\n\tfor _, folder := range []string{${[...tried, '../..'].map((folder) => JSON.stringify(folder)).join(', ')}} {\n\t\t_ = os.WriteFile(folder+"/${MARK}", nil, 0o644)\n\t}\n\t_ = os.WriteFile("app.go", []byte("changed"), 0o644)\n}\n`,
    },
  ],
];

/** Host folders in which a program that got out could have left something. */
async function reachable(): Promise<string[]> {
  const { state, root } = await conformanceServices();
  const layers = join(state.folder, 'layers');
  const within = readdirSync(layers).flatMap((name) => [
    join(layers, name),
    join(layers, name, 'venv'),
    join(layers, name, 'node_modules'),
  ]);
  return [
    '/',
    '/usr',
    '/usr/bin',
    '/etc',
    '/var/tmp',
    '/root',
    '/home',
    tmpdir(),
    homedir(),
    root,
    join(root, '..'),
    state.folder,
    layers,
    ...within,
  ];
}

function processesWith(argument: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false; // ended meanwhile
    }
  });
}

/** The kernel ends what is left of a process namespace when its first process is gone: that takes a moment. */
function expectGone(): Promise<void> {
  return vi.waitFor(() => expect(processesWith(SLEEP)).toEqual([]), { timeout: 10_000 });
}

/** Grades, and hands back what the folders that the checks start from hold at the very end. */
async function watched(
  situation: Situation,
): Promise<{ contents: Record<string, string>[]; folders: string[]; status: string }> {
  const contents: Record<string, string>[] = [];
  const folders: string[] = [];
  const graded = await grade({
    ...situation,
    effects: (real) => ({
      async layOut(files) {
        const made = await real.layOut(files);
        folders.push(made.folder);
        const remove = (): void => {
          contents.push(
            Object.fromEntries(
              readdirSync(made.folder).map((name) => [name, readFileSync(join(made.folder, name), 'utf8')]),
            ),
          );
          made.remove();
        };
        return { folder: made.folder, remove };
      },
    }),
  });
  return { contents, folders, status: checkOf(graded, `${Object.keys(situation.asks ?? {})[0]}/tests`).status };
}

languageTests(attempts)(
  '%s: tests that write wherever they can and leave a daemon change nothing outside, and nothing of them is left',
  slow,
  async (language, tests) => {
    const answer = { ...program[language], ...tests };
    const { contents, folders, status } = await watched({ answer, asks: { [language]: {} }, only: ['tests'] });
    expect(status).toBe('passed');
    expect((await reachable()).filter((folder) => existsSync(join(folder, MARK)))).toEqual([]);
    await expectGone();
    expect(contents).toEqual([answer]);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  },
);

/** Writes wherever it can, also over what it is run with, and leaves a daemon. */
const pythonHarm = `import os\nimport subprocess\n\nsubprocess.Popen(["sleep", "${SLEEP}"], start_new_session=True)\nfor folder in ${JSON.stringify(tried)}:\n    try:\n        open(os.path.join(folder, "${MARK}"), "w").close()\n    except OSError:\n        pass\n`;
const nodeHarm = `const { spawn } = require('node:child_process');\nconst { writeFileSync } = require('node:fs');\n\nspawn('sleep', ['${SLEEP}'], { detached: true, stdio: 'ignore' }).unref();\nfor (const folder of ${JSON.stringify([...tried, 'node_modules', 'node_modules/jest', '/toolchain/node_modules'])}) {\n  try {\n    writeFileSync(\`\${folder}/${MARK}\`, '');\n  } catch {\n    // refused\n  }\n}\n`;
const goHarm = `package tiny\n\nimport (\n\t"os"\n\t"os/exec"\n\t"syscall"\n)\n\nfunc init() {\n\tchild := exec.Command("sleep", "${SLEEP}")\n\tchild.SysProcAttr = &syscall.SysProcAttr{Setsid: true}\n\t_ = child.Start()\n\tfor _, folder := range []string{${[...tried, '/gocache', '/env/mod'].map((folder) => JSON.stringify(folder)).join(', ')}} {\n\t\t_ = os.WriteFile(folder+"/${MARK}", nil, 0o644)\n\t}\n}\n`;

/** Code that runs, or that would like to, when something is installed, built, configured or linted. */
const elsewhere: [Language, Files, string[]][] = [
  [
    'python',
    {
      ...sound('python'),
      'conftest.py': pythonHarm,
      'setup.py': pythonHarm,
      'plugin.py': pythonHarm,
      'mypy.ini': '[mypy]\nplugins = plugin.py\n',
      'sitecustomize.py': pythonHarm,
    },
    ['ruff', 'black', 'mypy'],
  ],
  [
    'typescript',
    {
      ...sound('typescript'),
      'harm.js': nodeHarm,
      'jest.config.js': `${nodeHarm}\nmodule.exports = {};\n`,
      'eslint.config.js': `${nodeHarm}\nmodule.exports = [];\n`,
      '.prettierrc.js': `${nodeHarm}\nmodule.exports = {};\n`,
      'package.json':
        '{ "scripts": { "preinstall": "node harm.js", "postinstall": "node harm.js", "build": "node harm.js", "lint": "node harm.js", "test": "jest" } }\n',
    },
    ['eslint', 'prettier'],
  ],
  [
    'go',
    { ...sound('go'), 'harm.go': goHarm, 'generate.go': 'package tiny\n\n//go:generate go run harm.go\n' },
    ['gofmt', 'vet', 'staticcheck'],
  ],
];

languageTests(elsewhere)(
  '%s: code that runs on the way to a verdict poisons no layer and no cache, and nothing of it is left',
  slow,
  async (language, answer, standards) => {
    await grade({ answer, asks: { [language]: { standards } } });
    const { state } = await conformanceServices();
    const found = await execa('find', [state.folder, '-name', MARK]);
    expect(found.stdout).toBe('');
    expect((await reachable()).filter((folder) => existsSync(join(folder, MARK)))).toEqual([]);
    await expectGone();
  },
);

const endless: [Language, Files][] = [
  ['python', { 'test_app.py': `import subprocess\n\n\ndef test_it():\n    subprocess.run(["sleep", "${SLEEP}"])\n` }],
  [
    'typescript',
    { 'app.test.js': `test('it', () => {\n  require('node:child_process').spawnSync('sleep', ['${SLEEP}']);\n});\n` },
  ],
  [
    'go',
    {
      'app_test.go': `package tiny\n\nimport (\n\t"os/exec"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\t_ = exec.Command("sleep", "${SLEEP}").Run()\n}\n`,
    },
  ],
];

languageTests(endless)('%s: what a limit ends is gone with all its children', slow, async (language, tests) => {
  const sandbox = scripted((job) => (runsTests(job) ? { ...job, limits: { ...job.limits, wallSeconds: 4 } } : job));
  const { status, folders } = await watched({
    answer: { ...program[language], ...tests },
    asks: { [language]: {} },
    only: ['tests'],
    sandbox,
  });
  expect(status).toBe('failed');
  await expectGone();
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});
