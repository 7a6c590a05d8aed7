import { Option } from 'commander';
import type { Command } from 'commander';
import { contractText } from '../../app/new/contract.ts';
import { checkLines, checkProgram, reporterProgram } from '../../app/new/programs.ts';
import { scenarioText } from '../../app/new/scenario.ts';
import { writeNewFiles } from '../../app/new/write.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { runners } from '../../../runners/index.ts';
import { Library } from '../../store/inputs/library.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { commandProject } from '../shared/project.ts';

/** The project's library, and what writes files into the project and says what is to be done next. */
async function place(): Promise<{
  library: Library;
  write(path: string, text: string, next: string): Promise<number>;
}> {
  const project = await commandProject();
  return {
    library: new Library(project),
    async write(path, text, next) {
      const [written] = await writeNewFiles(project.root, new Map([[path, text]]));
      process.stdout.write(
        `${written === undefined ? 'there already, as it should be:' : 'wrote'} ${path}\nNext: ${next}\n`,
      );
      return exit.held;
    },
  };
}

/** The prompt that is named, or the only one. Throws `UsageError` where that is not clear. */
async function promptOf(library: Library, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const all = [...(await library.prompts()), ...(await library.promptFiles())];
  const [only, other] = all;
  if (only !== undefined && other === undefined) return only;
  throw new UsageError(
    `--prompt: expected the prompt that the scenario is for, found none named, and here are ${all.join(', ') || 'none'}.`,
  );
}

async function newScenario(id: string, options: { prompt?: string; language: string }): Promise<number> {
  const { library, write } = await place();
  const prompt = await promptOf(library, options.prompt);
  const { variables } = await library.prompt(prompt, process.cwd());
  const text = scenarioText({ id, variables, language: options.language, runners });
  const next = `write the values, see them with npx cupel render ${prompt} ${id}, and add ${id} to a suite`;
  return write(`evals/${id}/scenario.yaml`, text, next);
}

async function newContract(scenario: string, { kind }: { kind: 'http' | 'command' }): Promise<number> {
  const { library, write } = await place();
  const { languages, variables } = await library.scenario(scenario);
  const path = `${await library.scenarioFolder(scenario)}/contract.yaml`;
  const asked = { scenario, kind, languages: Object.keys(languages), values: Object.values(variables) };
  return write(path, contractText(asked), `write probes, and look them over with npx cupel contract check ${path}`);
}

async function newCheck(scenario: string, id: string): Promise<number> {
  const { library, write } = await place();
  await library.scenario(scenario);
  const folder = await library.scenarioFolder(scenario);
  const next = `write what it looks for, and ask for it in ${folder}/scenario.yaml:\n\n${checkLines(id)}`;
  return write(`${folder}/${id}.py`, checkProgram, next);
}

async function newReporter(name: string): Promise<number> {
  const { write } = await place();
  return write(`${name}.mjs`, reporterProgram, `npx cupel report --format ./${name}.mjs`);
}

/** `cupel new scenario|contract|check|reporter` */
export function newCommand(program: Command, runAction: RunAction): void {
  const command = program.command('new');
  command
    .command('scenario')
    .description('evals/<id>/scenario.yaml, with a value to write for each variable of the prompt')
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .option('--prompt <prompt>', 'the prompt that it is for (default: the only one)')
    .option('--language <language>', 'the language of its answers', 'python')
    .action((id: string, options: { prompt?: string; language: string }) => runAction(() => newScenario(id, options)));
  command
    .command('contract')
    .description('contract.yaml beside a scenario, with a first probe')
    .argument('<scenario>', 'the id of a scenario')
    .addOption(new Option('--kind <kind>', 'what the program is').choices(['http', 'command']).default('http'))
    .action((id: string, options: { kind: 'http' | 'command' }) => runAction(() => newContract(id, options)));
  command
    .command('check')
    .description('a check of its own beside a scenario, and the lines that ask for it')
    .argument('<scenario>', 'the id of a scenario')
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .action((scenario: string, id: string) => runAction(() => newCheck(scenario, id)));
  command
    .command('reporter')
    .description('a reporter of your own')
    .argument('<name>', 'the name of its file, without the ending')
    .action((name: string) => runAction(() => newReporter(name)));
}
