import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const paths = (answer: string): string[] => extract(answer).files.map((file) => file.path);
const flags = (answer: string): [string, string | null][] =>
  extract(answer).flags.map((flag) => [flag.code, flag.path]);
const block = (path: string, body: string, tag = ''): string => `\`${path}\`\n\n\`\`\`${tag}\n${body}\n\`\`\`\n\n`;

describe('the path jail', () => {
  for (const path of [
    '../x',
    '../../x.py',
    'a/../../x.py',
    '/etc/passwd',
    '/tmp/x.py',
    'C:\\x.py',
    'C:/x.py',
    'src\\..\\x.py',
    'node_modules/a/index.js',
    '.git/hooks/pre-commit.sh',
    'a/nul.py',
    `${'d/'.repeat(30)}x.py`,
    `${'n'.repeat(120)}.py`,
  ]) {
    test(`refuses ${path.slice(0, 40)} aloud`, () => {
      const answer = block(path, 'x = 1', 'python');
      expect(paths(answer)).toEqual([]);
      expect(flags(answer)).toContainEqual(['unsafe-path', path]);
      expect(extract(answer).blocks[0]).toMatchObject({ role: 'unnamed', path: null });
    });
  }

  test('keeps the first of two files that cannot stand side by side', () => {
    expect(paths(block('src/a.py', 'x = 1', 'python') + block('SRC/A.py', 'x = 2', 'python'))).toEqual(['src/a.py']);
    expect(paths(block('lib.js', 'x', 'js') + block('lib.js/a.js', 'y', 'js'))).toEqual(['lib.js']);
    expect(paths(block('lib.js/a.js', 'y', 'js') + block('lib.js', 'x', 'js'))).toEqual(['lib.js/a.js']);
    expect(flags(block('lib.js', 'x', 'js') + block('lib.js/a.js', 'y', 'js'))).toEqual([
      ['path-clash', 'lib.js/a.js'],
    ]);
  });
});

describe('versions of a file', () => {
  test('the later whole one replaces the earlier, with a flag', () => {
    const answer = block('a.py', 'x = 1', 'python') + block('a.py', 'x = 2', 'python');
    expect(extract(answer).files).toMatchObject([{ path: 'a.py', text: 'x = 2\n', line: 9 }]);
    expect(flags(answer)).toEqual([['duplicate-path', 'a.py']]);
  });

  const parts: [string, string][] = [
    ['Add the following to your `pom.xml`:', '```xml\n<dependency>\n  <artifactId>a</artifactId>\n</dependency>\n```'],
    ['Add these lines to `src/app.py`:', '```python\nx = 2\n```'],
    ['Update `src/app.py` to include the new route:', '```python\nx = 2\n```'],
    ['In `src/app.py`, create a new route:', '```python\n@app.route("/x")\ndef x():\n    return 1\n```'],
    ["Here's the updated `run` method in `src/app.py`:", '```python\ndef run():\n    return 1\n```'],
    ['Open `src/app.py` and add:', '```python\nx = 2\n```'],
    ['At the end of `src/app.py`:', '```python\nx = 2\n```'],
    ['In your `src/app.py`, register it:', '```python\nx = 2\n```'],
    ['`src/app.py`', '```python\nimport os\n\n# ... existing code ...\n\nx = 2\n```'],
    ['`src/app.py`', '```python\nimport os\n\n# rest of the code remains unchanged\n```'],
    ['`src/app.js`', '```js\n// ...\nfoo();\n```'],
    ['Then:', '```js\n// in src/app.js\nfoo();\n```'],
    ['`src/App.vue`', '```js\nconst a = 1;\n```'],
  ];
  for (const [prose, fenced] of parts) {
    test(`a part is no file: ${prose} ${fenced.slice(0, 40).replaceAll('\n', '⏎')}`, () => {
      const result = extract(`${prose}\n\n${fenced}\n`);
      expect(result.files).toEqual([]);
      expect(result.blocks[0]?.role).toBe('fragment');
      expect(result.blocks[0]?.path).not.toBeNull();
    });
  }

  for (const prose of [
    'Replace the contents of `src/app.py` with the following:',
    'Here is the complete updated `src/app.py`:',
    'Create `src/app.py` and add the following code:',
  ]) {
    test(`a whole file is one: ${prose}`, () => {
      expect(paths(`${prose}\n\n\`\`\`python\nx = 2\n\`\`\`\n`)).toEqual(['src/app.py']);
    });
  }
});

