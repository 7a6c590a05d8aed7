import { describe, expect, test } from 'vitest';
import { runSchema } from '../../../src/domain/grading/contract/start.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { speakingTests, wordsOfCommand } from '../../../src/app/tests-catch/speaking.ts';
import { runners } from '../../../runners/index.ts';

const run = (value: unknown) => runSchema.parse(value);
const reconcile = run({ command: ['python', '-m', 'reconcile'] });
const uvicorn = run({ command: ['uvicorn', 'app.main:app', '--host', '0.0.0.0', '--port', '{{ port }}'] });
const npm = run({ command: ['npm', 'start'] });
const tides = run({ package: './cmd/tides' });

const projectOf = (language: string, files: Record<string, string>): Project => ({
  language,
  root: '.',
  files: Object.entries(files).map(([path, text]) => ({ path, text, line: 1, lines: [], namedBy: 'heading' })),
});

/** The files of tests that talk to the program, each with what it needs. */
function speaking(language: string, how: typeof reconcile, files: Record<string, string>): Record<string, string[]> {
  const runner = runners.find((one) => one.language === language);
  if (runner === undefined) throw new Error(`no runner of ${language}`);
  const found = speakingTests(projectOf(language, files), how, runner);
  return Object.fromEntries([...found].map(([path, needed]) => [path, needed.map((one) => one.path).sort()]));
}

const starts = 'import subprocess, sys\n\nsubprocess.run([sys.executable, "-m", "reconcile", "a.csv"])\n';

describe('tests that talk to a program as its contract does', () => {
  test('are told by the words of the command, without the interpreter and what each start fills in', () => {
    expect(wordsOfCommand(reconcile)).toEqual(['-m', 'reconcile']);
    expect(wordsOfCommand(uvicorn)).toEqual(['uvicorn', 'app.main:app']);
    expect(wordsOfCommand(npm)).toEqual(['npm', 'start']);
    expect(wordsOfCommand(tides)).toEqual(['tides']);
  });

  test('start it as a process, with nothing of the program imported', () => {
    const program = { 'reconcile/__main__.py': '', 'reconcile/core.py': '' };
    expect(speaking('python', reconcile, { ...program, 'tests/test_cli.py': starts })).toEqual({
      'tests/test_cli.py': ['tests/test_cli.py'],
    });
    for (const imported of [
      'from reconcile.core import match',
      'import reconcile',
      'import json, reconcile.core as core',
      'from reconcile import (\n    core,\n)',
      'def test_it():\n    from reconcile import core',
      'core = importlib.import_module("reconcile.core")',
      'monkeypatch = patch("reconcile.core.match")',
    ])
      expect(speaking('python', reconcile, { ...program, 'tests/test_cli.py': `${imported}\n${starts}` })).toEqual({});
  });

  test('do not talk to it when they start something else, or only name it', () => {
    const program = { 'src/reconcile/__main__.py': '' };
    const other = 'import subprocess\nsubprocess.run(["python", "-m", "reconciler"])\n';
    const named = '"""Tests of python -m reconcile."""\n\ndef test_sum():\n    assert 1 + 1 == 2\n';
    for (const text of [other, named]) {
      expect(speaking('python', reconcile, { ...program, 'tests/test_a.py': text })).toEqual({});
    }
  });

  test('bring the helpers that they import, and the conftest.py files around them', () => {
    const files = {
      'reconcile/__main__.py': '',
      'tests/__init__.py': '',
      'tests/conftest.py': 'import pytest\n',
      'tests/helpers.py': starts,
      'tests/test_cli.py': 'from tests.helpers import run\n',
      'tests/test_more.py': 'from .helpers import run\n',
      'tests/test_module.py': 'from tests import helpers\n',
      'tests/test_beside.py': 'from . import helpers\n',
      'tests/test_core.py': 'from reconcile.core import match\nfrom tests.helpers import run\n',
    };
    const around = ['tests/__init__.py', 'tests/conftest.py', 'tests/helpers.py'];
    const found = speaking('python', reconcile, { ...files, 'reconcile/core.py': '' });
    expect(found['tests/test_cli.py']).toEqual([...around, 'tests/test_cli.py']);
    for (const name of ['more', 'module', 'beside'])
      expect(found[`tests/test_${name}.py`]).toEqual([...around, `tests/test_${name}.py`].sort());
    expect(found['tests/test_core.py']).toBeUndefined();
  });

  test('are none where a conftest.py around them needs the program', () => {
    const files = {
      'reconcile/core.py': '',
      'tests/conftest.py': 'from reconcile.core import match\n',
      'tests/test_cli.py': starts,
    };
    expect(speaking('python', reconcile, files)).toEqual({});
  });

  test('may import the object that the contract names, and nothing beside it', () => {
    const program = { 'app/main.py': '', 'app/__init__.py': '' };
    const asking = (line: string) => ({
      ...program,
      'tests/test_http.py': `from fastapi.testclient import TestClient\n${line}\n\nclient = TestClient(app)\n`,
    });
    expect(Object.keys(speaking('python', uvicorn, asking('from app.main import app')))).toEqual([
      'tests/test_http.py',
    ]);
    for (const line of ['from app.main import app, create_app', 'from app.main import create_app', 'import app.main'])
      expect(speaking('python', uvicorn, asking(line))).toEqual({});
  });

  test('of TypeScript start the script, and import nothing from outside of the tests', () => {
    const spawned = "import { spawn } from 'node:child_process';\nspawn('npm', ['start']);\n";
    const files = { 'src/app.ts': '', 'package.json': '{}', 'tests/client.ts': spawned };
    const found = speaking('typescript', npm, {
      ...files,
      'tests/http.test.ts': "import { start } from './client.js';\n",
      'tests/app.test.ts': `import { app } from '../src/app';\n${spawned}`,
      'tests/mocked.test.ts': `jest.mock('../src/app');\n${spawned}`,
    });
    expect(found['tests/http.test.ts']).toEqual(['tests/client.ts', 'tests/http.test.ts']);
    expect(Object.keys(found)).not.toContain('tests/app.test.ts');
    expect(Object.keys(found)).not.toContain('tests/mocked.test.ts');
  });

  test('of Go are in a package of their own, and import none of the program', () => {
    const built = 'import "os/exec"\n\nvar command = exec.Command("go", "run", "./cmd/tides")\n';
    const files = { 'go.mod': 'module example.com/tides\n', 'cmd/tides/main.go': 'package main\n' };
    expect(Object.keys(speaking('go', tides, { ...files, 'e2e/e2e_test.go': `package e2e\n${built}` }))).toEqual([
      'e2e/e2e_test.go',
    ]);
    expect(speaking('go', tides, { ...files, 'cmd/tides/main_test.go': `package main\n${built}` })).toEqual({});
    const imports = `package e2e\nimport "example.com/tides/cmd/tides"\n${built}`;
    expect(speaking('go', tides, { ...files, 'e2e/e2e_test.go': imports })).toEqual({});
  });
});
