import { Option } from 'commander';
import type { Command } from 'commander';
import { trendsOf } from '../../app/night/trend.ts';
import { commandProject } from '../shared/project.ts';
import { harmless } from '../../reporters/harmless.ts';
import { textTable } from '../../reporters/table.ts';
import { trendHead, trendRow } from '../../reporters/trend/words.ts';
import { writeAtomically } from '../../store/files/atomic.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { printJson, printMessage } from '../shared/print.ts';

interface TrendOptions {
  format: 'text' | 'json' | 'html';
  out?: string;
}

async function run(suite: string, { format, out }: TrendOptions): Promise<number> {
  const trends = await trendsOf((await commandProject()).root, suite, printMessage);
  if (format === 'json') {
    printJson(trends);
    return exit.held;
  }
  const text =
    format === 'text'
      ? `${textTable([trendHead, ...trends.map((one) => trendRow(one).map((cell) => harmless(cell, 160)))])}\n`
      : await (async () => {
          const { trendPage } = await import('../../reporters/trend/page.ts');
          const { pageAssets } = await import('../../reporters/html/assets.ts');
          return trendPage(suite, trends, await pageAssets('plain'));
        })();
  if (out === undefined) process.stdout.write(text);
  else {
    await writeAtomically(out, text);
    process.stdout.write(`${out}\n`);
  }
  return exit.held;
}

/** `cupel trend [suite]` */
export function trendCommand(program: Command, runAction: RunAction): void {
  program
    .command('trend')
    .argument('[suite]', 'a suite that had nights', 'default')
    .addOption(new Option('--format <format>', 'how').choices(['text', 'json', 'html']).default('text'))
    .option('--out <file>', 'write it into a file')
    .action((suite: string, options: TrendOptions) => runAction(() => run(suite, options)));
}
