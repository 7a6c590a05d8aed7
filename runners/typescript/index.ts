import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../src/ports/runner.ts';
import { readKept } from '../shared/report.ts';
import { pinnedVersions } from '../shared/tools.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { hiddenTests, tests } from './checks/tests.ts';
import { types } from './checks/types.ts';
import { environmentOf, lockSchema } from './environment.ts';
import { isTest, isTypeScript } from './files.ts';
import { launch } from './launch.ts';
import { isMember } from './workspaces/members.ts';
import { NODE, toolchainOf } from './toolchain.ts';

/** TypeScript on Node: npm installs; tsc, ESLint, Prettier, Jest or Vitest judge. */
export const typescript: Runner = {
  language: 'typescript',
  extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'],
  manifests: ['package.json', 'tsconfig.json'],
  // Packages are what package.json says, and those of a workspace are one project.
  subordinate: (path, files) => path.endsWith('tsconfig.json') || isMember(path, files),
  runtime: NODE,
  defaultStandards: ['eslint'],
  fences: ['typescript', 'ts', 'tsx', 'javascript', 'js', 'jsx', 'mjs', 'cjs'],
  isTest,
  owns: (path) =>
    /^(package-lock\.json|\.npmrc|tsconfig[\w.]*\.json|\.(prettier|eslint)[\w.]*|(jest|vitest)\.[\w.]+)$/.test(path),
  folders: ['typescript', 'ts', 'node', 'frontend', 'client'],
  takes: (paths) => paths.some(isTypeScript),
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const packages = join(toolchain.layer.folder, 'node_modules');
    const path = join(import.meta.dirname, 'toolchain', 'package-lock.json');
    const pinned = readKept(lockSchema, await readFile(path, 'utf8'), path);
    const runtime = `runtime-${process.arch}`;
    return pinnedVersions([
      {
        name: 'node',
        version: pinned.packages.get(`node_modules/${runtime}`)?.version,
        program: join(packages, runtime, 'bin', 'node'),
      },
      ...['npm', 'typescript', 'eslint', 'prettier'].map((name) => ({
        name,
        version: pinned.packages.get(`node_modules/${name}`)?.version,
        program: join(packages, name, 'package.json'),
      })),
    ]);
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  launch,
  control: {
    'package.json': '{ "name": "control", "version": "0.0.0", "scripts": {} }\n',
    'tsconfig.json':
      '{ "compilerOptions": { "strict": true, "skipLibCheck": true, "types": [] }, "include": ["src"] }\n',
    'src/control.ts': 'export const control = 1;\n',
  },
  checks: [dependencies, build, format, lint, types, tests, coverage, hiddenTests],
};
