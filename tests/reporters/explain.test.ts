import { describe, expect, test } from 'vitest';
import { extract } from '../../src/stages/3-extract/extract.ts';
import { explainText } from '../../src/reporters/explain.ts';
import { harmless } from '../../src/reporters/harmless.ts';

const explain = (answer: string): string => explainText(answer, extract(answer));

describe('an explanation of an extraction', () => {
  test('says line, role, path, and quotes the line that names a block', () => {
    const text = explain('### `src/app.py`\n\n```python\nimport os\nprint(os.name)\n```\n');
    expect(text).toContain(
      'block 1  lines 3 to 6  python  file  src/app.py\n  named    by the heading on line 1: "### `src/app.py`"\n  because  it has a name, and nothing calls it a part',
    );
  });

  test.each([
    [
      'a fragment',
      'Add to your `pom.xml`:\n\n```xml\n<dependency/>\n```\n',
      'fragment  pom.xml',
      'call it a part of the file',
    ],
    ['an example', 'Tree:\n\n```\napp/\n├── a.py\n└── b.py\n```\n', 'no language  example', 'draws a tree'],
    ['shell', 'Run:\n\n```bash\nnpm test\n```\n', 'bash  shell', 'its language is bash'],
    ['code without a name', '```python\nx = 1\n```\n', 'python  unnamed', 'nothing names it'],
    [
      'an inferred name',
      'Module:\n\n```\nmodule example.com/x\n\ngo 1.24\n```\n',
      'file  go.mod',
      'inferred from what it holds',
    ],
  ])('says why a block is %s', (_what, answer, head, reason) => {
    const text = explain(answer);
    expect(text).toContain(head);
    expect(text).toContain(reason);
  });

  test('puts a flag under its block, and the others at the end', () => {
    const text = explain('`../x.py`\n\n```python\nx = 1\n```\n\n`a.py`\n\n```python\nx = 1\n');
    expect(text).toMatch(/block 1 .*\n {2}because .*\n {2}flag {5}line 3: unnamed-block/);
    expect(text).toMatch(/block 2 .* a\.py\n {2}named .*\n {2}because .*\n {2}flag {5}line 9: unclosed-fence/);
    expect(text).toMatch(/\n\n {2}flag {5}line 1: unsafe-path: \.\.\/x\.py: /);
  });

  test('names each file of a block that holds several, and files without a block', () => {
    const text = explain('Add an empty `tests/__init__.py`.\n\n```python\n# a.py\nx = 1\n\n# b.py\ny = 2\n```\n');
    expect(text).toContain('  and      b.py, by the comment');
    expect(text).toContain('no block  line 1  file  tests/__init__.py');
  });

  test('lets no control character of the answer reach the terminal', () => {
    const text = explain('**`a.py`** \u001b[2J\u202e evil\u0007 text\n\n```py\u001b]0;x\n# a.py\nx = 1\n```\n');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('\uFFFD');
  });

  test('counts lines as extraction does, whatever the line ends', () => {
    expect(explain('one\r\n\r\n`a.py`\r\n\r\n```python\r\nx = 1\r\n```\r\n')).toContain('on line 3: "`a.py`"');
  });
});

describe('harmless text', () => {
  test('is one line of bounded length', () => {
    expect(harmless('a\r\n\tb')).toBe('a b');
    expect(harmless('x'.repeat(200))).toHaveLength(100);
    expect(harmless('\u200bzero\u2028width')).toBe('\uFFFDzero\uFFFDwidth');
  });
});
