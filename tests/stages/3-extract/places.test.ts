/** Where a file belongs: folders that sentences and trees tell, aliases, lists, and endings that nobody listed. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, text: string): string => `\`\`\`${tag}\n${text}\n\`\`\`\n`;
const paths = (answer: string): string[] => extract(answer).files.map(({ path }) => path);
const ts = 'export const port = 3000;';

describe('a folder in the sentence that names the file', () => {
  test.each([
    ['Create a `server.ts` file in the `server/` folder:', 'server/server.ts'],
    ['In the `server/` directory, create `server.ts`:', 'server/server.ts'],
    ['Create a file called `server.ts` inside `server/`:', 'server/server.ts'],
    ['Create `server.ts` in a folder named `server`:', 'server/server.ts'],
    ['Create a folder named `server`. In it, `server.ts`:', 'server/server.ts'],
    ['Make a new directory called `server`. Inside it, create `server.ts`:', 'server/server.ts'],
    ['Create `server.ts` in the `src/server` folder:', 'src/server/server.ts'],
    ['Now `server.ts`, located in the `app/Http/Middleware` directory:', 'app/Http/Middleware/server.ts'],
    ['Create `server.ts` in the `routes` folder:', 'routes/server.ts'],
    ['`server.ts` (in the `server/` folder):', 'server/server.ts'],
    ['Erstelle `server.ts` im Ordner `server/`:', 'server/server.ts'],
    ['Erstelle einen Ordner namens `server`. Darin `server.ts`:', 'server/server.ts'],
    ['Créez `server.ts` dans le dossier `server/` :', 'server/server.ts'],
    ['Crea `server.ts` en la carpeta `server/`:', 'server/server.ts'],
    ['Crie `server.ts` na pasta `server/`:', 'server/server.ts'],
    ['Crea `server.ts` nella cartella `server/`:', 'server/server.ts'],
    ['Создайте `server.ts` в папке `server/`:', 'server/server.ts'],
    ['在 `server/` 文件夹中创建 `server.ts`：', 'server/server.ts'],
    ['`server/` フォルダに `server.ts` を作成します：', 'server/server.ts'],
    ['`server/` 폴더에 `server.ts` 파일을 생성합니다:', 'server/server.ts'],
  ])('%s', (sentence, path) => {
    expect(paths(`${sentence}\n\n${block('ts', ts)}`)).toEqual([path]);
  });

  test.each([
    'Create `server.ts`. It serves the files in the `public/` folder from memory, which helps:',
    'Create `server.ts` next to the `server/` folder:',
    'Create a project folder named `shop`, and in it `server.ts`:',
    'In the root folder `shop/`, create `server.ts`:',
    'Create `server.ts` in the folder of `app.ts`:',
    'Create `server.ts`, which copies from `a/` and in `b/` and in `c/`:',
  ])('but not: %s', (sentence) => {
    expect(
      paths(`${sentence}\n\n${block('ts', ts)}`).filter((path) => path !== 'server.ts' && path !== 'public/server.ts'),
    ).toEqual([]);
  });

  test('a path that has a folder keeps it', () => {
    expect(paths(`Create \`lib/a.ts\` in the \`server/\` folder:\n\n${block('ts', ts)}`)).toEqual(['lib/a.ts']);
  });

  test('the folder of the sources counts where other names have it', () => {
    const sentence = `Create \`a.ts\` in the \`src\` folder:\n\n${block('ts', ts)}`;
    expect(paths(sentence)).toEqual(['a.ts']);
    expect(paths(`\`src/b.ts\`\n\n${block('ts', 'export const b = 1;')}\n${sentence}`)).toEqual([
      'src/b.ts',
      'src/a.ts',
    ]);
  });

  test('only the block of that sentence is in it', () => {
    const answer = `Create a folder named \`templates\`. In it, \`index.html\`:\n\n${block('html', '<!doctype html>')}\nThen \`app.py\`:\n\n${block('python', 'import os')}`;
    expect(paths(answer)).toEqual(['templates/index.html', 'app.py']);
  });
});

describe('braces', () => {
  test.each([
    ['tests/{unit,contract}/', 'tests/unit/test_app.py', 'svc/app/tests/unit/test_app.py'],
    ['tests/{unit, contract}/', 'tests/contract/test_app.py', 'svc/app/tests/contract/test_app.py'],
    ['{api,worker}.py', 'worker.py', 'svc/app/worker.py'],
    ['src/{a,b}/{c,d}/', 'src/b/c/x.py', 'svc/app/src/b/c/x.py'],
  ])('in a tree stand for one entry each: %s', (entry, label, path) => {
    const tree = block('text', `svc/app/\n├── pyproject.toml\n├── main.py\n└── ${entry}`);
    expect(
      paths(
        `${tree}\n\`svc/app/main.py\`\n\n${block('python', 'import os')}\n\`${label}\`\n\n${block('python', 'x = 1')}`,
      ),
    ).toEqual(['svc/app/main.py', path]);
  });

  test('in a sentence about empty files too', () => {
    expect(paths('Add empty `tests/{unit,contract}/__init__.py` files.\n')).toEqual([
      'tests/unit/__init__.py',
      'tests/contract/__init__.py',
    ]);
  });
});

describe('list items', () => {
  test('the one with a colon names the block, below others that are empty files', () => {
    for (const empty of [
      '2. `src/test/__init__.py` (Empty file)',
      '2. `src/test/__init__.py` - empty',
      '2. `src/test/__init__.py` (empty)\n3. `src/test/unit/__init__.py` (empty)',
      '2. `src/test/__init__.py`: an empty file',
    ])
      expect(
        paths(
          `1. \`src/calc.py\`:\n\n${block('python', 'x = 1')}\n${empty}\n3. \`src/test/test_calc.py\`:\n\n${block('python', 'import src')}`,
        ).at(-1),
      ).toBe('src/test/test_calc.py');
  });

  test('the last one names the block if it alone ends with a colon', () => {
    expect(paths(`- \`a.py\` stays as it is\n- \`b.py\`:\n\n${block('python', 'x = 1')}`)).toEqual(['b.py']);
  });

  test('a list of files names none', () => {
    expect(paths(`Files:\n\n- \`a.py\`\n- \`b.py\`\n\n${block('python', 'x = 1')}`)).toEqual([]);
    expect(paths(`- \`a.py\`:\n- \`b.py\`:\n\n${block('python', 'x = 1')}`)).toEqual([]);
  });
});

describe('a name that the block contradicts', () => {
  const dockerfile = block('dockerfile', 'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]');
  test.each([
    "7. Dockerize it. Create a `.dockerignore` file to keep `node_modules` out of the image.\n\nHere's a sample Dockerfile:",
    '7. Dockerize it. Create a `.dockerignore` file to keep `node_modules` out.\n\nHere is a sample:',
    'Create a file named `.dockerignore`, and then the image:',
    '**`.dockerignore`** keeps the image small.\n\nThe image itself:',
    'Create a `docker-compose.yml` later. First the image:',
  ])('is not given to a Dockerfile: %s', (words) => {
    expect(paths(`${words}\n\n${dockerfile}`)).toEqual(['Dockerfile']);
    expect(
      paths(
        `\`index.js\`\n\n${block('js', 'let a;')}\n${words}\n\n${dockerfile}\n\`b.js\`\n\n${block('js', 'let b;')}`,
      ),
    ).toEqual(['index.js', 'Dockerfile', 'b.js']);
  });

  test('settings are no program', () => {
    expect(
      paths(
        `Create a \`.env\` file with your key and load it:\n\n${block('python', 'import os\n\nprint(os.environ)')}`,
      ),
    ).toEqual([]);
    expect(paths(`Create a \`.gitignore\` file, then:\n\n${block('js', "require('http');")}`)).toEqual([]);
    expect(paths(`\`.dockerignore\`\n\n${block('dockerfile', 'node_modules')}`)).toEqual(['.dockerignore']);
    expect(paths(`\`.env\`\n\n${block('bash', 'A=1')}`)).toEqual(['.env']);
  });
});

describe('an alias of a bundler', () => {
  const file = (path: string, tag: string, text: string): string => `\`${path}\`\n\n${block(tag, text)}\n`;
  const tsconfig = '{\n  "compilerOptions": {\n    "baseUrl": ".",\n    "paths": { "@/*": ["./src/*"] }\n  }\n}';
  test('is resolved by the tsconfig, wherever it stands', () => {
    expect(paths(`${file('tsconfig.json', 'json', tsconfig)}${file('@/lib/x.ts', 'ts', ts)}`)).toEqual([
      'tsconfig.json',
      'src/lib/x.ts',
    ]);
    expect(paths(`${file('@/lib/x.js', 'js', 'let x;')}${file('jsconfig.json', 'json', tsconfig)}`)).toEqual([
      'src/lib/x.js',
      'jsconfig.json',
    ]);
    expect(paths(`${file('web/tsconfig.json', 'json', tsconfig)}${block('ts', `// @/lib/x.ts\n${ts}`)}`)).toEqual([
      'web/tsconfig.json',
      'web/src/lib/x.ts',
    ]);
  });

  test('is resolved by the configuration of the bundler', () => {
    const vite = "export default {\n  resolve: { alias: { '@': path.resolve(__dirname, './app') } },\n};";
    expect(paths(`${file('vite.config.ts', 'ts', vite)}${file('@/lib/x.ts', 'ts', ts)}`)).toEqual([
      'vite.config.ts',
      'app/lib/x.ts',
    ]);
  });

  test('is dropped where nothing resolves it', () => {
    expect(paths(file('@/lib/x.js', 'js', 'let x;'))).toEqual(['lib/x.js']);
    expect(paths(file('~/components/A.vue', 'vue', '<template />'))).toEqual(['components/A.vue']);
  });

  test('is no scope of a package, and no home folder', () => {
    expect(paths(file('@modal/(.)photo/page.tsx', 'tsx', ts))).toEqual(['@modal/(.)photo/page.tsx']);
    expect(paths(file('~/.config/a.toml', 'toml', 'a = 1'))).toEqual(['~/.config/a.toml']);
  });
});

describe('an ending that nobody listed', () => {
  test.each([
    ['**`EMA_Cross.mq5`**', '', '//+---+\n#property strict', 'EMA_Cross.mq5'],
    ['### `EMA_Cross.mq5`', 'mql5', '#property strict', 'EMA_Cross.mq5'],
    ['File: dark.theme', 'ini', '[colors]\na = 1', 'dark.theme'],
    ['Create a file named `dark.theme` with this content:', '', '[colors]\na = 1', 'dark.theme'],
    ['Create the `dark.theme` file:', 'ini', '[colors]\na = 1', 'dark.theme'],
    ['Datei: `dark.theme`', '', '[colors]\na = 1', 'dark.theme'],
    ['文件:`dark.theme`', '', '[colors]\na = 1', 'dark.theme'],
    ['`rclone.timer`:', '', '[Timer]\nOnCalendar=daily', 'rclone.timer'],
  ])('%s', (label, tag, text, path) => {
    expect(paths(`Some words.\n\n${label}\n\n${block(tag, text)}`)).toEqual([path]);
  });

  test.each([
    ['### `user.save`', 'js', 'user.save();'],
    ['### `user.save`', '', 'user.save()'],
    ['**`Object.entries`**', 'js', 'Object.entries(a);'],
    ['`example.com`:', '', 'GET / HTTP/1.1'],
    ['## ASP.NET', 'csharp', 'class A { }'],
    ['**version 1.5.beta**', '', 'x'],
    ['It prints `state.json` from `app.state`:', 'python', 'app.state()'],
  ])('but no member, address or product: %s', (label, tag, text) => {
    expect(paths(`Some words.\n\n${label}\n\n${block(tag, text)}`)).toEqual([]);
  });
});

describe('words and drawings that place further files', () => {
  test.each([
    'Next, in the same folder add `b.ts`:',
    'Im selben Ordner `b.ts`:',
    'Dans le même dossier, `b.ts` :',
    '在同一文件夹中创建 `b.ts`：',
  ])('the folder of the file before: %s', (sentence) => {
    const answer = `Create \`src/lib/a.ts\`:\n\n${block('ts', ts)}\n${sentence}\n\n${block('ts', 'export const b = 1;')}`;
    expect(paths(answer)).toEqual(['src/lib/a.ts', 'src/lib/b.ts']);
  });

  test('what stands below folders in braces stands in each of them, also in a tree without lines', () => {
    const tree = block('', 'shop/\n  package.json\n  src/\n    {api,web}/\n      index.ts\n    util.{ts,test.ts}');
    const named = (path: string): string => `\`${path}\`\n\n${block('ts', `export const path = '${path}';`)}\n`;
    expect(paths(tree + ['api/index.ts', 'web/index.ts', 'util.test.ts'].map(named).join(''))).toEqual([
      'src/api/index.ts',
      'src/web/index.ts',
      'src/util.test.ts',
    ]);
  });

  test('a list of patterns is no YAML, whatever sentence stands above', () => {
    const answer = `Create a \`.gitignore\` so that \`dist\` stays out.\n\nHere is the compose file:\n\n${block('yaml', 'services:\n  web:\n    build: .')}`;
    expect(paths(answer)).not.toContain('.gitignore');
  });
});
