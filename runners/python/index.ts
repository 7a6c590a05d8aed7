import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Runner } from '../../src/ports/runner.ts';
import { readKept } from '../shared/report.ts';
import { pinnedVersions } from '../shared/tools.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { securityLint } from './checks/security-lint.ts';
import { hiddenTests, tests } from './checks/tests.ts';
import { types } from './checks/types.ts';
import { environmentOf } from './environment.ts';
import { isBuildable } from './own-build.ts';
import { ownPackage } from './own-package.ts';
import { launch } from './launch.ts';
import { isTest } from './files.ts';
import { PYTHON, toolchainOf } from './toolchain.ts';

const pyrightManifest = z.object({ dependencies: z.object({ pyright: z.string() }) });

/** Python: uv installs; black, Ruff, mypy or Pyright, pytest and coverage judge. */
export const python: Runner = {
  language: 'python',
  extensions: ['.py', '.pyi'],
  manifests: ['pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg', 'Pipfile'],
  lists: ['requirements.txt'],
  subordinate: (path) => /(?:^|\/)(?:tests?|docs?|requirements|scripts)\/[^/]+$/.test(path),
  runtime: PYTHON,
  defaultStandards: ['black', 'ruff'],
  fences: ['python', 'py', 'python3'],
  isTest,
  owns: (path) =>
    /^((.*\/)?requirements\/[\w.-]+\.(txt|in)|(requirements|constraints)[\w./-]*\.(txt|in)|environment\.ya?ml|tox\.ini|pytest\.ini|\.coveragerc|\.?(ruff|mypy)\.(toml|ini)|pyrightconfig\.json|(.*\/)?py\.typed)$/.test(
      path,
    ),
  folders: ['python', 'py', 'backend-python', 'python-service'],
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const lock = await readFile(join(toolchain.assets.folder, 'toolchain', 'tools.txt'), 'utf8');
    const pins = await readFile(join(toolchain.assets.folder, 'toolchain', 'tools.in'), 'utf8');
    const versions = pinnedVersions(
      [...pins.matchAll(/^([\w-]+)==/gm)].map(([, name = '']) => ({
        name,
        version: new RegExp(`^${name}==(\\S+)`, 'm').exec(lock)?.[1],
        program: join(toolchain.tools.folder, 'venv', 'bin', name),
      })),
    );
    const pinned = join(toolchain.assets.folder, 'toolchain', 'pyright', 'package.json');
    const pyright = readKept(pyrightManifest, await readFile(pinned, 'utf8'), pinned);
    return { python: toolchain.interpreter.version, ...versions, pyright: pyright.dependencies.pyright };
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    // a build wants its README to be there
    const paths = isBuildable(context.project) ? context.project.files.map(({ path }) => path).sort() : [];
    return [
      'layer' in environment ? environment.layer.hash : 'unresolved',
      JSON.stringify([ownPackage(context), paths]),
    ].join(' ');
  },
  launch,
  control: { 'control.py': 'def control() -> int:\n    return 1\n' },
  checks: [dependencies, build, format, lint, securityLint, types, tests, coverage, hiddenTests],
};
