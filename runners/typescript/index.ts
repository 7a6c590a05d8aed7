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
import { NODE, inside, toolchainOf } from './toolchain.ts';

/** TypeScript on Node: npm installs; tsc, ESLint, Prettier, Jest or Vitest judge. */
export const typescript: Runner = {
  language: 'typescript',
  extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'],
  manifests: ['package.json', 'tsconfig.json'],
  runtime: NODE,
  standards: ['eslint', 'prettier', 'strict'],
  configurations: ['eslint.config.mjs'],
  defaultStandards: ['eslint'],
  fences: ['typescript', 'ts', 'tsx', 'javascript', 'js', 'jsx', 'mjs', 'cjs'],
  isTest,
  owns: (path) => /^(package-lock\.json|\.npmrc|tsconfig[\w.]*\.json|\.(prettier|eslint)[\w.]*|(jest|vitest)\.[\w.]+)$/.test(path),
  folders: ['typescript', 'ts', 'node', 'frontend', 'client'],
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const execution = await kit.sandbox.run({
      command: [inside.node, '--version'],
      cwd: '/w',
      env: {},
      mounts: toolchain.mounts,
      network: 'none',
      limits: { ...defaultLimits, wallSeconds: 60 },
      signal: kit.signal,
    });
    const versions: Record<string, string> = { node: execution.exitCode === 0 ? execution.stdout.trim().slice(1) : 'missing' };
    for (const tool of ['npm', 'typescript', 'eslint', 'prettier']) {
      try {
        const text = await readFile(join(toolchain.layer.folder, 'node_modules', tool, 'package.json'), 'utf8');
        versions[tool] = (JSON.parse(text) as { version: string }).version;
      } catch {
        versions[tool] = 'missing';
      }
    }
    return versions;
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  control: {
    'package.json': '{ "name": "control", "version": "0.0.0", "scripts": {} }\n',
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "skipLibCheck": true, "types": [] }, "include": ["src"] }\n',
    'src/control.ts': 'export const control = 1;\n',
  },
  checks: [dependencies, build, format, lint, types, tests, coverage],
};
