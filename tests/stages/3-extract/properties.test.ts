import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes } from 'mdast';
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';
import { jail } from '../../../src/stages/3-extract/files/jail.ts';
import { runs } from '../../support/levels.ts';

interface Source {
  path: string;
  lines: string[];
}

const endings = [
  'py',
  'ts',
  'js',
  'go',
  'java',
  'md',
  'json',
  'yaml',
  'toml',
  'sql',
  'css',
  'html',
  'rs',
  'txt',
  'sh',
] as const;
const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const path = fc
  .tuple(fc.array(word, { maxLength: 3 }), word, fc.constantFrom(...endings))
  .map(([folders, name, ending]) => [...folders.map((folder) => `d${folder}`), `f${name}.${ending}`].join('/'))
  .filter((made) => jail(made).ok);
/**
 * Lines of anything printable, among them fences, quotation marks and indentation; a letter keeps them from being a
 * path.
 */
const line = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => `x${text}`),
  fc.constantFrom(
    '',
    '    indented();',
    '\ttab',
    '```',
    '```js',
    '~~~',
    '# heading',
    '- item',
    '"""',
    "'''",
    '> quote',
    '<!-- a -->',
    '`a.py`',
  ),
);
const source: fc.Arbitrary<Source> = fc
  .record({ path, lines: fc.array(line, { maxLength: 12 }) })
  .map(({ path: at, lines }) => ({ path: at, lines: ['first(line)', ...lines] }));
const sources = fc.uniqueArray(source, { selector: ({ path: at }) => at, minLength: 1, maxLength: 5 });

