import type { Command } from 'commander';
import { commandProject } from '../shared/project.ts';
import { messagesOf } from '../../domain/grading/prompt.ts';
import { renderPrompt } from '../../formats/prompt/index.ts';
import { Library } from '../../store/inputs/library.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { dialectOption, formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';

interface RenderOptions extends OutputOptions {
  dialect?: string;
}

async function run(reference: string, scenarioId: string, { format, dialect }: RenderOptions): Promise<number> {
  const library = new Library(await commandProject(), dialect);
  const { prompt, from } = await library.loadedPrompt(reference, process.cwd());
  const { variables } = await library.scenario(scenarioId);
  const request = renderPrompt(prompt, variables);
  const messages = [{ role: 'system', text: request.system }, ...messagesOf(request)];
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  if (format === 'json')
    printJson({ prompt: reference, from, version: prompt.version, scenario: scenarioId, ...request, characters });
  else {
    const texts = messages.map(({ role, text }) => `--- ${role}\n${text}\n`).join('');
    const size = `${characters} characters, about ${Math.ceil(characters / 4)} tokens`;
    process.stdout.write(`${texts}--- ${size}, sha256 ${request.hash}, from ${from}\n`);
  }
  return exit.held;
}

/** `cupel render <prompt> <scenario>` */
export function renderCommand(program: Command, runAction: RunAction): void {
  formatOption(program.command('render'))
    .argument(
      '<prompt>',
      'code-generation-assistant@2.1, a file (prompts/x.md, ./some.prompty), or git:<revision>:<path>',
    )
    .argument('<scenario>', 'a folder of evals/')
    .addOption(dialectOption())
    .action((prompt: string, scenario: string, options: RenderOptions) =>
      runAction(() => run(prompt, scenario, options)),
    );
}
