/** Ways to write a label, and words that make a block a part of the file; each stands for a habit of some model. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, ...lines: string[]): string => ['```' + tag, ...lines, '```', ''].join('\n');
const code = ['import os', '', '', 'def one() -> int:', '    return len(os.sep)'];
const found = (text: string): (string | null)[] =>
  extract(text).blocks.map(({ role, path }) => (role === 'file' ? path : role));

const labels = [
  '**`src/a.py`**  \nMain entry point of it.',
  'Path: `src/a.py`\nDescription: reads things',
  'File 2 of 3: src/a.py',
  '1) src/a.py',
  '(1) src/a.py',
  'a. src/a.py',
  '**src/a.py** (updated):',
  'src/a.py (complete):',
  '## src/a.py – entry point',
  '## Backend – `src/a.py`',
  '### Backend (`src/a.py`)',
  '### The server: src/a.py',
  '### `src/a.py` file',
  'Below is `src/a.py`:',
  "Here's the complete `src/a.py` file:",
  'Now for `src/a.py`:',
  'Finally, `src/a.py`:',
  'Файл `src/a.py`:',
  'ファイル名: src/a.py',
  '`src/a.py` 파일:',
  'Arquivo `src/a.py`:',
  'Fichier src/a.py',
  'Bestand: src/a.py',
  '- **src/a.py**\n  - reads files',
  '> **src/a.py**',
  '### Final version of `src/a.py`',
  'Listing 1: src/a.py',
  'Listing 1 – src/a.py',
  '➤ src/a.py',
  '✅ `src/a.py`',
  '[src/a.py]',
  '(src/a.py)',
  'src/a.py (new file)',
  'New file: src/a.py',
  'Created `src/a.py`:',
  '→ `src/a.py`',
  '# src/a.py',
  'src/a.py\n--------',
  '## 3. Unit tests (src/a.py)',
  '**3. Unit tests — `src/a.py`**',
  '*File: src/a.py*',
  '***src/a.py***',
  '__src/a.py__',
  '`src/a.py` 👇',
  'Filename → `src/a.py`',
  '**File:** [`src/a.py`](src/a.py)',
  'File path: `./src/a.py`',
  '<b>src/a.py</b>',
  '<h3>src/a.py</h3>',
  '#### File: `src/a.py` (32 lines)',
  '**`src/a.py`** *(new)*',
  '`src/a.py` - **NEW**',
  'Let us start with src/a.py.',
  'The file src/a.py:',
  'Contents of src/a.py:',
  'src/a.py contains the model:',
  '**Model (`src/a.py`)**:',
  '**Model** (`src/a.py`):',
  '1. **Model** – `src/a.py`',
  '- Model: `src/a.py`',
  '### Model\n`src/a.py`',
  '### Model\n\n**File:** `src/a.py`\n\nIt holds the model and is used by others.',
  '<!-- src/a.py -->',
  '// src/a.py',
  '# File: src/a.py',
  '---\nsrc/a.py\n---',
  '**src/a.py** | 12 lines',
  'Step 3: `src/a.py`',
  'Step 3. Write `src/a.py`',
  '**Step 3: Write `src/a.py`**',
  'Edit file: src/a.py',
  'Create: `src/a.py`',
  'Add `src/a.py`:',
  'Add file `src/a.py`:',
  'We also need `src/a.py`:',
  'Lastly, let us create `src/a.py` for the model:',
  '`src/a.py` (Python):',
  'Python (`src/a.py`):',
  'src/a.py :',
  'src/a.py：',
  '【src/a.py】',
  '「src/a.py」',
  '文件名：src/a.py',
  '**Código de `src/a.py`:**',
  'Voici `src/a.py` :',
  'Hier ist `src/a.py`:',
  'Ecco il file `src/a.py`:',
];

describe('a label names the block below it', () => {
  test.each(labels)('%j', (label) => {
    expect(found(`Some words.\n\n${label}\n\n${block('python', ...code)}`)).toEqual(['src/a.py']);
  });

  test.each([
    ['Makefile:', 'Makefile', 'makefile', 'all:\n\techo'],
    ['### .env', '.env', '', 'A=1\nB=2'],
    ['.gitignore:', '.gitignore', '', 'node_modules\ndist'],
    ['### Dockerfile:', 'Dockerfile', '', 'FROM x\nRUN y'],
    ['## The Dockerfile', 'Dockerfile', 'dockerfile', 'FROM x\nRUN y'],
    ['**Dockerfile** (multi-stage)', 'Dockerfile', 'dockerfile', 'FROM x\nRUN y'],
    ['**__init__.py**', '__init__.py', 'python', 'x = 1'],
    ['File: My Project/Main File.cs', 'My Project/Main File.cs', 'csharp', 'class A { }'],
  ])('%j', (label, path, tag, text) => {
    expect(found(`Some words.\n\n${label}\n\n${block(tag, text)}`)).toEqual([path]);
  });
});

describe('a comment at the head of a block names it', () => {
  test.each([
    ['inside of a docstring', 'python', '"""\nsrc/a.py\n\nMain.\n"""', 'src/a.py'],
    ['inside of a block comment', 'lua', '--[[\nsrc/a.lua\n]]', 'src/a.lua'],
    ['with a description', 'python', '# src/a.py - Main application', 'src/a.py'],
    ['after the line with the encoding', 'python', '# -*- coding: utf-8 -*-\n# src/a.py', 'src/a.py'],
    ['above a licence', 'js', '/*\n * src/a.js\n * Copyright\n */', 'src/a.js'],
    ['in quotation marks, with spaces', 'cs', '// "My Project/A B.cs"', 'My Project/A B.cs'],
    ['with a word and an underscore', 'python', '# file_name: src/a.py', 'src/a.py'],
  ])('%s', (_where, tag, comment, path) => {
    expect(found(`Words.\n\n${block(tag, comment, 'x = 1', 'y = 2')}`)).toEqual([path]);
  });

  test('between the rules of a banner, and so is each of several files in the block', () => {
    const rule = '# ==========';
    const { files } = extract(
      block('python', rule, '# app/a.py', rule, 'x = 1', '', rule, '# app/b.py', rule, 'y = 2'),
    );
    expect(files.map(({ path, text }) => [path, text])).toEqual([
      ['app/a.py', `${rule}\n# app/a.py\n${rule}\nx = 1\n`],
      ['app/b.py', `${rule}\n# app/b.py\n${rule}\ny = 2\n`],
    ]);
  });

  test('but not a sentence that ends with one', () => {
    expect(found(block('js', '// reads src/a.js', 'x();'))).toEqual(['unnamed']);
  });
});

