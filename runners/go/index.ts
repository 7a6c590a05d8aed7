import { defaultLimits } from '../../src/domain/limits.ts';
import type { Runner } from '../../src/contract/runner.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { tests } from './checks/tests.ts';
import { environmentOf } from './environment.ts';
import { isTest } from './files.ts';
import { GO, goEnvironment, toolchainOf } from './toolchain.ts';

/** Go: the module proxy installs; the compiler, gofmt, vet, staticcheck and go test judge. */
export const go: Runner = {
  language: 'go',
  extensions: ['.go'],
  manifests: ['go.mod'],
  runtime: GO,
  standards: ['gofmt', 'vet', 'staticcheck'],
  configurations: [],
  defaultStandards: ['gofmt', 'vet', 'staticcheck'],
  fences: ['go', 'golang'],
  isTest,
  owns: (path) => /^(go\.(sum|work)|staticcheck\.conf|\.golangci\.ya?ml)$/.test(path),
  folders: ['go', 'golang'],
  async prepare(kit) {
    const toolchain = await toolchainOf(kit);
    const execution = await kit.sandbox.run({
      command: ['sh', '-c', '/golang/go/bin/go version; /tools/staticcheck -version; test -x /golang/go/bin/gofmt && echo gofmt'],
      cwd: '/w',
      env: goEnvironment,
      mounts: toolchain.mounts,
      network: 'none',
      limits: { ...defaultLimits, wallSeconds: 60 },
      signal: kit.signal,
    });
    const version = /go version go(\S+)/.exec(execution.stdout)?.[1] ?? 'missing';
    const staticcheck = /^staticcheck (?:\S+ \()?v?([\d.]+)/m.exec(execution.stdout)?.[1] ?? 'missing';
    return { go: version, gofmt: /^gofmt$/m.test(execution.stdout) ? version : 'missing', staticcheck };
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  control: { 'go.mod': 'module control\n\ngo 1.24\n', 'control.go': '// Package control is a control.\npackage control\n' },
  checks: [dependencies, build, format, lint, tests, coverage],
};
