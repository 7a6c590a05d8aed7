import { Option } from 'commander';
import type { Command } from 'commander';
import { upgrade } from '../../app/upgrade/upgrade.ts';
import { upgradeReporters } from '../../reporters/index.ts';
import type { UpgradeFormat } from '../../reporters/index.ts';
import { writeAtomically } from '../../store/files/atomic.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { gradingOptions } from '../shared/options.ts';
import type { GradingOptions } from '../shared/options.ts';
import { progress } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface UpgradeOptions extends GradingOptions {
  from: string;
  to: string[];
  run: string[];
  suite?: string;
  repeat?: number;
  prompt: string[];
  common?: true;
  budget?: number;
  format: UpgradeFormat;
  out?: string;
}

async function run(options: UpgradeOptions, signal: AbortSignal): Promise<number> {
  const { from, to, run: runs, suite, repeat: repeats, prompt: prompts, common = false, budget, format, out } = options;
  const services = await commandServices(options, signal);
  const request = { from, to, runs, suite, repeats, prompts, common, budgetUsd: budget };
  const decided = await upgrade(services, request, progress({ format: 'json' }));
  const text = await upgradeReporters[format](decided);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeAtomically(out, text);
    process.stdout.write(`${decided.recommendation.headline}: ${out}\n`);
  }
  return exit.held;
}

/** `cupel upgrade --from <model> --to <model...>` */
export function upgradeCommand(program: Command, runAction: RunAction): void {
  const command = program
    .command('upgrade')
    .requiredOption('--from <model>', 'the model of today')
    .requiredOption('--to <model...>', 'the models that could replace it')
    .option('--run <run...>', 'finished runs with their answers (default: the newest that have them)', [])
    .option('--suite <id>', 'run this suite with these models first')
    .option('--repeat <n>', 'with --suite: answers for each scenario and model', Number)
    .option('--budget <dollars>', 'with --suite: never pay more than this', Number)
    .option('--prompt <prompt...>', 'one prompt for all models, or one tuned for each, in their order', [])
    .option('--common', 'leave out scenarios that only one model has, or that differ')
    .addOption(new Option('--format <format>', 'how').choices(Object.keys(upgradeReporters)).default('text'))
    .option('--out <file>', 'write it into a file');
  gradingOptions(command).action((options: UpgradeOptions) => runAction((signal) => run(options, signal)));
}