/** A fence longer than any in the text. */
function fence(lines: string[], char: string): string {
  const longest = Math.max(
    2,
    ...lines.map((text) => Math.max(0, ...(text.match(/`+|~+/g) ?? []).map((run) => run.length))),
  );
  return char.repeat(longest + 1);
}

type Convention = (source: Source, char: string) => string;
const around =
  (label: string): Convention =>
  ({ path: at, lines }, char) => {
    const mark = fence(lines, char);
    return `${label.replace('%', at)}\n\n${mark}\n${lines.join('\n')}\n${mark}\n`;
  };
const conventions: Record<string, Convention> = {
  'code span': around('`%`'),
  'code span with colon': around('`%`:'),
  heading: around('### `%`'),
  'bare heading': around('#### %'),
  bold: around('**%**'),
  'bold code span': around('**`%`**'),
  plain: around('%'),
  'plain with colon': around('%:'),
  label: around('File: `%`'),
  tag: around('<FILEPATH>%</FILEPATH>'),
  sentence: around('Create a file named `%` with this content:'),
  'prose between': around('`%`\n\nSome words about it, on more\nthan one line.'),
  'info string': ({ path: at, lines }, char) =>
    `${fence(lines, char)}text title="${at}"\n${lines.join('\n')}\n${fence(lines, char)}\n`,
  'list item': ({ path: at, lines }, char) => {
    const mark = fence(lines, char);
    return [`1. \`${at}\``, '', ...[mark, ...lines, mark].map((text) => `   ${text}`)].join('\n') + '\n';
  },
  'numbered heading': around('#### 1. `%`:'),
  summary: around('<details><summary>%</summary>'),
  'label in another language': around('Datei: `%`'),
  'joined info string': ({ path: at, lines }, char) =>
    `Here:\n\n${fence(lines, char)}text:${at}\n${lines.join('\n')}\n${fence(lines, char)}\n`,
  quotation: ({ path: at, lines }, char) => {
    const mark = fence(lines, char);
    return [`**${at}**`, '', mark, ...lines, mark].map((text) => (text === '' ? '>' : `> ${text}`)).join('\n') + '\n';
  },
  'with CRLF': ({ path: at, lines }, char) =>
    `\`${at}\`\r\n\r\n${fence(lines, char)}\r\n${lines.join('\r\n')}\r\n${fence(lines, char)}\r\n`,
};

const rendered = fc.tuple(sources, fc.constantFrom(...Object.keys(conventions)), fc.constantFrom('`', '~'));
const render = ([files, name, char]: [Source[], string, string]): string =>
  files.map((file) => conventions[name]?.(file, char) ?? '').join('\n');
const texts = (files: { path: string; text: string }[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [file.path, file.text]));

describe('laws', () => {
  test('files written down in any convention come back byte for byte', () => {
    fc.assert(
      fc.property(rendered, (input) => {
        const wanted = Object.fromEntries(input[0].map((file) => [file.path, `${file.lines.join('\n')}\n`]));
        expect(texts(extract(render(input)).files)).toEqual(wanted);
      }),
      { numRuns: runs(300) },
    );
  });

  const piece = fc.oneof(
    line,
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '`../../x.py`',
      '`/etc/passwd`',
      '```python',
      '```',
      '~~~~',
      '1. a',
      '   ```',
      '├── a.py',
      '<<<<<<< SEARCH',
      '=======',
      '>>>>>>> REPLACE',
      '--- a/x.py',
      '+++ b/x.py',
      '@@ -1 +1 @@',
      '# a.py',
      'Add empty `a.py`',
    ),
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(piece, { maxLength: 30 }).map((lines) => lines.join('\n')),
  );

  test('any text gives a result, the same each time, with safe paths and lines that fit', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const result = extract(text);
        expect(extract(text)).toEqual(result);
        const count = Math.max(1, text.split(/\r\n|\n|\r/).length);
        for (const file of result.files) {
          expect(jail(file.path)).toEqual({ ok: true, path: file.path });
          expect(file.lines).toHaveLength(file.text.split('\n').length - 1);
          expect(Math.max(0, ...file.lines)).toBeLessThanOrEqual(count);
        }
        let last = 0;
        for (const block of result.blocks) {
          expect(block.line).toBeGreaterThan(last);
          expect(block.endLine).toBeGreaterThanOrEqual(block.line);
          last = block.endLine;
          expect(block.path === null ? null : jail(block.path).ok).not.toBe(false);
          expect(block.role === 'file' && block.path === null).toBe(false);
          // Every block is accounted for: a file is laid out or a flag says why not, and code without a name has a
          // flag.
          const flagged = result.flags.some((flag) => flag.line >= block.line && flag.line <= block.endLine);
          if (block.role === 'file')
            expect(flagged || result.files.some((file) => file.path === block.path)).toBe(true);
          if (block.role === 'unnamed')
            expect(result.flags).toContainEqual(expect.objectContaining({ code: 'unnamed-block', line: block.line }));
          expect(block.why).not.toBe('');
        }
        for (const file of result.files)
          expect(result.blocks.some((block) => block.line === file.line) || file.text === '').toBe(true);
        if (result.files.length === 0) expect(result.flags.map((flag) => flag.code)).toContain('no-files');
        for (const flag of result.flags) expect(flag.line).toBeLessThanOrEqual(count);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('an answer cut inside a block is flagged, and every earlier file stays as it was', () => {
    fc.assert(
      fc.property(rendered, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (input, which, share) => {
        const answer = render(input);
        const whole = extract(answer);
        const block = whole.blocks[which % whole.blocks.length];
        if (block === undefined) return;
        const lines = answer.split('\n');
        const head = lines.slice(0, block.line).join('\n').length;
        const tail = lines.slice(0, block.endLine - 1).join('\n').length;
        const cut = answer.slice(0, head + Math.floor(share * (tail - head)));
        const result = extract(cut);
        expect(result.flags).toContainEqual(expect.objectContaining({ code: 'unclosed-fence', line: block.line }));
        const earlier = (files: { path: string; text: string; line: number }[]): object =>
          texts(files.filter((file) => file.line < block.line));
        expect(earlier(result.files)).toEqual(earlier(whole.files));
      }),
      { numRuns: runs(300) },
    );
  });

  test('blocks added after the end change nothing before it', () => {
    fc.assert(
      fc.property(rendered, rendered, (input, more) => {
        const answer = render(input);
        const before = extract(answer);
        const after = extract(
          `${answer}\n${render([more[0].map((file) => ({ ...file, path: `later/${file.path}` })), more[1], more[2]])}`,
        );
        expect(after.blocks.slice(0, before.blocks.length)).toEqual(before.blocks);
        expect(texts(after.files)).toMatchObject(texts(before.files));
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('more laws', () => {
  const comment = ({ path: at, lines }: Source): string[] => [
    at.endsWith('.md') ? `<!-- ${at} -->` : `# ${at}`,
    '',
    ...lines,
  ];

  test('files named by their first comment come back byte for byte, the comment with them', () => {
    fc.assert(
      fc.property(sources, fc.constantFrom('`', '~'), (files, char) => {
        const answer = files
          .map(
            (file) => `Next:\n\n${fence(file.lines, char)}\n${comment(file).join('\n')}\n${fence(file.lines, char)}\n`,
          )
          .join('\n');
        expect(texts(extract(answer).files)).toEqual(
          Object.fromEntries(files.map((file) => [file.path, `${comment(file).join('\n')}\n`])),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  test('several files in one block come back as they were, whatever their number', () => {
    const plain = fc.record({
      path: path.filter((at) => at.endsWith('.py')),
      lines: fc.array(fc.stringMatching(/^[a-z]{1,8}\(\)$/), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(plain, { selector: ({ path: at }) => at, minLength: 2, maxLength: 5 }), (files) => {
        const parts = files.map((file) => `# ${file.path}\n${file.lines.join('\n')}\n`);
        expect(texts(extract(`\`\`\`python\n${parts.join('\n')}\`\`\`\n`).files)).toEqual(
          Object.fromEntries(files.map((file, i) => [file.path, parts[i] ?? ''])),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  test('new files in a diff come back byte for byte', () => {
    fc.assert(
      fc.property(sources, (files) => {
        const diffs = files.map(({ path: at, lines }) => [
          '--- /dev/null',
          `+++ b/${at}`,
          `@@ -0,0 +1,${lines.length} @@`,
          ...lines.map((text) => `+${text}`),
        ]);
        const answer = diffs
          .map((lines) => `${fence(lines, '`')}diff\n${lines.join('\n')}\n${fence(lines, '`')}\n`)
          .join('\nThen:\n\n');
        expect(texts(extract(answer).files)).toEqual(
          Object.fromEntries(files.map((file) => [file.path, `${file.lines.join('\n')}\n`])),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  test('blocks without a name, added after the end, change no file before them', () => {
    const nameless = fc.array(
      fc.tuple(fc.constantFrom('', 'python', 'bash', 'json', 'text', 'go', 'diff'), fc.array(line, { maxLength: 5 })),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(rendered, nameless, (input, blocks) => {
        const answer = render(input);
        const more = blocks.map(
          ([tag, lines]) => `And so on.\n\n${fence(lines, '`')}${tag}\n${lines.join('\n')}\n${fence(lines, '`')}\n`,
        );
        const [before, after] = [extract(answer), extract(`${answer}\n${more.join('\n')}`)];
        // Where the end of a block is unclear, the fences after it decide, and it is flagged.
        fc.pre([...before.flags, ...after.flags].every(({ code }) => code !== 'unclear-fence'));
        expect(after.blocks.slice(0, before.blocks.length)).toEqual(before.blocks);
        expect(texts(after.files)).toMatchObject(texts(before.files));
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('beside a CommonMark parser', () => {
  function codes(node: Nodes, found: string[] = []): string[] {
    if (node.type === 'code') found.push(`${node.position?.start.line}: ${node.value}\n`);
    if ('children' in node) for (const child of node.children) codes(child, found);
    return found;
  }

  const blockOf = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('`', '~'), fc.nat({ max: 3 }))
    .map(([lines, char, indent]) => {
      const mark = ' '.repeat(indent) + fence(lines, char);
      return [`${mark}text title="%"`, ...lines, mark].join('\n');
    });
  const inList = (text: string): string =>
    `- item\n\n${text
      .split('\n')
      .map((row) => (row === '' ? '' : `  ${row}`))
      .join('\n')}\n\nAfter the list.`;
  const inQuote = (text: string): string =>
    text
      .split('\n')
      .map((row) => `> ${row}`)
      .join('\n');
  const prose = fc.constantFrom('Some prose.', '## Heading', '- a list\n- of two\n\nEnd of it.', '> quoted');
  const pieces = fc.array(fc.oneof(blockOf, blockOf.map(inList), blockOf.map(inQuote), prose), { maxLength: 6 });

  test('sound fences give the same blocks with the same text', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.map((part, i) => part.replace('%', `f${i}.txt`)).join('\n\n');
        const { files } = extract(text);
        expect(files.map((file) => `${file.line}: ${file.text}`)).toEqual(codes(fromMarkdown(text)));
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('hostile texts', () => {
  test.each(Object.entries(hostileTexts(20_000)))('come to an end: %s', (_name, text) => {
    expect(extract(text).blocks).toEqual(extract(text).blocks);
  });
});
