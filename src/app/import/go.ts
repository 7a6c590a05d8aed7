import type { BenchmarkRecord } from './records.ts';
import type { TaskFiles } from './task.ts';

/** Packages of the standard library that these benchmarks use, by the name in the code. */
const packages: Readonly<Record<string, string>> = {
  bytes: 'bytes',
  fmt: 'fmt',
  math: 'math',
  md5: 'crypto/md5',
  rand: 'math/rand',
  regexp: 'regexp',
  sort: 'sort',
  strconv: 'strconv',
  strings: 'strings',
  time: 'time',
};

const module = 'module solution\n\ngo 1.24\n';

/** `assert.New` and `assert.Equal` of testify, by the rules of its `ObjectsAreEqual`: nothing has to be installed. */
const assertions = `package solution

import (
	"bytes"
	"reflect"
	"testing"
)

type assertions struct{ t *testing.T }

var assert assertions

func (assertions) New(t *testing.T) assertions { return assertions{t} }

func (a assertions) Equal(expected, actual any, message ...any) {
	a.t.Helper()
	want, isBytes := expected.([]byte)
	got, areBytes := actual.([]byte)
	if isBytes && areBytes && want != nil && got != nil && bytes.Equal(want, got) {
		return
	}
	if !reflect.DeepEqual(expected, actual) {
		a.t.Errorf("expected %#v, found %#v %v", expected, actual, message)
	}
}
`;

/**
 * A file that imports what its code uses. The imports of a task are those of its authors' file, in which solution and
 * tests stand together: alone, either would not compile.
 */
function goFile(code: string, imports: readonly string[] = []): string {
  const withoutImports = code.replace(/^\s*import\s*(?:\([^)]*\)|"[^"]*")\n/, '');
  const used = Object.entries(packages).filter(([name]) => new RegExp(`\\b${name}\\.`).test(withoutImports));
  const all = [...imports, ...used.map(([, path]) => path)];
  const block = all.length === 0 ? '' : `import (\n${all.map((path) => `\t"${path}"\n`).join('')})\n\n`;
  return `package solution\n\n${block}${withoutImports.trimStart()}`;
}

/** Tests are functions of package testing that compare by testify's assertions. */
export function goTask({ prompt, test }: BenchmarkRecord): TaskFiles {
  return {
    file: 'solution.go',
    withBody: (body) => ({ 'go.mod': module, 'solution.go': goFile(prompt + body) }),
    hidden: {
      'go.mod': module,
      'hidden_assertions_test.go': assertions,
      'hidden_test.go': goFile(test, ['testing']),
    },
  };
}
