import { describe, expect, test } from 'vitest';
import { impliedModule } from '../../../runners/go/implied-module.ts';

const project = (files: Record<string, string[]>) => ({
  language: 'go',
  root: 'service',
  files: Object.entries(files).map(([path, imports]) => ({
    path: `service/${path}`,
    text: `package x\n\nimport (\n${imports.map((one) => `\t${one}\n`).join('')})\n`,
    line: 1,
    lines: [],
    namedBy: 'code-span' as const,
  })),
});

describe('the module of Go code without a go.mod', () => {
  test.each<[string, Record<string, string[]>, string | null]>([
    [
      'is what stands before its own folders',
      { 'main.go': ['"fmt"', '"myapp/internal/sums"'], 'internal/sums/sums.go': [] },
      'myapp',
    ],
    [
      'may be a long one, and imported by another name',
      { 'main.go': ['s "github.com/me/app/sums"', '"github.com/google/uuid"'], 'sums/sums.go': [] },
      'github.com/me/app',
    ],
    ['is told by folders that end alike', { 'main.go': ['"app/a/b"', '"app/b"'], 'a/b/x.go': [], 'b/y.go': [] }, 'app'],
    [
      'is not told by packages of others',
      { 'main.go': ['"net/http"', '"github.com/google/uuid"'], 'http/x.go': ['"net/http/httptest"'] },
      null,
    ],
    [
      'is not told by code that disagrees',
      { 'main.go': ['"one/sums"'], 'other.go': ['"two/sums"'], 'sums/sums.go': [] },
      null,
    ],
    ['is not told by a single package', { 'main.go': ['"fmt"'] }, null],
  ])('%s', (_what, files, module) => {
    expect(impliedModule(project(files))).toBe(module);
  });
});
