import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const texts = (answer: string): Record<string, string> =>
  Object.fromEntries(extract(answer).files.map((file) => [file.path, file.text]));
const codes = (answer: string): string[] => extract(answer).flags.map((flag) => flag.code);

describe('sound fences', () => {
  test('keep a Markdown file with fences of its own whole, inside four backticks', () => {
    const answer =
      '`README.md`\n\n````markdown\n# T\n\n```sh\nmake\n```\n\nEnd.\n````\n\n`a.py`\n\n```python\nx = 1\n```\n';
    expect(texts(answer)).toEqual({ 'README.md': '# T\n\n```sh\nmake\n```\n\nEnd.\n', 'a.py': 'x = 1\n' });
  });

  test('may be tildes, which backticks do not close', () => {
    expect(texts('`a.md`\n\n~~~markdown\n```\nx\n```\n~~~\n')).toEqual({ 'a.md': '```\nx\n```\n' });
  });

  test('in lists lose their indentation and no more', () => {
    const answer =
      '1. Create `a.py`:\n\n   ```python\n   def f():\n       return 1\n   ```\n2. Then `b.py`:\n    ```python\n    x = 1\n    ```\n';
    expect(texts(answer)).toEqual({ 'a.py': 'def f():\n    return 1\n', 'b.py': 'x = 1\n' });
  });

  test('in a list may hold code that is not indented', () => {
    expect(texts('- `a.py`\n  ```python\nx = 1\nif x:\n    y = 2\n  ```\n')).toEqual({
      'a.py': 'x = 1\nif x:\n    y = 2\n',
    });
  });

  test('may stand right after a list marker or in a quotation', () => {
    expect(texts('- ```python\n  # a.py\n  x = 1\n  ```\n')).toEqual({ 'a.py': '# a.py\nx = 1\n' });
    expect(texts('> `a.py`\n>\n> ```python\n> x = 1\n>\n> y = 2\n> ```\n')).toEqual({ 'a.py': 'x = 1\n\ny = 2\n' });
  });

  test('with CRLF give lines that end with a line feed', () => {
    expect(texts('`a.py`\r\n\r\n```python\r\nx = 1\r\ny = 2\r\n```\r\n')).toEqual({ 'a.py': 'x = 1\ny = 2\n' });
  });

  test('may hold nothing', () => {
    expect(texts('`a/__init__.py`\n\n```python\n```\n')).toEqual({ 'a/__init__.py': '' });
  });

  test('keep inline code with three backticks as prose', () => {
    expect(extract('Use ```x = 1``` here.\n').blocks).toEqual([]);
  });
});

