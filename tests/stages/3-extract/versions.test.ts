/** Corrected versions without a label, and files that are told in several blocks. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, text: string): string => `\`\`\`${tag}\n${text}\n\`\`\`\n`;
const named = (path: string, tag: string, text: string): string => `**\`${path}\`**\n\n${block(tag, text)}\n`;
const texts = (answer: string): Record<string, string> =>
  Object.fromEntries(extract(answer).files.map((file) => [file.path, file.text]));

const first = 'def windows(items, size):\n    return [items[i : i + size] for i in range(len(items) - size)]';
const second = 'def windows(items, size):\n    return [items[i : i + size] for i in range(len(items) - size + 1)]';
const suite = named(
  'test_window.py',
  'python',
  'from window import windows\n\n\ndef test_windows():\n    assert windows([1], 1) == [[1]]',
);
const told = (words: string, code = second): string =>
  `${named('window.py', 'python', first)}\n${suite}\n${words}\n\n${block('python', code)}\nThat is all.\n`;

describe('a corrected version without a label', () => {
  test.each([
    'Wait, the last window is missing. Here is the corrected version:',
    'Oops, off by one. Fixed:',
    'I made a mistake above. The fix is simple:',
    'The range must be one longer. Please use this updated version:',
    '## Correction',
    'There is a bug: the range ends too early. It should be:',
    'Moment, das letzte Fenster fehlt. Hier ist die korrigierte Fassung:',
    'Attendez, il manque la dernière fenêtre. Voici la version corrigée :',
    'Espera, falta la última ventana. Esta es la versión corregida:',
    'Falta a última janela. Aqui está a versão corrigida:',
    "Manca l'ultima finestra. Ecco la versione corretta:",
    'Het laatste venster ontbreekt. Hier is de verbeterde versie:',
    'Brakuje ostatniego okna. Oto poprawiona wersja:',
    'Последнее окно потеряно. Вот исправленная версия:',
    '等等,最后一个窗口缺失了。以下是修正后的版本:',
    '最後のウィンドウが抜けていました。修正版はこちらです。',
    '마지막 창이 빠졌습니다. 수정된 버전입니다:',
  ])('replaces what it defines: %s', (words) => {
    expect(texts(told(words))['window.py']).toBe(`${second}\n`);
    expect(extract(told(words)).flags).toMatchObject([{ code: 'duplicate-path', path: 'window.py' }]);
  });

  test.each([
    ['is shorter at the end', '    return items[:1]', '    return items'],
    ['leaves a line out', '    items = items[1:]\n    return items', '    return items'],
    ['has a shorter number', '    return items[:20]', '    return items[:2]'],
  ])('replaces what it defines where it %s', (_what, before, after) => {
    const head = 'def windows(items, size):\n';
    const answer = `${named('window.py', 'python', head + before)}\nThat was wrong. Corrected:\n\n${block('python', head + after)}`;
    expect(texts(answer)['window.py']).toBe(`${head}${after}\n`);
  });

  test('replaces the lines that give values to the names that it gives values to', () => {
    const file = named('a.js', 'js', 'const one = 1;\nfunction f() {\n  const two = 3;\n  return two + one;\n}');
    const answer = (code: string): string => `${file}\nOops, that is wrong. Replace it with:\n\n${block('js', code)}`;
    expect(texts(answer('const two = 2;'))['a.js']).toBe(
      'const one = 1;\nfunction f() {\n  const two = 2;\n  return two + one;\n}\n',
    );
    expect(extract(answer('const two = 2;')).flags).toMatchObject([{ code: 'duplicate-path', path: 'a.js' }]);
    for (const code of ['const three = 3;', 'const two = [', 'two === 2'])
      expect(texts(answer(code))['a.js']).toContain('const two = 3;');
  });

  test('is an excerpt where it only repeats lines, or says what it leaves out', () => {
    const code = 'def windows(items, size):\n    first = items[0]\n    last = items[-1]\n    return [first, last]';
    for (const part of [
      '    first = items[0]\n    last = items[-1]',
      'def windows(items, size):\n    ...\n    return [first, last]',
    ]) {
      const answer = `${named('window.py', 'python', code)}\nCorrected:\n\n${block('python', part)}`;
      expect(texts(answer)['window.py']).toBe(`${code}\n`);
      expect(extract(answer).flags).toEqual([]);
    }
  });

  test.each([
    'An alternative, slower version:',
    'Before the fix it was:',
    'I also considered this and rejected it:',
    'A naive version would be:',
    'And here it is with other words:',
    'Eine Alternative wäre:',
    'Une autre version, rejetée :',
    'Una versión alternativa:',
    'Альтернатива, которую я отверг:',
    '另一种写法(已否决):',
    '別の書き方:',
    '대안:',
  ])('is only shown when the words say something else: %s', (words) => {
    expect(texts(told(words))['window.py']).toBe(`${first}\n`);
    expect(extract(told(words)).blocks.at(-1)?.role).toBe('example');
    expect(extract(told(words)).flags).toEqual([]);
  });

  test('of one of several functions takes the place of that function, and lines stay told', () => {
    const base =
      'import math\n\n\n# Rounds down.\ndef one(x):\n    return math.floor(x)\n\n\ndef two(x):\n    return one(x) + 3';
    const answer = `${named('a.py', 'python', base)}\nThe constant was wrong. The corrected function:\n\n${block('python', 'def two(x):\n    return one(x) + 2')}`;
    expect(texts(answer)['a.py']).toBe(
      'import math\n\n\n# Rounds down.\ndef one(x):\n    return math.floor(x)\n\n\ndef two(x):\n    return one(x) + 2\n',
    );
    expect(extract(answer).files[0]?.lines.slice(-2)).toEqual([20, 21]);
  });

  test.each([
    [
      'ts',
      'a.ts',
      "import { x } from './x';\n\nexport const f = (a: number): number => a + x;",
      'export const f = (a: number): number => a - x;',
      "import { x } from './x';\n\nexport const f = (a: number): number => a - x;\n",
    ],
    [
      'go',
      'a.go',
      'package a\n\n// F adds.\nfunc F(a int) int {\n\treturn a + 1\n}\n\n// G calls F.\nfunc G() int { return F(1) }',
      '// F adds two.\nfunc F(a int) int {\n\treturn a + 2\n}',
      'package a\n\n// F adds two.\nfunc F(a int) int {\n\treturn a + 2\n}\n\n// G calls F.\nfunc G() int { return F(1) }\n',
    ],
    [
      'rust',
      'a.rs',
      'use std::fmt;\n\npub fn f(a: u8) -> u8 {\n    a + 1\n}\n\npub struct S;',
      'pub fn f(a: u8) -> u8 {\n    a + 2\n}',
      'use std::fmt;\n\npub fn f(a: u8) -> u8 {\n    a + 2\n}\n\npub struct S;\n',
    ],
    [
      'sql',
      'a.sql',
      'CREATE TABLE a (id int);\n\nCREATE TABLE b (id int);',
      'CREATE TABLE b (\n  id bigint\n);',
      'CREATE TABLE a (id int);\n\nCREATE TABLE b (\n  id bigint\n);\n',
    ],
  ])('in %s', (tag, path, before, after, expected) => {
    expect(texts(`${named(path, tag, before)}\nSorry, that was wrong. Corrected:\n\n${block(tag, after)}`)[path]).toBe(
      expected,
    );
  });
});

describe('several blocks under one label', () => {
  const head = 'from collections import defaultdict\n\n\nclass Entry:\n    amount = 1';
  const sum = 'def totals(entries):\n    sums = defaultdict(int)\n    return sums';
  const print = 'def lines(entries):\n    return [str(x) for x in totals(entries)]';
  const whole = `${head}\n\n\n${sum}\n\n\n${print}\n`;
  const tests = named(
    'test_totals.py',
    'python',
    'from totals import Entry, lines, totals\n\n\ndef test_all():\n    assert lines([]) == []',
  );

  test.each([
    ['with steps', ['# `totals.py`\n\nStep 1: the record.', 'Step 2: the sum.', 'Step 3: what is printed.']],
    [
      'with steps in German',
      ['**`totals.py`**\n\nSchritt 1: der Eintrag.', 'Schritt 2: die Summe.', 'Schritt 3: die Ausgabe.'],
    ],
    ['with steps in Chinese', ['`totals.py`\n\n第1步:记录。', '第2步:求和。', '第3步:输出。']],
    ['with words only', ['## totals.py\n\nThe record comes first.', 'It is summed up:', 'And printed:']],
    ['with headings below the label', ['# `totals.py`\n\n## Record', '## Sum', '## Output']],
  ])('are one file: %s', (_how, [one = '', two = '', three = '']) => {
    const answer = `${one}\n\n${block('python', head)}\n${two}\n\n${block('python', sum)}\n${three}\n\n${block('python', print)}\n${tests}`;
    expect(texts(answer)['totals.py']).toBe(whole);
    expect(extract(answer).flags.map(({ code }) => code)).toEqual(['continued-file', 'continued-file']);
  });

  test.each([
    [
      'typescript',
      'src/a.ts',
      'export class A {\n  one(): number {\n    return 1;\n  }',
      '  two(): number {\n    return 2;\n  }',
      '}',
    ],
    [
      'java',
      'src/main/java/A.java',
      'public class A {\n    int one() {\n        return 1;\n    }',
      '    int two() {\n        return 2;\n    }',
      '}',
    ],
  ])('a class in pieces, in %s', (tag, path, one, two, three) => {
    const answer = `### \`${path}\`\n\n${block(tag, one)}\nThen:\n\n${block(tag, two)}\nIn the end:\n\n${block(tag, three)}`;
    expect(texts(answer)[path]?.replace(/\n+/g, '\n')).toBe(`${one}\n${two}\n${three}\n`);
  });

  test('the rest of a file, named again, goes on with it', () => {
    for (const label of [
      'The rest of `a.py`:',
      'The remainder of `a.py`:',
      '**`a.py` (continued)**',
      '`a.py` (part 2):',
      '### `a.py` (2/2)',
      'Der Rest von `a.py`:',
      'La suite de `a.py` :',
      'El resto de `a.py`:',
      'Остальная часть `a.py`:',
      '`a.py` 的其余部分:',
      '`a.py` の残り:',
      '`a.py`의 나머지:',
    ]) {
      const answer = `### \`a.py\`\n\n${block('python', 'import os\n\n\ndef one():\n    return os.sep')}\n${label}\n\n${block('python', 'def two():\n    return os.name')}\n### \`test_a.py\`\n\n${block('python', 'from a import one, two\n\n\ndef test_both():\n    assert one() and two()')}`;
      expect(texts(answer)['a.py'], label).toBe(
        'import os\n\n\ndef one():\n    return os.sep\n\n\ndef two():\n    return os.name\n',
      );
    }
  });

  test('a use below the same label is none of the file', () => {
    const answer = `### \`a.py\`\n\n${block('python', 'def one():\n    return 1')}\nQuick check:\n\n${block('python', 'print(one())')}\n### \`b.py\`\n\n${block('python', 'x = 1')}`;
    expect(texts(answer)['a.py']).toBe('def one():\n    return 1\n');
    expect(extract(answer).blocks[1]?.role).toBe('example');
  });
});

test('numbered steps below the heading of a file are one file, also where the last one defines nothing', () => {
  const steps = [
    'const items = new Map();',
    'function put(key, value) {\n  items.set(key, value);\n}',
    'module.exports = { put };',
  ];
  const list = steps.map((code, index) => `${index + 1}. Step:\n\n${block('js', code)}\n`).join('');
  const { files } = extract(`## \`store.js\`\n\n${list}`);
  expect(files.map(({ path, text }) => [path, text.replaceAll(/\n+/g, '\n')])).toEqual([
    ['store.js', `${steps.join('\n')}\n`],
  ]);
});

describe('a version of which a sentence only speaks', () => {
  const limiter = 'class Limiter:\n    def __init__(self, n):\n        self.n = n';
  const state = 'n = 3\n\n\ndef allow():\n    return n > 0';
  const uses = 'from limiter import Limiter\n\n\ndef test_limiter():\n    assert Limiter(1).n == 1';
  const answer = (words: string, code: string): string =>
    `${named('limiter.py', 'python', limiter)}\n${named('test_limiter.py', 'python', uses)}\n${words}\n\n${block('python', code)}`;

  test('is shown where it lacks what other files take from the delivered one', () => {
    const said = answer('A module-level take on `limiter.py` would share its state between callers:', state);
    expect(texts(said)['limiter.py']).toBe(`${limiter}\n`);
    expect(extract(said).flags).toEqual([]);
  });

  test('is the new one where the sentence says that it corrects the delivered one', () => {
    const said = answer('Here is the corrected version of `limiter.py`:', state);
    expect(texts(said)['limiter.py']).toBe(`${state}\n`);
  });

  test('is the new one where it lacks nothing', () => {
    const whole = `${limiter}\n\n    def allow(self):\n        return self.n > 0`;
    expect(texts(answer('And `limiter.py` with a method:', whole))['limiter.py']).toBe(`${whole}\n`);
  });

  test('is shown without a name where the sentence says that the answer does not want it', () => {
    const said = answer('I decided against a ring such as:', 'class Ring:\n    slots = 16');
    expect(Object.keys(texts(said))).toEqual(['limiter.py', 'test_limiter.py']);
    expect(extract(said).flags).toEqual([]);
  });
});