describe('several files in one block', () => {
  test('are split at the comments that are paths', () => {
    const { files } = extract('```js\n// a.js\nlet a;\n\n// lib/b.js\nlet b;\n```\n');
    expect(files).toMatchObject([
      { path: 'a.js', text: '// a.js\nlet a;\n', lines: [2, 3] },
      { path: 'lib/b.js', text: '// lib/b.js\nlet b;\n', lines: [5, 6] },
    ]);
  });

  test('are not seen in comments that speak of files', () => {
    expect(paths('```js\n// a.js\nlet a;\n\n// see lib/b.js for more\nlet b;\n```\n')).toEqual(['a.js']);
  });
});

describe('a directory tree', () => {
  const tree =
    '```text\nshop/\n├── services/\n│   └── cart/\n│       ├── package.json\n│       └── src/\n│           ├── app.ts   # entry\n│           └── db.ts\n└── README.md\n```\n\n';

  test('completes bare names and re-roots labels of a part', () => {
    const answer = `${tree}${block('services/cart/package.json', '{}', 'json')}${block('src/app.ts', 'x;', 'ts')}${block('db.ts', 'y;', 'ts')}${block('README.md', '# T', 'markdown')}`;
    expect(paths(answer)).toEqual([
      'services/cart/package.json',
      'services/cart/src/app.ts',
      'services/cart/src/db.ts',
      'README.md',
    ]);
    expect(extract(answer).blocks[2]).toMatchObject({ path: 'services/cart/src/app.ts', namedBy: 'tree' });
  });

  test('may be drawn with indentation alone', () => {
    expect(
      paths(
        `\`\`\`\nshop/\n  src/\n    main.py\n    util.py\n  README.md\n\`\`\`\n\n${block('main.py', 'x', 'python')}`,
      ),
    ).toEqual(['src/main.py']);
  });

  test('changes nothing where it says more than one thing', () => {
    const two = '```\na/\n├── index.ts\nb/\n└── index.ts\n```\n\n';
    expect(paths(two + block('index.ts', 'x;', 'ts'))).toEqual(['index.ts']);
  });

  test('is no file, and neither are its names', () => {
    expect(extract(tree)).toMatchObject({ files: [], blocks: [{ role: 'example' }] });
  });
});

