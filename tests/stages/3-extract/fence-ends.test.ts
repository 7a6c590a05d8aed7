/** Which fence ends a block: one inside of a comment or literal does not, in any language. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const texts = (answer: string): Record<string, string> =>
  Object.fromEntries(extract(answer).files.map((file) => [file.path, file.text]));
const codes = (answer: string): string[] => extract(answer).flags.map((flag) => flag.code);
const block = (path: string, tag: string, text: string): string => `**\`${path}\`**\n\n\`\`\`${tag}\n${text}\`\`\`\n`;
const after = 'def last():\n    return 1\n';

/** Files that show fences: a path, the tag of the block, and the text. */
const shown: readonly (readonly [kind: string, path: string, tag: string, text: string])[] = [
  [
    'a pair in a comment of Go',
    'cards.go',
    'go',
    '/*\nPackage cards renders.\n\nOutput:\n\n```\n## greet\n```\n\nand so on.\n*/\npackage cards\n',
  ],
  [
    'a single one in a comment of Go',
    'cards.go',
    'go',
    '/*\nEnds with a line of three backticks:\n\n```\n\nand so on.\n*/\npackage cards\n\nfunc A() int { return 1 }\n',
  ],
  [
    'a pair with a tag in a comment of Java',
    'Cards.java',
    'java',
    '/**\nUse it:\n\n```java\nnew Cards();\n```\n*/\npublic class Cards {}\n',
  ],
  [
    'a pair in a comment of TypeScript',
    'cards.ts',
    'typescript',
    "/*\nUse it:\n\n```ts\nimport { a } from './cards';\n\na();\n```\n*/\nexport const a = () => 1;\n",
  ],
  [
    'comment lines that begin with a star',
    'cards.ts',
    'typescript',
    '/**\n * Use it:\n *\n * ```ts\n * a();\n * ```\n */\nexport const a = () => 1;\n',
  ],
  [
    'a pair in a comment of Rust',
    'src/lib.rs',
    'rust',
    '/*!\nUse it:\n\n```\nlet x = lib::one();\n```\n*/\npub fn one() -> u8 { 1 }\n',
  ],
  [
    'comment lines of Rust, the last line of the block among them',
    'src/lib.rs',
    'rust',
    "/// ```\n/// assert_eq!(lib::one(), 1);\n/// ```\npub fn one<'a>() -> u8 { 1 }\n",
  ],
  [
    'comment lines of SQL',
    'schema.sql',
    'sql',
    '-- Example:\n-- ```\n-- SELECT 1;\n-- ```\nCREATE TABLE a (id int);\n',
  ],
  ['a comment of SQL', 'schema.sql', 'sql', '/*\n```\nSELECT 1;\n```\n*/\nCREATE TABLE a (id int);\n'],
  [
    'the body of a function of SQL',
    'f.sql',
    'sql',
    'CREATE FUNCTION f() RETURNS text AS $body$\n```\nx\n```\n$body$ LANGUAGE sql;\n',
  ],
  ['a comment of Lua', 'a.lua', 'lua', '--[[\nUse it:\n\n```\nf()\n```\n]]\nreturn {}\n'],
  ['a comment of Haskell', 'A.hs', 'haskell', '{-\nUse it:\n\n```\nf\n```\n-}\nmodule A where\n'],
  [
    'a comment of HTML',
    'index.html',
    'html',
    '<!--\nUse it:\n\n```js\nf();\n```\n-->\n<!doctype html>\n<title>x</title>\n',
  ],
  ['a comment of CSS', 'a.css', 'css', '/*\n```html\n<b class="x">\n```\n*/\n.x { color: red; }\n'],
  ['a docstring', 'a.py', 'python', 'def f():\n    """Use it.\n\n```python\nf()\n```\n    """\n    return 1\n'],
  [
    'a string whose last fence is glued to its quotation marks',
    'test_a.py',
    'python',
    'ANSWER = """Here you are:\n\n```python\nx = 1\n```"""\n\n\ndef test():\n    assert ANSWER\n',
  ],
  ['a string that begins with a fence', 'a.py', 'python', 'A = """\n```\nx\n```\n"""\nB = 1\n'],
  ['a string in single quotes', 'a.py', 'python', "A = '''\n```json\n{}\n```\n'''\nB = 1\n"],
  [
    'a template string of TypeScript',
    'prompt.ts',
    'ts',
    'export const prompt = `\nAnswer with a block:\n\n```json\n{ "a": 1 }\n```\n\nand nothing else.\n`;\n\nexport const n = 1;\n',
  ],
  [
    'a template string of JavaScript with a test behind it',
    'a.test.js',
    'javascript',
    "const md = `# T\n\n```js\nconst a = 1;\n```\n`;\n\ntest('reads', () => {\n  expect(md).toContain('T');\n});\n",
  ],
  [
    'a raw string of Go',
    'a.go',
    'go',
    'package a\n\nconst md = `# T\n\n```go\nx\n```\n`\n\nfunc F() string { return md }\n',
  ],
  ['a text block of Java', 'A.java', 'java', 'class A {\n  String s = """\n```json\n{}\n```\n""";\n}\n'],
  ['a raw string of Rust', 'src/lib.rs', 'rust', 'pub const MD: &str = r#"\n```json\n{}\n```\n"#;\n\npub fn f() {}\n'],
  [
    'a string of JSON that was broken into lines',
    'prompt.json',
    'json',
    '{\n  "prompt": "Answer with:\n```python\nx = 1\n```\nThanks"\n}\n',
  ],
  [
    'a block scalar of YAML',
    'prompt.yaml',
    'yaml',
    'system: |\n  Answer with a block:\n\n  ```json\n  {"a": 1}\n  ```\n\n  and nothing else.\nmodel: small\n',
  ],
  [
    'a block scalar of YAML that holds a single fence, at the end',
    'prompt.yml',
    'yaml',
    'model: small\nsteps:\n  - run: |\n      echo one\n  - note: >-\n   End with\n   ```\n',
  ],
  ['a block scalar of YAML in a list', 'a.yml', 'yaml', 'a:\n- |\n  ```\n  x\n  ```\n- b\n'],
  ['a here-document of a shell', 'a.sh', 'sh', "#!/bin/sh\ncat > README.md <<'EOF'\n```\nmake\n```\nEOF\necho done\n"],
  ['an indented here-document', 'a.sh', 'bash', '#!/bin/bash\ncat <<-END\n```sh\nmake\n```\nEND\necho done\n'],
  ['a here-document of Ruby', 'a.rb', 'ruby', 'TEXT = <<~MD\n```rb\nx\n```\nMD\nputs TEXT\n'],
  ['a here-document of PHP', 'a.php', 'php', '<?php\n$a = <<<MD\n```php\nx\n```\nMD;\necho $a;\n'],
  [
    'a here-document of a Dockerfile',
    'Dockerfile',
    'dockerfile',
    'FROM x\nRUN cat <<EOF > a\n```\nx\n```\nEOF\nCMD ["x"]\n',
  ],
  ['a comment in a block without a language', 'cards.go', '', '/*\nOutput:\n\n```\n## greet\n```\n*/\npackage cards\n'],
];

