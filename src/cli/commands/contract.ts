import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { contractSchema } from '../../domain/grading/contract/contract.ts';
import { messagesOf } from '../../domain/grading/prompt.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { parseContract } from '../../formats/contract/parse.ts';
import { misquotes } from '../../formats/contract/quotes.ts';
import { renderPrompt } from '../../formats/prompt/index.ts';
import { Library } from '../../store/inputs/library.ts';
import { findProject } from '../../store/inputs/project.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { printJson } from '../shared/print.ts';

/** Quotes that are missing from the request of a prompt, one line each. */
async function missingQuotes(path: string, text: string): Promise<string[]> {
  const project = await findProject(dirname(path));
  if (project === null) return [];
  const library = new Library(project);
  const id = basename(dirname(path));
  if (!(await library.scenarios()).includes(id)) return [];
  const contract = parseContract(text, path);
  const { variables } = await library.scenario(id);
  const lines = (await library.prompts()).map(async (reference) => {
    const prompt = await library.prompt(reference);
    // A prompt with other variables is sent in other scenarios.
    if (Object.keys(variables).toSorted().join() !== prompt.variables.toSorted().join()) return [];
    const messages = messagesOf(renderPrompt(prompt, variables)).map((turn) => turn.text);
    return misquotes(contract, messages).map(
      ({ who, quote }) => `${who}: expected a quote from the request of ${reference}, found "${quote}"`,
    );
  });
  return (await Promise.all(lines)).flat();
}

async function check(file: string): Promise<number> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`expected a contract, such as evals/<scenario>/contract.yaml, found no file ${file}.`);
  });
  const contract = parseContract(text, file);
  const missing = await missingQuotes(path, text);
  if (missing.length > 0) throw new UsageError(missing.map((line) => `${file}: ${line}`).join('\n'));
  const count = contract.probes.reduce((sum, { cases }) => sum + (cases?.length ?? 1), 0);
  process.stdout.write(`${file}: a contract of kind ${contract.kind} with ${count} probes\n`);
  return exit.held;
}

/** `cupel contract check <file>`, `cupel contract schema` */
export function contractCommand(program: Command, runAction: RunAction): void {
  const command = program.command('contract');
  command
    .command('check')
    .description('say what is wrong with a contract, and whether its quotes stand in the request')
    .argument('<file>', 'evals/<scenario>/contract.yaml')
    .action((file: string) => runAction(() => check(file)));
  command
    .command('schema')
    .description('print the JSON Schema of contracts, for editors: docs/contract.schema.json')
    .action(() =>
      runAction(() => {
        printJson(z.toJSONSchema(contractSchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' }));
        return Promise.resolve(exit.held);
      }),
    );
}