describe('a part of a file is a fragment', () => {
  test.each([
    'In **src/a.py**, replace:',
    'Update the `x` function in `src/a.py`:',
    '`src/a.py` (lines 10-20)',
    '`src/a.py`, lines 10 to 20:',
    'Excerpt from `src/a.py`:',
    'At the end of `src/a.py`, add:',
    'In `src/a.py` (around line 40):',
    '**src/a.py** (changed part only)',
    'Add this method to `src/a.py`:',
    'Now use it in `src/a.py`:',
  ])('%j', (label) => {
    expect(found(`Words.\n\n${label}\n\n${block('python', '@app.get("/x")', 'def x():', '    return 1')}`)).toEqual([
      'fragment',
    ]);
  });

  test('and so is a quotation with its range of lines in the info string', () => {
    expect(found(block('12:14:src/a.py', 'def x():', '    return 1'))).toEqual(['fragment']);
  });
});

test('what imports a file is not the file', () => {
  expect(
    found(`You can now import the class from \`src/a.py\`:\n\n${block('python', 'from src.a import A', 'A()')}`),
  ).toEqual(['unnamed']);
});

describe('a sentence below a block names it', () => {
  const script = block('python', ...code);

  test.each([
    'To use it, save this script as `a.py` and run it.',
    'Save the code to a file (e.g., a.py) and run it with Python.',
    '1. Copy the above code into a file named `a.py`.',
    `Install:\n\n${block('bash', 'pip install x')}\nThen save the script as \`a.py\`:\n\n${block('bash', 'python a.py')}`,
  ])('%j', (below) => {
    expect(found(`Here it is:\n\n${script}\n${below}\n`)[0]).toBe('a.py');
  });

  const other = block('python', 'import sys', 'print(sys.path)');

  test.each([
    ['it names the next block', `Save this as \`a.py\`:\n\n${other}`, ['unnamed', 'a.py']],
    ['it speaks of what the code writes', 'Save the results to `out.py`.\n', ['unnamed']],
    ['it speaks of what is below', `Save the code below as \`a.py\`:\n\n${other}`, ['unnamed', 'a.py']],
    ['the file is of another language', 'Save this as `data.json`.\n', ['unnamed']],
    ['another block has that name', `**a.py**\n\n${other}\nSave this code as \`a.py\`.\n`, ['unnamed', 'a.py']],
  ])('but not when %s', (_why, below, expected) => {
    expect(found(`Here it is:\n\n${script}\n${below}`)).toEqual(expected);
  });

  test('is told with its line, after the block', () => {
    expect(extract(`${script}\nSave it as \`a.py\`.\n`).blocks[0]).toMatchObject({
      role: 'file',
      path: 'a.py',
      namedBy: 'sentence',
      nameLine: 9,
    });
  });
});
