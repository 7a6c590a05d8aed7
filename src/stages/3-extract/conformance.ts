/**
 * Measures extraction on a folder of corpora: `node src/stages/3-extract/conformance.ts <corpora folder>`. Prints precision
 * and recall on the answers labelled by hand, agreement with the weak labels, and timings; exits with 1 below the thresholds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Extraction } from '../../domain/extraction.ts';
import { extract } from './extract.ts';
import { jail } from './jail.ts';

interface Answer {
  id: string;
  answer: string;
}

interface GoldBlock {
  line: number;
  role: string;
  path: string | string[] | null;
}

interface WeakBlock {
  line: number;
  kind: string;
  name: string | null;
}

const thresholds = { precision: 0.98, recall: 0.98, wronglyWritten: 0.02, agreement: 0.95, medianMs: 5, slowestMs: 100 };

const readRecords = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

const asList = (path: string | string[] | null): string[] => (path === null ? [] : Array.isArray(path) ? path : [path]);

/** The labels' lines are off by one in places: the block whose opener is on the line, or just after it. */
const blockAt = (blocks: Block[], line: number): Block | undefined =>
  blocks.find((block) => block.line === line + 1) ?? blocks.find((block) => block.line === line);

const percent = (part: number, whole: number): string => `${whole === 0 ? '100.0' : ((100 * part) / whole).toFixed(1)} % (${part}/${whole})`;

/** Precision and recall of the paths of file blocks, and how often a block that is no file became one. */
function measureGold(records: (Answer & { blocks: GoldBlock[] })[]): boolean {
  const count = { right: 0, expected: 0, made: 0, others: 0, written: 0, roles: 0, blocks: 0 };
  for (const record of records) {
    const { files, blocks } = extract(record.answer);
    for (const label of record.blocks) {
      const block = blockAt(blocks, label.line);
      const made = files.filter((file) => file.line === block?.line).map((file) => file.path);
      const isFile = label.role === 'file' || label.role.startsWith('several');
      const expected = isFile ? asList(label.path) : [];
      const right = expected.filter((path) => made.includes(path)).length;
      count.right += right;
      count.expected += expected.length;
      count.made += made.length;
      count.blocks += 1;
      if (!isFile && label.role !== 'unnamed code') {
        count.others += 1;
        if (made.length > 0) count.written += 1;
      }
      if (right !== expected.length || right !== made.length) {
        console.log(`gold ${record.id}:${label.line + 1} expected ${label.role} ${expected.join(', ')}, got ${block?.role ?? 'nothing'} ${made.join(', ')}`);
      }
    }
  }
  const [precision, recall] = [count.right / Math.max(1, count.made), count.right / Math.max(1, count.expected)];
  console.log(`gold: ${records.length} answers, ${count.blocks} blocks`);
  console.log(`  precision ${percent(count.right, count.made)}, recall ${percent(count.right, count.expected)}`);
  console.log(`  fragments, shell and usage written as a file ${percent(count.written, count.others)}`);
  return precision >= thresholds.precision && recall >= thresholds.recall && count.written <= thresholds.wronglyWritten * count.others;
}

/** Agreement with the weak labels in the blocks that they name. A longer path that ends with the label's agrees. */
function measureWeak(records: { id: string; blocks: WeakBlock[] }[], answers: Map<string, Answer>): boolean {
  let named = 0;
  let agreed = 0;
  let beside = 0;
  for (const record of records) {
    const answer = answers.get(record.id);
    if (answer === undefined) continue;
    const { blocks } = extract(answer.answer);
    for (const label of record.blocks.filter((block) => block.name !== null)) {
      const block = blockAt(blocks, label.line);
      const name = label.name?.replace(/^\.\//, '') ?? '';
      named += 1;
      if (block?.path === name || block?.path?.endsWith(`/${name}`) === true) agreed += 1;
      else if (block?.role === 'shell') beside += 1;
      else console.log(`weak ${record.id}:${label.line + 1} ${label.kind} label says ${name}, got ${block?.role ?? 'no block'} ${block?.path ?? ''}`);
    }
  }
  console.log(`weak labels: agreement in ${percent(agreed, named - beside)} of the named blocks`);
  console.log(`  with the ${beside} shell blocks that the labels give the name of the file they speak of: ${percent(agreed, named)}`);
  return agreed >= thresholds.agreement * (named - beside);
}

/** What must hold of any result; the words of what does not. */
function faults(answer: string, result: Extraction): string[] {
  const found: string[] = [];
  if (JSON.stringify(extract(answer)) !== JSON.stringify(result)) found.push('a second extraction differs');
  for (const file of result.files) {
    if (!jail(file.path).ok) found.push(`${file.path} is outside`);
    if (file.lines.length !== file.text.split('\n').length - 1) found.push(`${file.path}: its lines do not fit its text`);
  }
  return found;
}

function measureAll(answers: Answer[]): boolean {
  const times: { id: string; ms: number }[] = [];
  let sound = true;
  for (const { id, answer } of answers) {
    const start = performance.now();
    const result = extract(answer);
    times.push({ id, ms: performance.now() - start });
    for (const fault of faults(answer, result)) {
      console.log(`fault ${id}: ${fault}`);
      sound = false;
    }
  }
  times.sort((a, b) => a.ms - b.ms);
  const median = times[Math.floor(times.length / 2)]?.ms ?? 0;
  const slowest = times.at(-1) ?? { id: '-', ms: 0 };
  console.log(`${answers.length} answers: median ${median.toFixed(2)} ms, slowest ${slowest.ms.toFixed(1)} ms (${slowest.id})`);
  return sound && median < thresholds.medianMs && slowest.ms < thresholds.slowestMs;
}

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error('usage: node src/stages/3-extract/conformance.ts <corpora folder>');
    return 2;
  }
  const where = join(folder, 'answers');
  const gold = readRecords<Answer & { blocks: GoldBlock[] }>(join(where, 'gold-multifile.jsonl'));
  const others = readdirSync(where)
    .filter((name) => name.endsWith('.jsonl') && name !== 'gold-multifile.jsonl' && name !== 'weak-labels.jsonl')
    .flatMap((name) => readRecords<Answer>(join(where, name)));
  const answers = new Map([...others, ...gold].map((answer) => [answer.id, answer]));
  const results = [
    measureAll([...answers.values()]),
    measureGold(gold),
    measureWeak(readRecords<{ id: string; blocks: WeakBlock[] }>(join(where, 'weak-labels.jsonl')), answers),
  ];
  return results.every(Boolean) ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