describe('edits', () => {
  const base = block('a.py', 'x = 1\ny = 2\nz = 3', 'python');

  test('as SEARCH/REPLACE are applied to the file that they name', () => {
    const {
      files,
      flags: found,
      blocks,
    } = extract(`${base}a.py\n\`\`\`python\n<<<<<<< SEARCH\ny = 2\n=======\ny = 5\nw = 6\n>>>>>>> REPLACE\n\`\`\`\n`);
    expect(files).toMatchObject([{ path: 'a.py', text: 'x = 1\ny = 5\nw = 6\nz = 3\n', lines: [4, 14, 15, 6] }]);
    expect(found).toEqual([]);
    expect(blocks[1]).toMatchObject({ role: 'fragment', path: 'a.py' });
  });

  test('as a diff are applied to the file that it names', () => {
    const { files } = extract(
      `${base}\`\`\`diff\n--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n x = 1\n-y = 2\n+y = 5\n z = 3\n\`\`\`\n`,
    );
    expect(files).toMatchObject([{ path: 'a.py', text: 'x = 1\ny = 5\nz = 3\n', lines: [4, 15, 6] }]);
  });

  test('that make a file make it', () => {
    expect(
      extract('```diff\n--- /dev/null\n+++ b/src/a.py\n@@ -0,0 +1,2 @@\n+x = 1\n+y = 2\n```\n').files,
    ).toMatchObject([{ path: 'src/a.py', text: 'x = 1\ny = 2\n' }]);
    expect(extract('b.py\n```python\n<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n```\n').files).toMatchObject([
      { path: 'b.py', text: 'x = 1\n' },
    ]);
  });

  test('as a diff without heads are applied to the file that the label names', () => {
    const { files } = extract(`${base}Change \`a.py\`:\n\n\`\`\`diff\n x = 1\n-y = 2\n+y = 5\n\`\`\`\n`);
    expect(files).toMatchObject([{ path: 'a.py', text: 'x = 1\ny = 5\nz = 3\n' }]);
  });

  test('that do not fit are flagged and change nothing', () => {
    const answer = `${base}a.py\n\`\`\`\n<<<<<<< SEARCH\nq = 0\n=======\nq = 1\n>>>>>>> REPLACE\n\`\`\`\n`;
    expect(extract(answer).files).toMatchObject([{ text: 'x = 1\ny = 2\nz = 3\n' }]);
    expect(flags(answer)).toEqual([['unapplied-edit', 'a.py']]);
    expect(flags('c.py\n```\n<<<<<<< SEARCH\nq\n=======\nr\n>>>>>>> REPLACE\n```\n')).toContainEqual([
      'unapplied-edit',
      'c.py',
    ]);
  });
});

describe('names that the code decides', () => {
  const cases: [string, string, string][] = [
    ['java', 'package com.acme.shop;\n\npublic final class Cart {\n}', 'src/main/java/com/acme/shop/Cart.java'],
    [
      'java',
      'package com.acme;\n\nimport org.junit.jupiter.api.Test;\n\npublic class CartTest {\n}',
      'src/test/java/com/acme/CartTest.java',
    ],
    ['go', 'package main\n\nfunc main() {\n}', 'main.go'],
    ['json', '{\n  "name": "a",\n  "scripts": {}\n}', 'package.json'],
    ['go', 'module example.com/a\n\ngo 1.24', 'go.mod'],
    ['xml', '<project>\n<modelVersion>4.0.0</modelVersion>\n</project>', 'pom.xml'],
    ['dockerfile', 'FROM python:3.11\nRUN pip install flask', 'Dockerfile'],
    ['toml', '[package]\nname = "a"\nversion = "0.1.0"\n\n[dependencies]', 'Cargo.toml'],
  ];
  for (const [tag, body, path] of cases) {
    test(`are inferred, with a flag: ${path}`, () => {
      const answer = `Here it is:\n\n\`\`\`${tag}\n${body}\n\`\`\`\n`;
      expect(extract(answer).files).toMatchObject([{ path, namedBy: 'inferred' }]);
      expect(flags(answer)).toEqual([['inferred-name', path]]);
    });
  }

  test('are inferred for tests of a file that the answer names', () => {
    const python = `${block('app/cart.py', 'def total():\n    return 0', 'python')}Tests:\n\n\`\`\`python\nfrom app.cart import total\n\ndef test_total():\n    assert total() == 0\n\`\`\`\n`;
    expect(paths(python)).toEqual(['app/cart.py', 'test_cart.py']);
    const jest = `${block('src/cart.ts', 'export const a = 1;', 'ts')}Tests:\n\n\`\`\`ts\nimport { a } from './cart';\n\ntest('a', () => {});\n\`\`\`\n`;
    expect(paths(jest)).toEqual(['src/cart.ts', 'src/cart.test.ts']);
  });

  test('are inferred for Go packages where an import looks for them', () => {
    const answer =
      '```go\npackage store\n\nfunc A() {}\n```\n\n```go\npackage main\n\nimport "example.com/x/store"\n\nfunc main() { store.A() }\n```\n';
    expect(paths(answer)).toEqual(['store/store.go', 'main.go']);
  });

  test('are not made up where nothing decides them', () => {
    for (const [tag, body] of [
      ['python', 'def f():\n    return 1'],
      ['java', 'public class Main {\n}'],
      ['ts', 'export const a = 1;'],
    ]) {
      expect(extract(`Here:\n\n\`\`\`${tag}\n${body}\n\`\`\`\n`)).toMatchObject({
        files: [],
        blocks: [{ role: 'unnamed', path: null }],
      });
    }
  });
});

