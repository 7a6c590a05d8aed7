import type { Command } from 'commander';
import { messagesOf } from '../../domain/grading/prompt.ts';
import { renderPrompt } from '../../formats/prompt/index.ts';
import { Library, findRoot } from '../../store/inputs/library.ts';
import type { Act } from '../act.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';

async function run(reference: string, scenarioId: string, options: OutputOptions): Promise<number> {
  const library = new Library(findRoot(process.cwd(), home));
  const [{ prompt, from }, scenario] = [
    await library.loadedPrompt(reference, process.cwd()),
    await library.scenario(scenarioId),
  ];
  const request = renderPrompt(prompt, scenario.variables);
  const messages = [{ role: 'system', text: request.system }, ...messagesOf(request)];
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  if (options.format === 'json')
    printJson({ prompt: reference, from, version: prompt.version, scenario: scenarioId, ...request, characters });
  else {
    const size = `${characters} characters, about ${Math.ceil(characters / 4)} tokens`;
    const said = messages.map(({ role, text }) => `--- ${role}\n${text}\n`).join('');
    process.stdout.write(`${said}--- ${size}, sha256 ${request.hash}, from ${from}\n`);
  }
  return exit.held;
}

/** `cupel render <prompt> <scenario>` */
export function renderCommand(program: Command, act: Act): void {
  formatOption(program.command('render'))
    .argument(
      '<prompt>',
      'code-generation-assistant@2.1, a file (prompts/x.md, ./some.prompty), or git:<revision>:<path>',
    )
    .argument('<scenario>', 'a folder of evals/')
    .action((prompt: string, scenario: string, options: OutputOptions) => act(() => run(prompt, scenario, options)));
}
