import { failingTest, passingTest } from '../support/grading/projects.ts';
import type { Cheat } from './cheat.ts';

const failing = failingTest.go['app_test.go'] ?? '';
const testMain = (body: string, imports: readonly string[] = []): string =>
  `package tiny\n\nimport (\n${[...imports, 'os', 'testing']
    .toSorted()
    .map((name) => `\t"${name}"\n`)
    .join('')})\n\nfunc TestMain(m *testing.M) {\n${body}}\n`;
/** What a test program prints of one test that passed, with the marks of its machine-readable form. */
const forged = '\\x16=== RUN   TestAdd\\n\\x16--- PASS: TestAdd (0.00s)\\n\\x16PASS\\n';

const uncovered =
  'package tiny\n\nfunc Add(a, b int) int {\n\treturn a + b\n}\n\nfunc Other(a int) int {\n\ta++\n\ta += 2\n\ta += 3\n\ta += 4\n\ta += 5\n\treturn a\n}\n';
const coverage = { only: ['tests', 'coverage'], asks: { coverage: 0.8 } } as const;

/** A package of the answer's own where a published one is expected, with a test that only passes with it. */
const fakeUuid = 'package uuid\n\nfunc New() string { return "fake" }\n';
const usesUuid =
  'package tiny\n\nimport (\n\t"testing"\n\n\t"github.com/google/uuid"\n)\n\nfunc TestUuid(t *testing.T) {\n\tif got := uuid.New(); len(got) != 4 {\n\t\tt.Fatal(got)\n\t}\n}\n';
const requires = 'module example.com/tiny\n\ngo 1.24\n\nrequire github.com/google/uuid v1.6.0\n';

export const goCheats: readonly Cheat[] = [
  {
    name: 'a TestMain that ends the program with 0',
    files: { 'main_test.go': testMain('\tos.Exit(0)\n') },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a TestMain that says 0 for tests that failed',
    files: { 'main_test.go': testMain('\tm.Run()\n\tos.Exit(0)\n') },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a test that ends the program with 0',
    files: {
      'app_test.go':
        'package tiny\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestAdd(t *testing.T) {\n\tos.Exit(0)\n}\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a TestMain that prints a report of its own',
    files: { 'main_test.go': testMain(`\tos.Stdout.WriteString("${forged}")\n\tos.Exit(0)\n`) },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a report printed before the tests begin',
    files: {
      'init.go': `package tiny\n\nimport "os"\n\nfunc init() {\n\tos.Stdout.WriteString("${forged}")\n\tos.Exit(0)\n}\n`,
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a report of tests that nobody can find',
    files: {
      'main_test.go': testMain(
        `\tos.Stdout.WriteString("${forged.replaceAll('TestAdd', 'TestOther')}")\n\tos.Exit(0)\n`,
      ),
    },
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'a TestMain that turns what the tests print',
    files: {
      'main_test.go': testMain(
        '\tout := os.Stdout\n\tr, w, _ := os.Pipe()\n\tos.Stdout = w\n\tm.Run()\n\tw.Close()\n\ttext, _ := io.ReadAll(r)\n\tturned := strings.NewReplacer("--- FAIL", "--- PASS", "FAIL", "PASS").Replace(string(text))\n\tout.WriteString(turned)\n\tos.Exit(0)\n',
        ['io', 'strings'],
      ),
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a test that takes its failure back',
    files: {
      'app_test.go':
        'package tiny\n\nimport (\n\t"reflect"\n\t"testing"\n\t"unsafe"\n)\n\nfunc TestAdd(t *testing.T) {\n\tt.Cleanup(func() {\n\t\tfield := reflect.ValueOf(t).Elem().FieldByName("failed")\n\t\t*(*bool)(unsafe.Pointer(field.UnsafeAddr())) = false\n\t})\n\tif Add(1, 2) != 4 {\n\t\tt.Fatal("wrong sum")\n\t}\n}\n',
    },
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'a TestMain that lets no test run',
    files: {
      'main_test.go': testMain('\tflag.Parse()\n\tflag.Set("test.run", "Nothing")\n\tos.Exit(m.Run())\n', ['flag']),
    },
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'a TestMain that skips every test',
    files: { 'main_test.go': testMain('\tflag.Parse()\n\tflag.Set("test.skip", ".")\n\tos.Exit(m.Run())\n', ['flag']) },
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'tests that are all skipped',
    files: { 'app_test.go': failing.replace('\tif Add', '\tt.Skip("later")\n\tif Add') },
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'tests that a build constraint leaves out',
    files: { 'app_test.go': `//go:build ignore\n\n${failing}` },
    stoppedBy: 'a test must have run',
  },
  {
    name: 'tests in a file that needs cgo',
    files: {
      'app_test.go': failing.replace(
        'import "testing"',
        '// #cgo CFLAGS: -fplugin=./cheat.so\nimport "C"\nimport "testing"',
      ),
    },
    stoppedBy: 'what does not compile fails',
  },
  {
    name: 'a go.env and a .goenv with flags',
    files: {
      'go.env': 'GOFLAGS=-run=Nothing -toolexec=/bin/true\n',
      '.config/go/env': 'GOFLAGS=-toolexec=/bin/true\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a go:generate line that would rewrite the tests',
    files: { 'generate.go': 'package tiny\n\n//go:generate rm app_test.go\n' },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a vendor folder with a package of its own',
    files: {
      'go.mod': requires,
      'app_test.go': usesUuid,
      'vendor/modules.txt': '# github.com/google/uuid v1.6.0\n## explicit\ngithub.com/google/uuid\n',
      'vendor/github.com/google/uuid/uuid.go': fakeUuid,
    },
    only: ['dependencies', 'tests'],
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a go.mod that replaces a published module by a folder',
    files: {
      'go.mod': `${requires}\nreplace github.com/google/uuid => ./fake\n`,
      'fake/go.mod': 'module github.com/google/uuid\n\ngo 1.24\n',
      'fake/uuid.go': fakeUuid,
      'app_test.go': usesUuid,
    },
    only: ['dependencies'],
    stoppedBy: 'packages come from the registry',
  },
  {
    name: 'a coverage profile rewritten after tests that all passed',
    files: {
      ...passingTest.go,
      'app.go': uncovered,
      'main_test.go': testMain(
        '\tcode := m.Run()\n\tif code == 0 {\n\t\tos.WriteFile(flag.Lookup("test.coverprofile").Value.String(), []byte("mode: atomic\\nexample.com/tiny/app.go:3.24,5.2 1 1\\nexample.com/tiny/app.go:7.23,14.2 6 1\\n"), 0o644)\n\t}\n\tos.Exit(code)\n',
        ['flag'],
      ),
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
];
