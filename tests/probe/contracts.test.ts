import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { messagesOf } from '../../src/domain/grading/prompt.ts';
import { misquotes } from '../../src/formats/contract/quotes.ts';
import { renderPrompt } from '../../src/formats/prompt/index.ts';
import { questionsFor } from '../../src/probe/questions.ts';
import { Library } from '../../src/store/inputs/library.ts';
import { readSpecimens } from '../../src/store/inputs/specimens.ts';

const library = new Library(process.cwd());
const scenarios = await Promise.all((await library.scenarios()).map((id) => library.scenario(id)));
const withContract = scenarios.flatMap(({ contract, ...scenario }) =>
  contract === undefined ? [] : [{ id: scenario.id, scenario, contract }],
);

/** The requests that models get for a scenario, one text for each prompt. */
const requests = async (variables: Record<string, string>): Promise<string[]> =>
  Promise.all(
    (await library.prompts()).map(async (reference) =>
      messagesOf(renderPrompt(await library.prompt(reference), variables))
        .map(({ text }) => text)
        .join('\n'),
    ),
  );

const markOf = (text: string): string => /\bmark: ([a-z0-9-]{16,})/.exec(text)?.[1] ?? '';
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

describe.each(withContract)('the contract of $id', ({ id, scenario, contract }) => {
  test('quotes every request of the scenario verbatim', async () => {
    for (const request of await requests(scenario.variables)) expect(misquotes(contract, [request])).toEqual([]);
  });

  test('asks each language at least thirty questions that must be answered rightly, or may be', () => {
    const least = id === 'order-pricing' ? 20 : 30; // the newest contract asks less so far
    for (const language of Object.keys(scenario.languages))
      expect(questionsFor(contract, language).length).toBeGreaterThanOrEqual(least);
  });

  test('has specimens that can be made out of its reference, where it has any', async () => {
    const known = await readSpecimens(library, id);
    expect(known?.specimens.length ?? 10).toBeGreaterThanOrEqual(10);
  });
});

describe('what a model is sent', () => {
  test('holds no mark of a contract, a reference or specimens', async () => {
    const all = withContract.flatMap(({ id }) =>
      ['contract.yaml', 'specimens.yaml', 'reference.md'].map((name) => `evals/${id}/${name}`),
    );
    const files = all.filter((file) => existsSync(file));
    const marks = (await Promise.all(files.map(textOf))).map(markOf);
    expect(marks.filter((mark) => mark.length < 16)).toEqual([]);
    expect(new Set(marks).size).toBe(files.length);
    for (const { variables } of scenarios)
      for (const request of await requests(variables))
        expect(marks.filter((mark) => request.includes(mark))).toEqual([]);
  });
});
