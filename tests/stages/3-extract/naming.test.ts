import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const code = 'import os\n\nprint(os.name)\n';
const fence = (body = code, info = 'python'): string => `\`\`\`${info}\n${body}\`\`\`\n`;

/** Path and naming of the only block. */
function only(answer: string): [string | null, string | null] {
  const { blocks } = extract(answer);
  expect(blocks).toHaveLength(1);
  return [blocks[0]?.path ?? null, blocks[0]?.namedBy ?? null];
}

describe('a name above a block', () => {
  const labels: [string, string, string][] = [
    ['### `src/app.py`', 'src/app.py', 'heading'],
    ['### src/app.py', 'src/app.py', 'heading'],
    ['#### 3.2 `src/app.py` (the service)', 'src/app.py', 'heading'],
    ['### Step 2: Create `src/app.py`', 'src/app.py', 'heading'],
    ['### CI pipeline (`tools/ci.py`)', 'tools/ci.py', 'heading'],
    ['## 📄 `src/app.py`', 'src/app.py', 'heading'],
    ['**src/app.py**', 'src/app.py', 'bold'],
    ['**`src/app.py`:**', 'src/app.py', 'bold'],
    ['**1. src/app.py** - the entry point', 'src/app.py', 'bold'],
    ['`src/app.py`', 'src/app.py', 'code-span'],
    ['`src/app.py`:', 'src/app.py', 'code-span'],
    ['`src/app.py` — the entry point', 'src/app.py', 'code-span'],
    ['src/app.py', 'src/app.py', 'plain-path'],
    ['app.py:', 'app.py', 'plain-path'],
    ['./src/app.py', 'src/app.py', 'plain-path'],
    ['src/\\_\\_init\\_\\_.py', 'src/__init__.py', 'plain-path'],
    ['pkg/__init__.py', 'pkg/__init__.py', 'plain-path'],
    ['1. `src/app.py`', 'src/app.py', 'list-item'],
    ['- src/app.py:', 'src/app.py', 'list-item'],
    ['File: src/app.py', 'src/app.py', 'label'],
    ['**File:** `src/app.py`', 'src/app.py', 'label'],
    ['Filename: `app.py`', 'app.py', 'label'],
    ['### File: `src/app.py`', 'src/app.py', 'label'],
    ['<FILEPATH>src/app.py</FILEPATH>', 'src/app.py', 'tag'],
    ['<file path="src/app.py">', 'src/app.py', 'tag'],
    ['Create a file named `src/app.py` with this content:', 'src/app.py', 'sentence'],
    ['Here is the main module, which lives in src/app.py:', 'src/app.py', 'sentence'],
    ['TSDoc is on every exported name above. `src/app.py`:', 'src/app.py', 'sentence'],
    ['The entry point (app.py) wires things up:', 'app.py', 'sentence'],
    ['Save this as "app.py":', 'app.py', 'sentence'],
  ];
  for (const [label, path, namedBy] of labels) {
    test(`is read from: ${label}`, () => {
      expect(only(`Some words before.\n\n${label}\n\n${fence()}`)).toEqual([path, namedBy]);
      expect(only(`Some words before.\n\n${label}\n${fence()}`)).toEqual([path, namedBy]);
    });
  }

  test('is read from the label further up, with prose between', () => {
    expect(
      only(`### \`src/app.py\`\n\nThe interpreter's name is printed.\n\nNothing else happens.\n\n${fence()}`),
    ).toEqual(['src/app.py', 'heading']);
  });

  test('is not taken from a label that belongs to the block before', () => {
    const { blocks } = extract(`\`a.py\`\n\n${fence()}\nAnd this:\n\n${fence('import sys\n\nprint(sys.path)\n')}`);
    expect(blocks.map((block) => block.path)).toEqual(['a.py', null]);
    expect(blocks[1]?.role).toBe('unnamed');
  });

  test('names both files when a label names two', () => {
    const { files, blocks } = extract('`.dockerignore` and `.gitignore`\n\n```text\nnode_modules\ndist\n```\n');
    expect(files.map((file) => [file.path, file.text])).toEqual([
      ['.dockerignore', 'node_modules\ndist\n'],
      ['.gitignore', 'node_modules\ndist\n'],
    ]);
    expect(blocks[0]?.path).toBe('.dockerignore');
  });

  for (const name of [
    'Dockerfile',
    'Makefile',
    '.env.example',
    'LICENSE',
    'requirements.txt',
    '.github/CODEOWNERS',
    'go.mod',
    'src/pages/[id].tsx',
    'app/(auth)/page.tsx',
  ]) {
    test(`may be ${name}`, () => {
      expect(extract(`\`${name}\`\n\n\`\`\`\nsome text\nmore\n\`\`\`\n`).files.map((file) => file.path)).toEqual([
        name,
      ]);
    });
  }

  for (const prose of [
    'Here is a server in Node.js:',
    'A bot with Discord.js:',
    'With **Vue.js** it is:',
    'The `res.json` call does it:',
    'Use `process.env` here:',
    'It prints with `console.log`:',
    'As of version 3.11, e.g. on Linux:',
    'See https://example.com/app.js for more:',
    'In the `src/` folder:',
    'It matches `*.js` files:',
  ]) {
    test(`is not seen in: ${prose}`, () => {
      expect(only(`${prose}\n\n${fence('const a = 1;\nfoo(a);\n', 'js')}`)[0]).toBeNull();
    });
  }

  test('is not the name of shell commands', () => {
    const { blocks } = extract(
      'Run the `index.js` file:\n\n```bash\nnode index.js\n```\n\n`server.js`\n\n```sh\nnode server.js\n```\n',
    );
    expect(blocks.map((block) => [block.role, block.path])).toEqual([
      ['shell', null],
      ['shell', null],
    ]);
  });

  test('is the name of a shell script', () => {
    expect(only('`run.sh`\n\n```bash\n#!/bin/sh\nset -e\nnpm start\n```\n')).toEqual(['run.sh', 'code-span']);
  });

  test('is not a file of another language than the block', () => {
    expect(
      only('It reads `config.json` first:\n\n```python\nimport json\njson.load(open("config.json"))\n```\n')[0],
    ).toBeNull();
  });
});

