import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';
import { installCommands } from '../../../src/stages/5-check/install-commands.ts';

const read = (answer: string): [string, string[]][] =>
  installCommands(answer, extract(answer)).map(({ installer, packages }) => [installer, [...packages]]);
const block = (...lines: string[]): string => ['Install:', '', '```bash', ...lines, '```', ''].join('\n');

describe('commands that install packages', () => {
  test.each([
    ['npm install pluralize', 'npm', ['pluralize']],
    ['$ npm i --save-dev jest @types/jest@29', 'npm', ['jest', '@types/jest@29']],
    ['npm init -y && npm install express # the server', 'npm', ['express']],
    ['yarn add "zod@^3"', 'npm', ['zod@^3']],
    ['pip install requests "uvicorn[standard]>=0.30"', 'pip', ['requests', 'uvicorn[standard]>=0.30']],
    ['python3 -m pip install -U six', 'pip', ['six']],
    ['uv add httpx', 'pip', ['httpx']],
    ['pip install -r requirements.txt six', 'pip', ['six']],
  ])('are read in blocks: %s', (line, installer, packages) => {
    expect(read(block(line))).toEqual([[installer, packages]]);
  });

  test.each([
    'npm install',
    'npm ci',
    'npm run install zod',
    'npm install -g typescript',
    'pip install -r requirements.txt',
    'pip install -e .[dev]',
    '# npm install zod',
    'echo npm install zod',
  ])('are none that name no package for the project: %s', (line) => {
    expect(read(block(line))).toEqual([]);
  });

  test('go on behind a backslash', () => {
    expect(read(block('pip install \\', '  six \\', '  attrs', 'pytest'))).toEqual([['pip', ['six', 'attrs']]]);
  });

  test('are read in code spans of the prose, and not in code', () => {
    const answer = 'Run `npm install zod`.\n\n`app.py`\n\n```python\n# `pip install six`\nX = "pip install six"\n```\n';
    expect(read(answer)).toEqual([['npm', ['zod']]]);
  });

  test.each([
    ['Run npm install express multer to get started.', ['express', 'multer']],
    ['First, npm i zod@^3. Then start it.', ['zod@^3']],
    ['You need to run npm install before you start.', []],
    ['Use pip install flask requests (both are small).', ['flask', 'requests']],
    ['npm install is enough', []],
  ])('are read in sentences without marks: %s', (sentence, packages) => {
    expect(read(`${sentence}\n`).flatMap(([, names]) => names)).toEqual(packages);
  });

  test.each([
    ['Dependencies: flask, requests', ['flask', 'requests']],
    ['**Required packages:** `httpx>=0.27` (HTTP client), six and attrs.', ['httpx>=0.27', 'six', 'attrs']],
    ['### Dependencies\n\n- `flask` - the server\n- requests: HTTP', ['flask', 'requests']],
    ['Dependencies: none', []],
    ['Requirements: it must be fast', []],
    ['## Requirements\n\n- flask\n- It must be fast', []],
    ['Dependencies: Python 3.11, flask', []],
  ])('are lists of packages as well: %s', (words, packages) => {
    expect(
      read(`${words}\n\n\`app.py\`\n\n\`\`\`python\nimport flask\n\`\`\`\n`).flatMap(([, names]) => names),
    ).toEqual(packages);
  });

  test('are for nobody where lists could be for several languages', () => {
    const words = 'Dependencies: flask\n\n`a.py`\n\n```python\nimport a\n```\n\n`b.js`\n\n```js\n1;\n```\n';
    expect(read(words)).toEqual([]);
  });

  test('are looked for in any text without an error', () => {
    const words = fc.constantFrom(
      '`',
      '```bash\n',
      '```\n',
      'npm install ',
      'pip install ',
      '\\\n',
      '-r',
      'zod',
      '&&',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const answer = parts.join('');
        const last = answer.split('\n').length;
        return installCommands(answer, extract(answer)).every(({ line }) => line >= 1 && line <= last);
      }),
    );
  });
});
