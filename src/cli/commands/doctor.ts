import type { Command } from 'commander';
import { checkHealth } from '../../app/doctor.ts';
import type { Health, LanguageHealth } from '../../app/doctor.ts';
import { sizeText } from '../../store/state/size.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption, stateOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface DoctorOptions extends OutputOptions {
  state?: string;
}

function languageLine({ language, tools, problem }: LanguageHealth): string {
  const versions = Object.entries(tools).map(([tool, version]) => `${tool} ${version}`);
  const parts = problem === null ? versions : [...versions, problem];
  return `${language.padEnd(11)}${problem === null ? '✓' : '✗'} ${parts.join(', ')}`;
}

function healthText({ healthy, state, sandbox, languages }: Health): string {
  const lines = [
    `node       ${process.version}`,
    `state      ${state.folder} (${state.reason}), ${sizeText(state.bytes)}`,
    `sandbox    ${sandbox.driver} ${sandbox.version}, level ${sandbox.level}`,
    ...sandbox.held.map((held) => `  ✓ ${held}`),
    ...sandbox.problems.map((problem) => `  ✗ ${problem}`),
    ...languages.map(languageLine),
    healthy ? 'Everything works.' : 'What is marked ✗ cannot be graded on this machine; its cells would be ungraded.',
  ];
  return `${lines.join('\n')}\n`;
}

async function run({ format, state }: DoctorOptions, signal: AbortSignal): Promise<number> {
  const { healthy, ...health } = await checkHealth(await commandServices({ state, projectless: true }, signal));
  if (format === 'json') printJson({ healthy, node: process.version, ...health });
  else process.stdout.write(healthText({ healthy, ...health }));
  return healthy ? exit.held : exit.unmeasured;
}

/** `cupel doctor` */
export function doctorCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('doctor'))
    .addOption(stateOption())
    .action((options: DoctorOptions) => runAction((signal) => run(options, signal)));
}
