import type { Command } from 'commander';
import { validate } from '../../app/validate.ts';
import { specimenLine, validationText } from '../../reporters/validation.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface ValidateOptions extends GradingOptions, OutputOptions {
  scenario: string[];
  specimen: string[];
}

async function run(options: ValidateOptions, signal: AbortSignal): Promise<number> {
  const services = await commandServices(options, signal);
  const request = { scenarios: options.scenario, specimens: options.specimen };
  const { specimens, sensitivity, ungraded, ok } = await validate(services, request, {}, (results) => {
    for (const result of results) process.stderr.write(`${specimenLine(result)}\n`);
  });
  if (options.format === 'json') printJson({ specimens, ok });
  else process.stdout.write(validationText(specimens, sensitivity));
  if (ungraded.length > 0) return exit.unmeasured;
  return ok ? exit.held : exit.gate;
}

const several = (value: string, before: string[]): string[] => [...before, value];

/** `cupel validate` */
export function validateCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('validate')))
    .option('--scenario <id>', 'only this scenario (may be given several times)', several, [])
    .option('--specimen <id>', 'only this specimen, or reference (may be given several times)', several, [])
    .action((options: ValidateOptions) => runAction((signal) => run(options, signal)));
}
