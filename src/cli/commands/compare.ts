import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Comparison } from '../../domain/runs/comparison.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { writeAtomically } from '../../store/files/atomic.ts';
import type { Act } from '../act.ts';
import { comparison, gateOf, readSide } from '../comparison.ts';
import { exit } from '../exit.ts';
import { reporterFor } from '../output.ts';
import { services } from '../services.ts';
import type { GradingOptions } from '../services.ts';

interface CompareOptions extends GradingOptions {
  format: 'text' | 'markdown' | 'json' | 'html';
  prompt?: string[];
  model?: string[];
  common?: true;
  suite?: string;
  scope?: 'population' | 'suite';
  out?: string;
}

/** Bytes of answers that a page embeds, to be read side by side. */
const ANSWER_BUDGET = 3_000_000;

/** The texts of answers by run and key, those of the scenarios that stand first, as far as there is room. */
async function answersOf({ rows, base, head }: Comparison, root: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let room = ANSWER_BUDGET;
  for (const { baseCells, headCells } of rows) {
    for (const [id, cells] of [
      [base.run, baseCells],
      [head.run, headCells],
    ] as const) {
      for (const { key } of cells) {
        const text = await readFile(join(root, 'reports', 'runs', id, 'answers', `${key}.md`), 'utf8').catch(
          () => null,
        );
        if (text === null || (room -= text.length) < 0) continue;
        texts.set(`${id}/${key}`, text);
      }
      if (room < 0) return texts;
    }
  }
  return texts;
}

async function rendered(made: Comparison, format: CompareOptions['format'], root: string): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(made, null, 1)}\n`;
    case 'markdown':
      return (await import('../../reporters/comparison/markdown.ts')).comparisonMarkdown(made);
    case 'html':
      return (await import('../../reporters/comparison/page.ts')).comparisonPage(
        made,
        await answersOf(made, root),
        await (await import('../../reporters/html/assets.ts')).pageAssets('comparison'),
      );
    default:
      return (await import('../../reporters/comparison/text.ts')).comparisonText(made);
  }
}

/** Base's and head's of a factor. Throws `UsageError` for more than two. */
function pair(option: string, names: string[] | undefined): readonly [string, string] | null {
  const [one, other, third] = names ?? [];
  if (one === undefined) return null;
  if (third !== undefined)
    throw new UsageError(`--${option}: expected the base's and the head's, found ${names?.length} names.`);
  return [one, other ?? one];
}

async function run(
  base: string,
  head: string | undefined,
  options: CompareOptions,
  signal: AbortSignal,
): Promise<number> {
  const wired = await services(options, signal);
  const baseRun = await readSide(wired.root, base);
  const headRun = head === undefined ? baseRun : await readSide(wired.root, head);
  const set =
    options.suite === undefined
      ? await gateOf(wired, headRun.suite ?? baseRun.suite)
      : ((await wired.library.suite(options.suite)).gate ?? (await gateOf(wired, null)));
  const gate = { ...set, scope: options.scope ?? set.scope };
  const sides = {
    prompt: pair('prompt', options.prompt),
    model: pair('model', options.model),
    common: options.common === true,
  };
  // Progress of grading again goes beside what is printed.
  const made = await comparison(
    { base, head: head ?? base },
    { base: baseRun, head: headRun },
    sides,
    gate,
    wired,
    reporterFor({ format: 'json' }, wired.forecast([])),
  );
  const text = await rendered(made, options.format, wired.root);
  if (options.out === undefined) process.stdout.write(text);
  else {
    await writeAtomically(options.out, text);
    process.stdout.write(`${made.outcome}${made.gate.met ? '' : '; the gate is not met'}: ${options.out}\n`);
  }
  return made.gate.met ? exit.held : exit.gate;
}

/** `cupel compare <base> [head]` */
export function compareCommand(program: Command, act: Act): void {
  program
    .command('compare')
    .argument('<base>', 'a run, latest, or a baseline')
    .argument('[head]', 'likewise; the same run when left out')
    .option('--prompt <prompt...>', "the base's prompt and the head's, where that is not clear")
    .option('--model <model...>', "the base's model and the head's, likewise")
    .option('--common', 'leave out scenarios that only one side has, or that differ')
    .option('--suite <id>', 'take the gate of this suite (default: that of the head)')
    .addOption(
      new Option(
        '--scope <scope>',
        'population: what holds for scenarios like these; suite: for these very ones',
      ).choices(['population', 'suite']),
    )
    .addOption(new Option('--format <format>', 'how').choices(['text', 'markdown', 'json', 'html']).default('text'))
    .option('--out <file>', 'write it into a file')
    .option('--jobs <n>', 'checks that run side by side, where something is graded again', Number)
    .option('--state <folder>', 'where layers, caches and verdicts are kept (default: .cupel)')
    .option('--no-cache', 'run every check, whatever is known of it')
    .action((base: string, head: string | undefined, options: CompareOptions) =>
      act((signal) => run(base, head, options, signal)),
    );
}
