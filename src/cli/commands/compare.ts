import { Option } from 'commander';
import type { Command } from 'commander';
import { UsageError } from '../../domain/usage-error.ts';
import { compare } from '../../app/compare.ts';
import { renderComparison } from '../../app/services/reports.ts';
import { comparisonReporters } from '../../reporters/index.ts';
import type { ComparisonFormat } from '../../reporters/index.ts';
import { writeAtomically } from '../../store/files/atomic.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { gradingOptions } from '../shared/options.ts';
import type { GradingOptions } from '../shared/options.ts';
import { progress } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface CompareOptions extends GradingOptions {
  format: ComparisonFormat;
  prompt?: string[];
  model?: string[];
  common?: true;
  suite?: string;
  scope?: 'population' | 'suite';
  out?: string;
}

/** Base's and head's of a factor. Throws `UsageError` for more than two names. */
function pair(option: string, names: readonly string[] = []): readonly [string, string] | null {
  const [one, other, third] = names;
  if (one === undefined) return null;
  if (third !== undefined)
    throw new UsageError(`--${option}: expected the base's and the head's, found ${names.length} names.`);
  return [one, other ?? one];
}

async function run(
  base: string,
  head: string | undefined,
  options: CompareOptions,
  signal: AbortSignal,
): Promise<number> {
  const { format, prompt, model, common = false, suite, scope, out } = options;
  const services = await commandServices(options, signal);
  const request = {
    base,
    head,
    prompts: pair('prompt', prompt),
    models: pair('model', model),
    common,
    suite,
    scope,
  };
  // Where something is graded again, progress goes beside what is printed.
  const comparison = await compare(services, request, progress({ format: 'json' }));
  const text = await renderComparison(format, comparison, services.root);
  const { outcome, gate } = comparison;
  if (out === undefined) process.stdout.write(text);
  else {
    await writeAtomically(out, text);
    process.stdout.write(`${outcome}${gate.met ? '' : '; the gate is not met'}: ${out}\n`);
  }
  return gate.met ? exit.held : exit.gate;
}

/** `cupel compare <base> [head]` */
export function compareCommand(program: Command, runAction: RunAction): void {
  const command = program
    .command('compare')
    .argument('<base>', 'a run, latest, or a baseline')
    .argument('[head]', 'a run, latest, or a baseline; the same run as the base when left out')
    .option('--prompt <prompt...>', "the base's prompt and the head's, where that is not clear")
    .option('--model <model...>', "the base's model and the head's, where that is not clear")
    .option('--common', 'leave out scenarios that only one side has, or that differ')
    .option('--suite <id>', 'take the gate of this suite (default: that of the head)')
    .addOption(
      new Option(
        '--scope <scope>',
        'population: what holds for scenarios like these; suite: for these very ones',
      ).choices(['population', 'suite']),
    )
    .addOption(new Option('--format <format>', 'how').choices(Object.keys(comparisonReporters)).default('text'))
    .option('--out <file>', 'write it into a file');
  gradingOptions(command).action((base: string, head: string | undefined, options: CompareOptions) =>
    runAction((signal) => run(base, head, options, signal)),
  );
}