describe('sentences that create empty files', () => {
  for (const sentence of [
    'Add empty `tests/__init__.py` and `tests/unit/__init__.py` files so that imports work.',
    'Also create empty files `tests/__init__.py` and `tests/unit/__init__.py`.',
    '- `tests/__init__.py` (empty)\n- `tests/unit/__init__.py` (empty)',
  ]) {
    test(`make them: ${sentence.slice(0, 40)}`, () => {
      expect(extract(`${sentence}\n`).files).toMatchObject([
        { path: 'tests/__init__.py', text: '', lines: [], line: 1, namedBy: 'sentence' },
        { path: 'tests/unit/__init__.py', text: '' },
      ]);
    });
  }

  test('do not, when they speak of something else that is empty', () => {
    expect(
      paths(
        'The secret must not be empty in `config.py`.\n\nAn empty list comes from `store.py`.\n\nIf `a.txt` is empty, it fails.\n',
      ),
    ).toEqual([]);
  });
});

describe('what is no file', () => {
  test('has the role that tells why', () => {
    const roles = (answer: string): string[] => extract(answer).blocks.map((found) => found.role);
    expect(roles('Install:\n\n```\nnpm install\nnpm start\n```\n')).toEqual(['shell']);
    expect(roles('Install:\n\n```\n$ make\nok\n```\n')).toEqual(['shell']);
    expect(roles('The answer:\n\n```json\n{"a": 1}\n```\n')).toEqual(['example']);
    expect(roles('It prints:\n\n```text\n42\n```\n')).toEqual(['example']);
    expect(roles('Code:\n\n```ts\nexport const a = 1;\n```\n')).toEqual(['unnamed']);
    expect(
      roles(`${block('a.ts', 'export const a = 1;', 'ts')}Usage:\n\n\`\`\`ts\nimport { a } from './a';\n\`\`\`\n`),
    ).toEqual(['file', 'example']);
  });

  test('is flagged when code lacks a name, and when there is no file at all', () => {
    expect(flags('Code:\n\n```ts\nexport const a = 1;\n```\n').map(([code]) => code)).toEqual([
      'no-files',
      'unnamed-block',
    ]);
    expect(flags('')).toEqual([['no-files', null]]);
    expect(flags('Just words.')).toEqual([['no-files', null]]);
  });
});

describe('an answer that stands as a whole in a Markdown block', () => {
  test('is read inside, with a flag', () => {
    const inner = `# Answer\n\n${block('a.py', 'x = 1', 'python')}${block('b.py', 'y = 2', 'python')}`;
    const answer = `\`\`\`markdown\n${inner}\`\`\`\n`;
    expect(extract(answer).files).toMatchObject([
      { path: 'a.py', line: 6, text: 'x = 1\n', lines: [7] },
      { path: 'b.py', line: 12, text: 'y = 2\n' },
    ]);
    expect(flags(answer)).toEqual([['swallowed-fence', null]]);
  });

  test('is left alone when it is a README', () => {
    expect(
      paths('`README.md`\n\n````markdown\n# T\n\n`a.py`\n\n```python\nx\n```\n\n`b.py`\n\n```python\ny\n```\n````\n'),
    ).toEqual(['README.md']);
  });
});

describe('a label with several names', () => {
  test('means the first of alternatives, and the one of the language of the block', () => {
    expect(paths('`main.js` or `main.ts`:\n\n```js\nlet a;\n```\n')).toEqual(['main.js']);
    expect(paths('`index.html` and `style.css`\n\n```css\na {}\n```\n')).toEqual(['style.css']);
  });
});
