import type { Command } from 'commander';
import { extractAnswer, extractionReport, writeFiles } from '../../app/extract.ts';
import type { Extraction } from '../../domain/grading/extraction.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { explainText } from '../../reporters/explain.ts';
import { harmless } from '../../reporters/harmless.ts';
import { counted } from '../../formats/words.ts';
import { textTable } from '../../reporters/table.ts';
import { answerRecords } from '../../store/inputs/answer-records.ts';
import { readAnswerFile } from '../../store/inputs/answer-file.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson, printLine } from '../shared/print.ts';

interface ExtractOptions extends OutputOptions {
  out?: string;
  explain?: boolean;
  jsonl?: string;
}

async function extractOne(path: string, options: ExtractOptions): Promise<number> {
  const text = await readAnswerFile(path);
  const result = extractAnswer(text);
  if (options.out !== undefined) await writeFiles(options.out, result.files);
  if (options.format === 'json') printJson(extractionReport(result));
  else if (options.explain === true) process.stdout.write(explainText(text, result));
  else printTable(result, options.out);
  return exit.held;
}

function printTable({ blocks, files, flags }: Extraction, out: string | undefined): void {
  const rows = blocks.map(({ line, language, role, path, namedBy, nameLine }) => [
    String(line),
    harmless(language ?? '-'),
    role,
    path ?? '-',
    namedBy === null ? '-' : `${namedBy}${nameLine === null ? '' : `, line ${nameLine}`}`,
  ]);
  process.stdout.write(`${textTable([['line', 'language', 'role', 'path', 'named by'], ...rows])}\n`);
  for (const flag of flags) process.stdout.write(`line ${flag.line}: ${flag.code}: ${harmless(flag.detail, 300)}\n`);
  process.stdout.write(`${counted(files.length, 'file')}${out === undefined ? '' : ` in ${out}`}\n`);
}

/** One result a line, printed as soon as it is known: what is printed stays valid when a later record is not. */
async function extractMany(path: string, signal: AbortSignal): Promise<number> {
  for await (const { id, answer } of answerRecords(path)) {
    signal.throwIfAborted();
    if (!(await printLine(JSON.stringify({ id, ...extractionReport(extractAnswer(answer)) })))) return exit.held;
  }
  return exit.held;
}

function run(path: string | undefined, options: ExtractOptions, signal: AbortSignal): Promise<number> {
  const { jsonl, out, explain } = options;
  if (jsonl === undefined) {
    if (path === undefined)
      throw new UsageError('extract: expected a file with an answer, or --jsonl with a file of them, found neither.');
    return extractOne(path, options);
  }
  const forbidden = Object.entries({ 'an answer': path, '--out': out, '--explain': explain }).find(
    ([, value]) => value !== undefined,
  );
  if (forbidden !== undefined)
    throw new UsageError(
      `extract --jsonl: expected nothing but the records, found ${forbidden[0]} too; leave one of them out.`,
    );
  return extractMany(jsonl, signal);
}

/** `cupel extract <answer>` */
export function extractCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('extract'))
    .argument('[answer]', 'a Markdown file')
    .option('--out <folder>', 'write the files here; the folder must be empty or new')
    .option('--explain', 'say of every block what it was taken for, what named it, and why')
    .option('--jsonl <file>', 'records with id and answer, one a line (- for standard input); prints one result a line')
    .action((path: string | undefined, options: ExtractOptions) => runAction((signal) => run(path, options, signal)));
}
