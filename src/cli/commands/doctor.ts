import type { Command } from 'commander';
import { stateSize } from '../../store/state/prune.ts';
import { sizeText } from '../../store/state/size.ts';
import type { Act } from '../act.ts';
import { exit } from '../exit.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';
import { services } from '../services.ts';

interface Health {
  language: string;
  tools: Record<string, string>;
  problem: string | null;
}

async function run(options: OutputOptions & { state?: string }, signal: AbortSignal): Promise<number> {
  const wired = await services({ ...options, cache: true }, signal);
  const sandbox = await wired.sandboxReport();
  const languages: Health[] = [];
  for (const runner of sandbox.level === 'none' ? [] : wired.grading.runners) {
    try {
      const tools = await wired.grading.tools(runner);
      const missing = Object.entries(tools)
        .filter(([, version]) => version === 'missing')
        .map(([tool]) => tool);
      const problem =
        missing.length === 0
          ? null
          : `${missing.join(', ')} missing; remove layers and seals in ${wired.state.folder} and run npm start to install again`;
      languages.push({ language: runner.language, tools, problem });
    } catch (error) {
      signal.throwIfAborted();
      languages.push({
        language: runner.language,
        tools: {},
        problem: error instanceof Error ? error.message : String(error),
      });
    }
  }
  const healthy = sandbox.level !== 'none' && languages.every(({ problem }) => problem === null);
  const bytes = await stateSize(wired.state.folder);
  if (options.format === 'json')
    printJson({ healthy, node: process.version, state: { ...wired.state, bytes }, sandbox, languages });
  else {
    const lines = [
      `node       ${process.version}`,
      `state      ${wired.state.folder} (${wired.state.reason}), ${sizeText(bytes)}`,
      `sandbox    ${sandbox.driver} ${sandbox.version}, level ${sandbox.level}`,
      ...sandbox.held.map((held) => `  ✓ ${held}`),
      ...sandbox.problems.map((problem) => `  ✗ ${problem}`),
      ...languages.map(({ language, tools, problem }) => {
        const versions = Object.entries(tools).map(([tool, version]) => `${tool} ${version}`);
        return `${language.padEnd(11)}${problem === null ? '✓' : '✗'} ${[...versions, ...(problem === null ? [] : [problem])].join(', ')}`;
      }),
      healthy ? 'Everything works.' : 'What is marked ✗ cannot be graded on this machine; its cells would be ungraded.',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return healthy ? exit.held : exit.unmeasured;
}

/** `cupel doctor` */
export function doctorCommand(program: Command, act: Act): void {
  formatOption(program.command('doctor'))
    .option('--state <folder>', 'where layers and caches are kept (default: .cupel)')
    .action((options: OutputOptions & { state?: string }) => act((signal) => run(options, signal)));
}
