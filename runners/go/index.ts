import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../src/ports/runner.ts';
import { pinnedVersions } from '../shared/tools.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { hiddenTests, tests } from './checks/tests.ts';
import { environmentOf } from './environment.ts';
import { isTest } from './files.ts';
import { launch } from './launch.ts';
import { GO, PINNED, toolchainOf } from './toolchain.ts';

/** Go: the module proxy installs; the compiler, gofmt, vet, staticcheck and go test judge. */
export const go: Runner = {
  language: 'go',
  extensions: ['.go'],
  manifests: ['go.mod'],
  subordinate: () => false,
  runtime: GO,
  defaultStandards: ['gofmt', 'vet', 'staticcheck'],
  fences: ['go', 'golang'],
  isTest,
  owns: (path) => /^(go\.(sum|work)|staticcheck\.conf|\.golangci\.ya?ml)$/.test(path),
  folders: ['go', 'golang'],
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const bin = join(toolchain.go.folder, 'go', 'bin');
    const modules = await readFile(join(import.meta.dirname, 'toolchain', 'go.mod'), 'utf8');
    return pinnedVersions([
      { name: 'go', version: PINNED.slice('go'.length), program: join(bin, 'go') },
      { name: 'gofmt', version: PINNED.slice('go'.length), program: join(bin, 'gofmt') },
      {
        name: 'staticcheck',
        version: /honnef\.co\/go\/tools v(\S+)/.exec(modules)?.[1],
        program: join(toolchain.tools.folder, 'staticcheck'),
      },
    ]);
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  launch,
  control: {
    'go.mod': 'module control\n\ngo 1.24\n',
    'control.go': '// Package control is a control.\npackage control\n',
  },
  checks: [dependencies, build, format, lint, tests, coverage, hiddenTests],
};
