import type { Command } from 'commander';
import { commandProject } from '../shared/project.ts';
import { recordAnswers } from '../../app/record.ts';
import { counted } from '../../formats/words.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';

interface RecordOptions extends OutputOptions {
  model: string[];
  scenario: string[];
}

async function record(run: string, { format, model, scenario }: RecordOptions): Promise<number> {
  const recordings = await recordAnswers(await commandProject(), { run, models: model, scenarios: scenario });
  if (format === 'json') printJson({ recordings });
  else {
    const paths = recordings.map((name) => `evals/recordings/${name}.md\n`);
    process.stdout.write(`${paths.join('')}${counted(recordings.length, 'answer')} recorded\n`);
  }
  return exit.held;
}

/** `cupel record <run>` */
export function recordCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('record'))
    .argument('<run>', 'the id of a run')
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only answers of these models', [])
    .action((run: string, options: RecordOptions) => runAction(() => record(run, options)));
}
