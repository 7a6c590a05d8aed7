import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLimits } from '../../src/domain/limits.ts';
import type { Runner } from '../../src/contract/runner.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { tests } from './checks/tests.ts';
import { types } from './checks/types.ts';
import { environmentOf } from './environment.ts';
import { isTest } from './files.ts';
import { PYTHON, toolchainOf } from './toolchain.ts';

/** Python: uv installs; black, Ruff, mypy or Pyright, pytest and coverage judge. */
export const python: Runner = {
  language: 'python',
  extensions: ['.py', '.pyi'],
  manifests: ['pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg'],
  runtime: PYTHON,
  standards: ['black', 'ruff', 'types', 'mypy', 'pyright'],
  configurations: ['ruff.toml', 'mypy.ini', 'pyrightconfig.json'],
  defaultStandards: ['black', 'ruff'],
  fences: ['python', 'py', 'python3'],
  isTest,
  owns: (path) => /^((requirements|constraints)[\w./-]*\.(txt|in)|tox\.ini|pytest\.ini|\.coveragerc|\.?(ruff|mypy)\.(toml|ini)|pyrightconfig\.json|(.*\/)?py\.typed)$/.test(path),
  folders: ['python', 'py', 'backend-python', 'python-service'],
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const script = ['black', 'ruff', 'mypy'].map((tool) => `echo "${tool} $(/tools/venv/bin/${tool} --version 2>&1 | head -n 1)"`);
    const execution = await kit.sandbox.run({
      command: ['sh', '-c', script.join('; ')],
      cwd: '/w',
      env: {},
      mounts: toolchain.mounts,
      network: 'none',
      limits: { ...defaultLimits, wallSeconds: 60 },
      signal: kit.signal,
    });
    const versions = execution.stdout.trim().split('\n').map((line): [string, string] => {
      const [tool = '', ...rest] = line.split(' ');
      return [tool, /\d+\.\d+[\w.]*/.exec(rest.join(' '))?.[0] ?? 'missing'];
    });
    const pyright = JSON.parse(await readFile(join(toolchain.assets.folder, 'toolchain', 'pyright', 'package.json'), 'utf8')) as { dependencies: { pyright: string } };
    return { python: toolchain.interpreter.version, ...Object.fromEntries(versions), pyright: pyright.dependencies.pyright };
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  control: { 'control.py': 'def control() -> int:\n    return 1\n' },
  checks: [dependencies, build, format, lint, types, tests, coverage],
};