describe('a fence inside of a comment or literal is content', () => {
  test.each(shown)('%s', (_kind, path, tag, text) => {
    const answer = `Here it is.\n\n${block(path, tag, text)}\nNext:\n\n${block('last.py', 'python', after)}\nDone.\n`;
    expect(texts(answer)).toEqual({ [path]: text, 'last.py': after });
    expect(codes(answer)).toEqual([]);
  });

  test.each(shown)('as the last block: %s', (_kind, path, tag, text) => {
    const answer = `${block('last.py', 'python', after)}\n${block(path, tag, text)}`;
    expect(texts(answer)).toEqual({ [path]: text, 'last.py': after });
    expect(codes(answer)).toEqual([]);
  });

  test.each(shown)('twice: %s', (_kind, path, tag, text) => {
    const answer = `${block(path, tag, text)}\n${block(`more/${path}`, tag, text)}\nDone.\n`;
    expect(texts(answer)).toEqual({ [path]: text, [`more/${path}`]: text });
  });
});

/** Code in which a mark that could open a comment or literal opens none. */
const innocent: readonly (readonly [kind: string, path: string, tag: string, text: string])[] = [
  ['a glob', 'a.ts', 'ts', "export const files = ['src/**/*.ts', 'test/*'];\n"],
  ['an address', 'a.ts', 'ts', "export const at = 'http://x/*';\n"],
  ['an apostrophe in a comment', 'a.go', 'go', "package a\n\n// It's `one.\nfunc A() {}\n"],
  ['a lifetime', 'a.rs', 'rust', "pub fn f<'a>(x: &'a str) -> &'a str { x }\n"],
  ['a quotation mark as a character', 'a.rs', 'rust', "pub const Q: char = '\"';\n"],
  ['quotes of the other kind in quotes', 'a.py', 'python', 'A = \'"""\'\nB = "\'\'\'"\n'],
  ['a shift', 'a.sh', 'bash', 'echo $((1 << 3))\ncat <<< "$x"\n'],
  ['a comment sign in a string', 'a.sql', 'sql', "SELECT '--', '/' || '*';\n"],
  ['an append of Ruby', 'a.rb', 'ruby', 'list << Item\nlist << other\n'],
  ['an accepted type of HTML', 'a.html', 'html', '<input accept="image/*">\n'],
  ['a type of YAML', 'a.yaml', 'yaml', 'a: b | c\nd: >\n  text\n'],
  ['an apostrophe in JSX', 'a.jsx', 'jsx', "export const A = () => <p>Don't</p>;\n"],
  ['a regular expression', 'a.js', 'js', 'export const r = /[`\'"]/;\n'],
];