describe('a name in the block or its info string', () => {
  for (const info of [
    'python src/app.py',
    'python:src/app.py',
    'src/app.py',
    'python title="src/app.py"',
    'python title=src/app.py',
    "python filename='src/app.py'",
    'python {title: "src/app.py"}',
    '{.python file="src/app.py"}',
    'title="src/app.py"',
    'python file=src/app.py linenums="1"',
    'python (src/app.py)',
    'python // src/app.py',
    'python,src/app.py',
    'python=src/app.py',
  ]) {
    test(`is read from the info string: ${info}`, () => {
      expect(only(`Here:\n\n${fence(code, info)}`)).toEqual(['src/app.py', 'info-string']);
    });
  }

  const comments: [string, string, string][] = [
    ['python', '# src/a.py', 'src/a.py'],
    ['js', '// src/a.js', 'src/a.js'],
    ['js', '/* src/a.js */', 'src/a.js'],
    ['css', '/* File: a.css */', 'a.css'],
    ['html', '<!-- public/index.html -->', 'public/index.html'],
    ['sql', '-- db/schema.sql', 'db/schema.sql'],
    ['lua', '-- a.lua', 'a.lua'],
    ['lisp', ';; a.lisp', 'a.lisp'],
    ['matlab', '% a.m', 'a.m'],
    ['python', '"""src/a.py"""', 'src/a.py'],
    ['python', '#!/usr/bin/env python3\n# src/a.py', 'src/a.py'],
    ['php', '<?php\n// src/a.php', 'src/a.php'],
    ['js', "'use strict';\n// src/a.js", 'src/a.js'],
    ['js', '/**\n * src/a.js\n */', 'src/a.js'],
    ['bat', 'REM a.bat', 'a.bat'],
    ['haskell', '{- A.hs -}', 'A.hs'],
    ['ocaml', '(* a.ml *)', 'a.ml'],
    ['jinja', '{# templates/a.html #}', 'templates/a.html'],
    ['yaml', '# .github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['ts', '// filename: src/a.ts', 'src/a.ts'],
    ['ts', '// src/a.ts (entry point)', 'src/a.ts'],
    ['ts', '// ===== src/a.ts =====', 'src/a.ts'],
  ];
  for (const [tag, comment, path] of comments) {
    test(`is read from the first comment: ${comment.replaceAll('\n', '⏎')}`, () => {
      expect(only(`Here:\n\n${fence(`${comment}\nx = 1\ny = 2\n`, tag)}`)).toEqual([path, 'comment']);
    });
  }

  test('stays a part of the text when it is a comment', () => {
    expect(extract(fence('# a.py\nx = 1\n')).files[0]?.text).toBe('# a.py\nx = 1\n');
  });

  test('is read from a bare first line, which is no part of the text', () => {
    const { files } = extract(fence('src/a.py\nx = 1\n'));
    expect(files[0]).toMatchObject({ path: 'src/a.py', text: 'x = 1\n', lines: [3] });
  });

  test('wins when it is the longer of two spellings', () => {
    expect(only(`\`user.ts\`\n\n${fence('// models/user.ts\nexport const a = 1;\n', 'ts')}`)).toEqual([
      'models/user.ts',
      'comment',
    ]);
    expect(only(`\`models/user.ts\`\n\n${fence('// user.ts\nexport const a = 1;\n', 'ts')}`)).toEqual([
      'models/user.ts',
      'code-span',
    ]);
  });

  test('wins over a label that says otherwise, with a flag', () => {
    const answer = `\`a.ts\`\n\n${fence('// b.ts\nexport const a = 1;\n', 'ts')}`;
    expect(only(answer)).toEqual(['b.ts', 'comment']);
    expect(extract(answer).flags).toMatchObject([{ code: 'name-conflict', path: 'b.ts', line: 4 }]);
  });
});

describe('what stands before a block', () => {
  test('is no name when it is a list or a table of files', () => {
    expect(only(`Files:\n\n- \`a.py\`: does this\n- \`b.py\`: does that\n\n${fence()}`)[0]).toBeNull();
    expect(only(`| file | what |\n|---|---|\n| \`a.py\` | this |\n\n${fence()}`)[0]).toBeNull();
  });

  test('is the section too, across the commands of its first step', () => {
    const { files } = extract(
      `### \`app.py\`\n\nInstall:\n\n\`\`\`bash\npip install x\n\`\`\`\n\nThen write:\n\n${fence()}`,
    );
    expect(files.map((file) => file.path)).toEqual(['app.py']);
  });

  test('is not what the code uses, makes or prints', () => {
    for (const sentence of [
      'Example usage of `utils.py`, next to `b.py`:',
      'Output of `main.py`:',
      'This generates `out.py`:',
      'Import it from `store.py`:',
    ]) {
      expect(extract(`${sentence}\n\n${fence()}`).files).toEqual([]);
    }
  });
});
