/** What was taken out of an answer, and why, for a person: block by block. */
import type { AnswerFile, Block, Extraction, Flag, Naming } from '../domain/grading/extraction.ts';
import { harmless } from './harmless.ts';

/** How a name was found, before "on line 3". */
const foundBy: Readonly<Record<Naming, string>> = {
  'info-string': 'by the info string',
  heading: 'by the heading',
  bold: 'by the bold line',
  'code-span': 'by the code span',
  'plain-path': 'by the plain path',
  'list-item': 'by the list item',
  label: 'by the label',
  sentence: 'by the sentence',
  comment: 'by the comment',
  tag: 'by the tag',
  tree: 'completed from the tree, after the name',
  inferred: 'inferred from what it holds; nothing names it',
};

/** The lines of an answer, as extraction counts them. */
const linesOf = (answer: string): string[] => answer.split(/\r\n|\n|\r/);

/** Explains an extraction of `answer`; no character of the answer can command a terminal. */
export function explainText(answer: string, { blocks, files, flags }: Extraction): string {
  const source = linesOf(answer);
  const explained = blocks.map((block, index) => explainBlock(block, index, { source, files, flags }));
  const besides = files.filter((file) => !blocks.some((block) => block.line === file.line));
  const otherFlags = flags.filter((flag) => !blocks.some((block) => belongsTo(flag, block)));
  const sections = [
    [`${count(blocks.length, 'block')}, ${count(files.length, 'file')}, ${count(flags.length, 'flag')}`],
    ...explained,
    ...besides.map((file) => [
      `no block  line ${file.line}  file  ${harmless(file.path)}`,
      `  named    ${namedBy(file.namedBy, file.line, source)}`,
    ]),
    otherFlags.map(explainFlag),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

const belongsTo = (flag: Flag, block: Block): boolean =>
  flag.code !== 'no-files' && ((flag.line >= block.line && flag.line <= block.endLine) || flag.line === block.nameLine);

interface Surroundings {
  source: string[];
  files: AnswerFile[];
  flags: Flag[];
}

function explainBlock(block: Block, index: number, { source, files, flags }: Surroundings): string[] {
  const { line, endLine, language, role, path, why, nameLine } = block;
  const place = `lines ${line} to ${endLine}`;
  const named = path === null ? '' : `  ${harmless(path, 400)}`;
  const lines = [`block ${index + 1}  ${place}  ${harmless(language ?? 'no language')}  ${role}${named}`];
  if (block.namedBy !== null) lines.push(`  named    ${namedBy(block.namedBy, nameLine, source)}`);
  lines.push(`  because  ${harmless(why, 200)}`);
  const filesOfBlock = files.filter((file) => file.line === line);
  for (const file of filesOfBlock.filter((other) => other.path !== path))
    lines.push(`  and      ${harmless(file.path, 400)}, ${namedBy(file.namedBy, null, source)}`);
  if (role === 'file' && !filesOfBlock.some((file) => file.path === path))
    lines.push('  but      its text is not laid out: see the flags');
  return [...lines, ...flags.filter((flag) => belongsTo(flag, block)).map(explainFlag)];
}

function namedBy(how: Naming, line: number | null, source: string[]): string {
  if (line === null) return foundBy[how];
  return `${foundBy[how]} on line ${line}: "${harmless(source[line - 1] ?? '', 160)}"`;
}

function explainFlag({ line, code, path, detail }: Flag): string {
  const file = path === null ? '' : `${harmless(path, 200)}: `;
  return `  flag     line ${line}: ${code}: ${file}${harmless(detail, 300)}`;
}