describe('a mark that opens nothing', () => {
  test.each(innocent)('%s does not keep a block from ending', (_kind, path, tag, text) => {
    const answer = `${block(path, tag, text)}\n${block('last.py', 'python', after)}\n${block(`more/${path}`, tag, text)}`;
    expect(texts(answer)).toEqual({ [path]: text, 'last.py': after, [`more/${path}`]: text });
    expect(codes(answer)).toEqual([]);
  });
});

describe('closing fences that are glued to code', () => {
  test.each([
    ['a bracket', 'foo({\n});'],
    ['a template string', 'const a = `x`;'],
    ['a comment', 'foo(); // done'],
    ['the end of a comment', 'foo();\n/* done */'],
    ['a line that has a fence in its text', "foo('``` is a fence', `x`);"],
  ])('%s', (_kind, code) => {
    const answer = `\`a.js\`\n\n\`\`\`js\n${code}\`\`\`\n\n\`b.txt\`:\n\n\`\`\`\nx\n\`\`\`\n`;
    expect(texts(answer)).toEqual({ 'a.js': `${code}\n`, 'b.txt': 'x\n' });
  });

  test('to the quotation marks of a docstring', () => {
    expect(texts('`a.py`\n\n```python\n"""Says\nmuch."""```\n\n`b.py`\n\n```python\nx = 1\n```\n')).toEqual({
      'a.py': '"""Says\nmuch."""\n',
      'b.py': 'x = 1\n',
    });
  });

  test('a fence at the end of a line of prose in a docstring is none', () => {
    const text = '"""Wraps its text in ```\n\nand so on.\n"""\nx = 1\n';
    expect(texts(`\`a.py\`\n\n\`\`\`python\n${text}\`\`\`\n`)).toEqual({ 'a.py': text });
  });
});

describe('where the end of a block cannot be told', () => {
  test('a comment that never ends is flagged at the block', () => {
    const answer = '`a.go`\n\n```go\n/*\nUse it:\n```\n\nThat is all.\n';
    expect(extract(answer).flags).toMatchObject([{ code: 'unclear-fence', line: 3 }]);
  });

  test('text keeps a block with a tag that it shows', () => {
    const text = 'Answer like this:\n\n```json\n{}\n```\n\nand stop.\n';
    expect(texts(`${block('prompt.txt', 'text', text)}\n${block('a.py', 'python', after)}`)).toEqual({
      'prompt.txt': text,
      'a.py': after,
    });
  });
});
