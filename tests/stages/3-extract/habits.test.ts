/** Habits of different models in writing several files down; every answer here is our own. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, ...lines: string[]): string => ['```' + tag, ...lines, '```', ''].join('\n');
const answer = (...parts: string[]): string => `${parts.join('\n')}\n`;
const seen = (text: string): string[] => extract(text).blocks.map(({ role, path }) => (role === 'file' ? `${path}` : `${role}${path === null ? '' : ` ${path}`}`));
const paths = (text: string): string[] => extract(text).files.map(({ path }) => path);

const py = ['import os', '', '', 'def one() -> int:', '    return len(os.sep)'];
const ts = ["import { readFile } from 'node:fs/promises';", '', 'export const read = (path: string) => readFile(path);'];
const run = block('bash', 'npm install', 'npm start');

const habits: [string, string, string[]][] = [
  [
    'numbered steps with a bold path and a colon inside of the bold',
    answer('Sure! Here is the service.', '', '1. **Create `app/main.py`:**', '', block('python', ...py), '2. **Create `app/db.py`:**', '', block('python', ...py), '3. **Install and run:**', '', run),
    ['app/main.py', 'app/db.py', 'shell'],
  ],
  [
    'headings numbered with a code span and a colon',
    answer('#### 1. `src/index.ts`:', '', block('typescript', ...ts), '#### 2. `src/lib/read.ts`:', '', block('typescript', ...ts), '#### 3. `tsconfig.json`:', '', block('json', '{', '  "compilerOptions": {}', '}')),
    ['src/index.ts', 'src/lib/read.ts', 'tsconfig.json'],
  ],
  [
    'a bold word before a colon outside of it',
    answer('**File**: src/app.py', '', block('python', ...py), '**Filename**: `src/util.py`', '', block('python', ...py), '**Path:** tests/test_app.py', '', block('python', ...py)),
    ['src/app.py', 'src/util.py', 'tests/test_app.py'],
  ],
  [
    'a table of files before the blocks',
    answer('| File | Purpose |', '|------|---------|', '| `server.js` | starts it |', '| `routes/users.js` | routes |', '', '### server.js', '', block('js', "const a = require('a');", 'a();'), '### routes/users.js', '', block('js', 'module.exports = {};')),
    ['server.js', 'routes/users.js'],
  ],
  [
    'HTML comments with names above the blocks',
    answer('<!-- src/components/Button.vue -->', block('vue', '<template><button /></template>'), '<!-- file: src/App.vue -->', '', block('vue', '<template><Button /></template>')),
    ['src/components/Button.vue', 'src/App.vue'],
  ],
  [
    'paths with brackets, groups and an at sign',
    answer('`app/[id]/page.tsx`', '', block('tsx', ...ts), '### app/(shop)/[...slug]/page.tsx', '', block('tsx', ...ts), '**app/@modal/(.)photo/[id]/page.tsx**', '', block('tsx', ...ts), '`src/routes/+page.svelte`', '', block('svelte', '<p>hi</p>')),
    ['app/[id]/page.tsx', 'app/(shop)/[...slug]/page.tsx', 'app/@modal/(.)photo/[id]/page.tsx', 'src/routes/+page.svelte'],
  ],
  [
    'a path with a space in a code span and in a comment',
    answer('`My Project/Program.cs`', '', block('csharp', 'using System;', 'class P { }'), 'And:', '', block('csharp', '// File: My Project/Util File.cs', 'using System;', 'class U { }')),
    ['My Project/Program.cs', 'My Project/Util File.cs'],
  ],
  [
    'comments with a word for the file',
    answer('Everything you need:', '', block('ts', '// filename: src/a.ts', ...ts), block('ts', '// FILE: src/b.ts', ...ts), block('python', '# file_name: pkg/c.py', ...py), block('ts', '/* @file src/d.ts */', ...ts), block('js', '// === src/e.js ===', 'export default 1;')),
    ['src/a.ts', 'src/b.ts', 'pkg/c.py', 'src/d.ts', 'src/e.js'],
  ],
  [
    'comments in YAML, TOML, Dockerfile and shell',
    answer('The setup:', '', block('yaml', '# docker-compose.yml', 'services:', '  web:', '    build: .'), block('dockerfile', '# Dockerfile', 'FROM node:20', 'COPY . .', 'CMD ["node", "x.js"]'), block('toml', '# pyproject.toml', '[project]', 'name = "x"'), block('bash', '#!/usr/bin/env bash', '# scripts/start.sh', 'set -e', 'npm start')),
    ['docker-compose.yml', 'Dockerfile', 'pyproject.toml', 'scripts/start.sh'],
  ],
  [
    'JSON named in a sentence above, in different words',
    answer('The `package.json` looks like this:', '', block('json', '{', '  "name": "x"', '}'), 'Next, put the following into `tsconfig.json`:', '', block('json', '{', '  "compilerOptions": {', '    "strict": true', '  }', '}'), 'Your `.eslintrc.json` should contain:', '', block('json', '{', '  "root": true', '}')),
    ['package.json', 'tsconfig.json', '.eslintrc.json'],
  ],
  [
    'nested Markdown with more backticks, and with as many',
    answer('`README.md`', '', '````markdown', '# X', '', '```bash', 'npm start', '```', '````', '', '`docs/usage.md`', '', '```markdown', '# Usage', '', '```js', 'x();', '```', '', 'Done.', '```', '', '`x.js`', '', block('js', 'export default 1;')),
    ['README.md', 'docs/usage.md', 'x.js'],
  ],
  [
    'a diff after the file that it changes',
    answer('`a.py`', '', block('python', 'x = 1', 'y = 2'), 'Then:', '', block('diff', '--- a/a.py', '+++ b/a.py', '@@ -1,2 +1,2 @@', ' x = 1', '-y = 2', '+y = 3')),
    ['a.py', 'fragment a.py'],
  ],
  [
    'save as, before the block',
    answer('Save as `convert.py`:', '', block('python', ...py), 'Save this as **helpers.py**', '', block('python', ...py), 'Save the following to a file called main.go:', '', block('go', 'package main', '', 'func main() {}')),
    ['convert.py', 'helpers.py', 'main.go'],
  ],
  [
    'save as, after the block',
    answer('Here is the script:', '', block('python', ...py), 'Save this as `convert.py` and run it:', '', block('bash', 'python convert.py in.txt')),
    ['convert.py', 'shell'],
  ],
  [
    'Spanish labels',
    answer('Aquí está el código.', '', '**Archivo: `src/servidor.js`**', '', block('js', "const a = require('a');", 'a();'), 'Crea el archivo `src/rutas.js` con el siguiente contenido:', '', block('js', 'module.exports = {};'), '### Archivo `package.json`', '', block('json', '{', '  "name": "x"', '}')),
    ['src/servidor.js', 'src/rutas.js', 'package.json'],
  ],
  [
    'German labels',
    answer('Datei: `app/main.py`', '', block('python', ...py), 'Erstelle eine Datei namens `app/hilfe.py` mit folgendem Inhalt:', '', block('python', ...py), 'Inhalt von `requirements.txt`:', '', block('', 'fastapi', 'uvicorn')),
    ['app/main.py', 'app/hilfe.py', 'requirements.txt'],
  ],
  [
    'Chinese labels with their own colon',
    answer('下面是完整的代码。', '', '**文件：`src/main.py`**', '', block('python', ...py), '创建文件 `src/utils.py`：', '', block('python', ...py), '### 3. 配置文件 `config/settings.yaml`', '', block('yaml', 'debug: true')),
    ['src/main.py', 'src/utils.py', 'config/settings.yaml'],
  ],
  [
    'French labels',
    answer('Fichier : `src/app.ts`', '', block('ts', ...ts), 'Voici le contenu du fichier `src/outils.ts` :', '', block('ts', ...ts)),
    ['src/app.ts', 'src/outils.ts'],
  ],
  [
    'collapsible details with a summary',
    answer('<details>', '<summary>src/app.py</summary>', '', block('python', ...py), '</details>', '', '<details><summary><code>src/util.py</code></summary>', '', block('python', ...py), '</details>', '', '<details open>', '<summary><b>📄 tests/test_app.py</b> (click to expand)</summary>', '', block('python', ...py), '</details>'),
    ['src/app.py', 'src/util.py', 'tests/test_app.py'],
  ],
  [
    'emoji and icons before the path',
    answer('### 📄 `src/main.rs`', '', block('rust', 'fn main() {}'), '📁 **src/lib.rs**', '', block('rust', 'pub fn one() -> i32 { 1 }'), '➡️ Cargo.toml', '', block('toml', '[package]', 'name = "x"', 'version = "0.1.0"')),
    ['src/main.rs', 'src/lib.rs', 'Cargo.toml'],
  ],
  [
    'Windows line ends',
    answer('## `src/app.py`', '', block('python', ...py), '**`src/b.py`**', '', block('python', ...py)).replaceAll('\n', '\r\n'),
    ['src/app.py', 'src/b.py'],
  ],
  [
    'step headings with a colon and a remark',
    answer('### Step 1: Create `src/store.ts` (in-memory store)', '', block('ts', ...ts), '### Step 2: Update `src/index.ts` to use it', '', block('ts', ...ts), '## Step 3 — `src/server.ts`', '', block('ts', ...ts)),
    ['src/store.ts', 'fragment src/index.ts', 'src/server.ts'],
  ],
  [
    'a label with its language or its state in brackets',
    answer('**main.go** (entry point)', '', block('go', 'package main', '', 'func main() {}'), '`internal/store/store.go` (new)', '', block('go', 'package store', '', 'type S struct{}'), '**[NEW]** `internal/store/mem.go`', '', block('go', 'package store', '', 'type M struct{}'), '[MODIFY] `go.mod`', '', block('', 'module x', '', 'go 1.24')),
    ['main.go', 'internal/store/store.go', 'internal/store/mem.go', 'go.mod'],
  ],
  [
    'separators around the name',
    answer('---', '**FILE: src/a.ts**', '---', '', block('ts', ...ts), '=== src/b.ts ===', '', block('ts', ...ts), '--- src/c.ts ---', '', block('ts', ...ts), '>>> src/d.ts', '', block('ts', ...ts)),
    ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'],
  ],
  [
    'tags around the block',
    answer('<file path="src/a.ts">', block('ts', ...ts), '</file>', '<file_path>src/b.ts</file_path>', '', block('ts', ...ts), '<artifact identifier="c" title="src/c.ts">', block('ts', ...ts), '</artifact>', '<create_file path="src/d.ts">', block('ts', ...ts), '</create_file>'),
    ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'],
  ],
  [
    'info strings of different tools',
    answer(block('ts:src/a.ts', ...ts), block('typescript filename="src/b.ts"', ...ts), block('ts {file: src/c.ts}', ...ts), block('ts // src/d.ts', ...ts), block('src/e.ts', ...ts), block('typescript:title=src/f.ts', ...ts), block('ts showLineNumbers title="src/g.ts" {1,3}', ...ts), block('12:20:src/h.ts', ...ts)),
    ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.ts', 'src/f.ts', 'src/g.ts', 'fragment src/h.ts'],
  ],
  [
    'a link as a label, and a path in angle brackets or italics',
    answer('### [src/a.ts](./src/a.ts)', '', block('ts', ...ts), '*src/b.ts*', '', block('ts', ...ts), '_src/c.ts_:', '', block('ts', ...ts), '**`src/d.ts`** —', '', block('ts', ...ts)),
    ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'],
  ],
  [
    'list items with a description, and their blocks inside of the item',
    answer('- `src/a.ts` - reads', '', ...block('ts', ...ts).split('\n').map((line) => (line === '' ? '' : `  ${line}`)), '- **src/b.ts**: writes', '', ...block('ts', ...ts).split('\n').map((line) => (line === '' ? '' : `  ${line}`)), '* src/c.ts', '', ...block('ts', ...ts).split('\n').map((line) => (line === '' ? '' : `  ${line}`))),
    ['src/a.ts', 'src/b.ts', 'src/c.ts'],
  ],
  [
    'usage, output and tests beside the file',
    answer('**calc.py**', '', block('python', ...py), 'Example usage:', '', block('python', 'from calc import one', 'print(one())'), 'Output:', '', block('', '1'), 'Run the tests with `pytest tests/test_calc.py`:', '', block('bash', 'pytest tests/test_calc.py')),
    ['calc.py', 'example', 'example', 'shell'],
  ],
  [
    'a shell heredoc that writes a file is shell',
    answer('Run this:', '', block('bash', "cat > src/a.py <<'EOF'", 'x = 1', 'EOF', 'python src/a.py')),
    ['shell'],
  ],
];

describe('habits of models', () => {
  test.each(habits)('%s', (_name, text, expected) => {
    expect(seen(text)).toEqual(expected);
    expect(paths(text)).toEqual([...new Set(expected.filter((entry) => !/^(?:shell|example|fragment|unnamed)\b/.test(entry)))]);
  });
});
