/** Measures methods on the answers that were labelled by hand. */
import { markdownTable } from '../../src/reporters/table.ts';
import { extract } from '../../src/stages/3-extract/extract.ts';
import { methods } from './baselines.ts';
import type { Method, Piece } from './baselines.ts';
import { blockAt, percent, share } from './corpora.ts';
import type { GoldAnswer, GoldBlock, Measured } from './corpora.ts';

const thresholds = { precision: 0.98, recall: 0.98, wronglyWritten: 0.02 };

interface Counts {
  right: number;
  expected: number;
  made: number;
  /** Blocks that are no files, and those of them that were made into one. */
  others: number;
  written: number;
  /** Files whose text was recovered under their path, and under any path or none. */
  whole: number;
  content: number;
}

const isFile = ({ role }: GoldBlock): boolean => role === 'file' || role.startsWith('several');
const pathsOf = (label: GoldBlock): string[] => (isFile(label) && label.path !== null ? [label.path].flat() : []);

/**
 * What stands in a labelled block, by the labels and not by any parser: from the line after its opener to the last bare
 * fence before the next labelled opener.
 */
function contentOf(lines: string[], label: GoldBlock, next: GoldBlock | undefined): string[] {
  const opener =
    [label.line, label.line - 1].find((at) => /^\s*(?:>\s*)*(?:`{3,}|~{3,})/.test(lines[at] ?? '')) ?? label.line;
  let end = next === undefined ? lines.length : next.line;
  while (end > opener + 1 && !/^\s*(?:`{3,}|~{3,})\s*$/.test(lines[end - 1] ?? '')) end -= 1;
  return tidy(lines.slice(opener + 1, end > opener + 1 ? end - 1 : lines.length));
}

/** Indentation that all lines share, white space at line ends and blank lines around are not compared. */
function tidy(lines: string[]): string[] {
  const full = lines.filter((line) => line.trim() !== '');
  const shared = Math.min(...full.map((line) => line.length - line.trimStart().length));
  const text = lines.map((line) => (line.trim() === '' ? '' : line.slice(shared).trimEnd())).join('\n');
  return text.replace(/^\n+|\n+$/g, '').split('\n');
}

/**
 * Whether `piece` holds the file: all of the block, all but its first line (a bare name), or a part of a shared block.
 */
function recovers(piece: Piece, content: string[], label: GoldBlock): boolean {
  const text = tidy(piece.text.split('\n')).join('\n');
  if (label.role.startsWith('several'))
    return text !== '' && content.join('\n').includes(text) && text.length < content.join('\n').length;
  return text === content.join('\n') || (/^\S+$/.test(content[0] ?? '') && text === tidy(content.slice(1)).join('\n'));
}

function countsOf(method: Method, records: GoldAnswer[], remarks: string[]): Counts {
  const counts: Counts = { right: 0, expected: 0, made: 0, others: 0, written: 0, whole: 0, content: 0 };
  for (const { id, answer, blocks: labels } of records) {
    const lines = answer.split(/\r\n|\n|\r/);
    const { blocks } = extract(answer);
    const pieces = method.read(answer);
    for (const [index, label] of labels.entries()) {
      const line = blockAt(blocks, label.line)?.line ?? label.line + 1;
      const own = pieces.filter((piece) => piece.line === line);
      const made = own.flatMap(({ path }) => (path === null ? [] : [path.replace(/^\.\//, '')]));
      const expected = pathsOf(label);
      const right = expected.filter((path) => made.includes(path));
      counts.right += right.length;
      counts.expected += expected.length;
      counts.made += made.length;
      if (!isFile(label) && label.role !== 'unnamed code') {
        counts.others += 1;
        if (made.length > 0) counts.written += 1;
      }
      const content = contentOf(lines, label, labels[index + 1]);
      const found = own.filter((piece) => recovers(piece, content, label));
      counts.content += Math.min(expected.length, found.length);
      counts.whole += expected.filter((path) =>
        found.some((piece) => piece.path?.replace(/^\.\//, '') === path),
      ).length;
      if (right.length !== expected.length || right.length !== made.length) {
        remarks.push(
          `gold ${id}:${line} expected ${label.role} ${expected.join(', ')}, got ${made.join(', ') || 'nothing'}`,
        );
      } else if (found.length < expected.length)
        remarks.push(`gold ${id}:${line} ${expected.join(', ')}: the text differs`);
    }
  }
  return counts;
}

/** Precision and recall of paths, and contents, for every method, on the same answers. */
export function measureGold(records: GoldAnswer[]): Measured {
  const remarks: string[] = [];
  const measured = methods.map((method) => ({
    method,
    counts: countsOf(method, records, method === methods.at(-1) ? remarks : []),
  }));
  const own = measured.at(-1)?.counts;
  const rows = measured.map(({ method, counts: { right, made, expected, written, others, whole, content } }) => [
    method.name,
    made === 0 ? '-' : share(right, made),
    share(right, expected),
    share(written, others),
    `${content}/${expected}`,
    `${whole}/${expected}`,
  ]);
  const holds =
    own !== undefined &&
    own.right >= thresholds.precision * own.made &&
    own.right >= thresholds.recall * own.expected &&
    own.written <= thresholds.wronglyWritten * own.others &&
    own.whole >= thresholds.recall * own.expected;
  const blocks = records.reduce((sum, record) => sum + record.blocks.length, 0);
  const section = `## Answers labelled by hand

${records.length} answers, ${blocks} blocks. Precision and recall are those of the paths of \`file\` blocks; at least ${percent(thresholds.precision, 1)} of
each is required. "Written" are blocks that are a fragment, shell or usage and were made into a file; at most ${percent(thresholds.wronglyWritten, 1)}.
Files recovered: the text, whatever it is called, and the text under its path. What a block holds is read off the labels.

${markdownTable([['method', 'precision', 'recall', 'written', 'text recovered', 'with its path'], ...rows])}

The baselines are ours, after the rules of other tools: fences by a regular expression, with the name on the line before; and a
CommonMark parser, with names in the info string, the first comment, or the heading or paragraph just above.`;
  return { holds, remarks, section };
}