describe('broken fences', () => {
  test('that are never closed are flagged, and the text kept', () => {
    const answer = '`a.py`\n\n```python\nx = 1\n```\n\n`b.py`\n\n```python\ny = 2\n';
    expect(texts(answer)).toEqual({ 'a.py': 'x = 1\n', 'b.py': 'y = 2\n' });
    expect(extract(answer).flags).toMatchObject([{ code: 'unclosed-fence', line: 9 }]);
  });

  test('that are closed with an info string end there', () => {
    const answer =
      '## Code\n```python\nx = 1\n```text\n\n## Tests\n\n```python\ny = 2\n```text\n\n## README\n\n```markdown\n### Run\n```bash\nmake\n```\n\n```text\n';
    const { blocks, flags } = extract(answer);
    expect(blocks.map((block) => [block.line, block.endLine, block.role])).toEqual([
      [2, 4, 'unnamed'],
      [8, 10, 'unnamed'],
      [14, 20, 'example'],
    ]);
    expect(flags.filter((flag) => flag.code === 'swallowed-fence').map((flag) => flag.line)).toEqual([4, 10, 20]);
  });

  test.each(['That is all.', 'Und das ist alles.', 'Now the tests, which need no service'])(
    'that have a sentence behind the closer end there, with a doubt: %s',
    (sentence) => {
      const answer = `\`a.py\`\n\n\`\`\`python\nx = 1\n\`\`\` ${sentence}\n\n\`b.py\`\n\n\`\`\`python\ny = 2\n\`\`\`\n`;
      expect(texts(answer)).toEqual({ 'a.py': 'x = 1\n', 'b.py': 'y = 2\n' });
      expect(codes(answer)).toEqual(['unclear-fence']);
    },
  );

  test('that lack their closer end before the next opener and its label', () => {
    const answer = '`a.py`\n\n```python\nx = 1\n\n`b.js`\n\n```js\nlet y = 2;\n```\n';
    expect(texts(answer)).toEqual({ 'a.py': 'x = 1\n', 'b.js': 'let y = 2;\n' });
    expect(codes(answer)).toEqual(['swallowed-fence']);
  });

  test('glued to prose open a block', () => {
    expect(texts('Create `a.py`:```python\nx = 1\n```\n')).toEqual({ 'a.py': 'x = 1\n' });
    expect(texts('Create a.py with this:```python\nx = 1\n```\n')).toEqual({ 'a.py': 'x = 1\n' });
  });

  test('glued to the last line of code close it', () => {
    expect(texts('`a.js`\n\n```js\nfoo({\n});```\n\n`b.js`\n\n```js\nx;\n```\n')).toEqual({
      'a.js': 'foo({\n});\n',
      'b.js': 'x;\n',
    });
  });

  test('with code on the opener line lose none of it', () => {
    expect(texts('`a.py`\n\n```python import os\nprint(os.name)\n```\n')).toEqual({
      'a.py': 'import os\nprint(os.name)\n',
    });
    expect(texts('`a.php`\n\n```<?php\necho 1;\n```\n')).toEqual({ 'a.php': '<?php\necho 1;\n' });
    expect(texts('`a.py`\n\n```pythonimport os\nprint(os.name)\n```\n')).toEqual({
      'a.py': 'import os\nprint(os.name)\n',
    });
  });

  test('inside string literals are code', () => {
    const docstring = 'def f():\n    """Use it.\n\n```python\nf()\n```\n    """\n    return 1\n';
    expect(texts(`\`a.py\`\n\n\`\`\`python\n${docstring}\`\`\`\n`)).toEqual({ 'a.py': docstring });
    const here = "#!/bin/sh\ncat > README.md <<'EOF'\n```\nmake\n```\nEOF\necho done\n";
    expect(texts(`\`a.sh\`\n\n\`\`\`sh\n${here}\`\`\`\n`)).toEqual({ 'a.sh': here });
  });

  test('in a README that is fenced with three backticks too are paired off', () => {
    const readme = '# T\n\n## Install\n\n```bash\nnpm i\n```\n\n## Use\n\n```\nnpm start\n```\n\nEnd.\n';
    expect(
      texts(`\`README.md\`\n\n\`\`\`markdown\n${readme}\`\`\`\n\n\`a.py\`\n\n\`\`\`python\nx = 1\n\`\`\`\n`),
    ).toEqual({
      'README.md': readme,
      'a.py': 'x = 1\n',
    });
  });

  test('in a README without a closer do not swallow the files after it', () => {
    const answer =
      '`README.md`\n\n```markdown\n# T\n\n```bash\nnpm i\n```\n\n### `a.js`\n\n```js\nlet x = 1;\n```\n\n### `b.js`\n\n```js\nlet y = 1;\n```\n';
    expect(Object.keys(texts(answer))).toEqual(['README.md', 'a.js', 'b.js']);
    expect(codes(answer)).toContain('unclosed-fence');
  });

  test('that close nothing are no block', () => {
    const answer = 'Text.\n\n```\n\n## `a.py`\n\n```python\nx = 1\n```\n';
    expect(texts(answer)).toEqual({ 'a.py': 'x = 1\n' });
    expect(codes(answer)).toContain('swallowed-fence');
  });
});
