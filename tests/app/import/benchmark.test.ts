import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importBenchmark } from '../../../src/app/import/benchmark.ts';
import type { KnownSolution } from '../../../src/app/import/benchmark.ts';
import { readRecords } from '../../../src/app/import/records.ts';
import { writeNewFiles } from '../../../src/app/new/write.ts';
import { suiteSchema } from '../../../src/domain/runs/suite.ts';
import { parseYaml } from '../../../src/store/files/yaml.ts';

const python = {
  task_id: 'Python/7',
  prompt: 'import math\n\n\ndef helper(x):\n    return x\n\n\ndef half(x):\n    """Half of x."""\n',
  canonical_solution: '    return x / 2\n',
  buggy_solution: '    return x\n',
  test: 'def check(half):\n    assert half(2) == math.floor(1.5)\n\ncheck(half)',
  entry_point: 'half',
};
const go = {
  task_id: 'Go/0',
  prompt: 'import "math"\n\nfunc Half(x float64) float64 {\n',
  canonical_solution: '\treturn math.Abs(x) / 2\n}\n',
  test: 'func TestHalf(t *testing.T) {\n\tassert := assert.New(t)\n\tassert.Equal(math.Pi, Half(2*math.Pi))\n}\n',
  entry_point: 'Half',
};

const lines = (...records: object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const imported = (records: object[], solutions: KnownSolution[] = []) =>
  importBenchmark({
    records: readRecords(lines(...records), 'bench.jsonl'),
    path: 'data/bench.jsonl',
    solutions,
    recordings: 'evals/recordings',
    date: '2026-11-23',
  });

describe('an imported benchmark', () => {
  test('is a prompt, a scenario with hidden tests for each record, and a suite of all', () => {
    const { suite, scenarios, files } = imported([python, go]);
    expect([suite, scenarios]).toEqual(['bench', 2]);
    expect([...files.keys()]).toEqual([
      'prompts/function-benchmark/1.0.md',
      'evals/suites/bench.yaml',
      'evals/humanevalpack-python-7/scenario.yaml',
      'evals/humanevalpack-python-7/hidden/python/test_hidden.py',
      'evals/humaneval-0/scenario.yaml',
      'evals/humaneval-0/hidden/go/go.mod',
      'evals/humaneval-0/hidden/go/hidden_assertions_test.go',
      'evals/humaneval-0/hidden/go/hidden_test.go',
    ]);
    const read = parseYaml(suiteSchema, files.get('evals/suites/bench.yaml') ?? '', 'suite');
    expect(read.scenarios).toEqual(['humanevalpack-python-7', 'humaneval-0']);
  });

  test('tests Python with the imports and helpers of the task, and calls the check in a test', () => {
    expect(imported([python]).files.get('evals/humanevalpack-python-7/hidden/python/test_hidden.py')).toBe(
      'import math\n\n\ndef helper(x):\n    return x\n\nimport solution\n\n\ndef check(half):\n' +
        '    assert half(2) == math.floor(1.5)\n\n\ndef test_hidden():\n    check(solution.half)\n',
    );
  });

  test('tests Go with the packages that its tests use', () => {
    const text = imported([go]).files.get('evals/humaneval-0/hidden/go/hidden_test.go');
    expect(text).toMatch(/^package solution\n\nimport \(\n\t"testing"\n\t"math"\n\)\n\nfunc TestHalf/);
  });

  test('has Go solutions that import what they use, whatever the task imports', () => {
    const unused = { ...go, prompt: go.prompt.replace('"math"', '(\n    "math"\n    "time"\n)') };
    const answer = imported([unused], ['canonical']).files.get('evals/recordings/humaneval-0@1.0.r1.md');
    expect(answer).toContain(
      'package solution\n\nimport (\n\t"math"\n)\n\nfunc Half(x float64) float64 {\n\treturn math.Abs',
    );
  });

  test('has known solutions as recorded answers, in the order in which they are named', () => {
    const { files } = imported([python], ['buggy', 'canonical']);
    const answer = (repeat: number) => files.get(`evals/recordings/humanevalpack-python-7@1.0.r${repeat}.md`);
    expect(answer(1)).toBe(`\`solution.py\`:\n\n\`\`\`python\n${python.prompt}    return x\n\`\`\`\n`);
    expect(answer(2)).toContain('return x / 2');
  });

  test.each([
    ['a solution that is not there', () => imported([go], ['buggy']), /expected a buggy_solution, found none in Go\/0/],
    [
      'a language of another kind',
      () => imported([{ ...go, task_id: 'Perl/1' }]),
      /expected tasks of .*, found Perl\/1/,
    ],
    ['a task twice', () => imported([go, go]), /expected each task once, found humaneval-0 more than once/],
    ['a line that is no JSON', () => readRecords('{"task_id"\n', 'x.jsonl'), /x\.jsonl:1: expected a record of JSON/],
    ['a record of another benchmark', () => readRecords('\n{"name": "x"}\n', 'x.jsonl'), /x\.jsonl:2: .*task_id/],
    ['an empty file', () => readRecords('\n', 'x.jsonl'), /found no line/],
  ])('is refused with %s', (_case, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the files of an import', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cupel-import-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('are written once, and never in place of others', async () => {
    const files = new Map([
      ['a/one.txt', 'one'],
      ['two.txt', 'two'],
    ]);
    expect(await writeNewFiles(folder, files)).toEqual(['a/one.txt', 'two.txt']);
    expect(await writeNewFiles(folder, files)).toEqual([]);
    await writeFile(join(folder, 'two.txt'), 'mine');
    await expect(
      writeNewFiles(
        folder,
        new Map([
          ['new.txt', ''],
          ['two.txt', 'two'],
        ]),
      ),
    ).rejects.toThrow(/found others: two\.txt; nothing was written/);
    expect(await readdir(folder)).toEqual(['a', 'two.txt']);
    expect(await readFile(join(folder, 'two.txt'), 'utf8')).toBe('mine');
  });
});

describe('tasks of other languages', () => {
  test('of JavaScript are tested by assertions that throw, with the helpers of the task', () => {
    const record = {
      task_id: 'JavaScript/3',
      prompt: 'const helper = (x) => x;\n\nconst half = (x) => {\n',
      canonical_solution: '  return x / 2;\n}\n\n',
      buggy_solution: '  return x;\n}\n\n',
      test: 'const testHalf = () => {\n  console.assert(half(2) === helper(1));\n};\n\ntestHalf();\n',
      entry_point: 'HALF',
    };
    const { files } = imported([record], ['canonical']);
    const hidden = files.get('evals/humanevalpack-javascript-3/hidden/javascript/solution.test.js') ?? '';
    const answer = files.get('evals/recordings/humanevalpack-javascript-3@1.0.r1.md') ?? '';
    const [, solution = ''] = /```js\n([\s\S]*?)```/.exec(answer) ?? [];
    const run = (code: string): void => {
      const module: { exports: unknown } = { exports: {} };
      runInNewContext(code, { module });
      const start = (_name: string, body: () => void): void => body();
      runInNewContext(hidden, { require: () => module.exports, test: start, console });
    };
    expect(() => run(solution)).not.toThrow();
    expect(() => run(solution.replace('x / 2', 'x'))).toThrow('the assertion does not hold');
  });

  test('of Java are programs that a test of JUnit starts', () => {
    const record = {
      task_id: 'Java/1',
      prompt: 'import java.util.*;\nimport java.lang.*;\n\nclass Solution {\n    public int half(int x) {\n',
      canonical_solution: '        return x / 2;\n    }\n}',
      buggy_solution: '        return x;\n    }\n}',
      test: 'public class Main {\n    public static void main(String[] args) {\n    }\n}\n',
      entry_point: 'half',
    };
    const { files } = imported([record], ['buggy']);
    const folder = 'evals/humanevalpack-java-1/hidden/java/src/test/java';
    expect(files.get(`${folder}/Main.java`)).toMatch(
      /^import java\.util\.\*;\nimport java\.lang\.\*;\n\npublic class Main/,
    );
    expect(files.get(`${folder}/HiddenTest.java`)).toContain('Main.main(new String[0])');
    expect(files.get('evals/recordings/humanevalpack-java-1@1.0.r1.md')).toContain('`src/main/java/Solution.java`:');
  });
});
