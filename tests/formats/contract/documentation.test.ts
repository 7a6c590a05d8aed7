import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { contractSchema } from '../../../src/domain/grading/contract/contract.ts';
import { specimenText, specimensSchema } from '../../../src/domain/specimens/specimen.ts';
import { stepSchemas } from '../../../src/domain/grading/contract/steps.ts';
import { templateFunctions } from '../../../src/formats/contract/functions.ts';
import { parseContract } from '../../../src/formats/contract/parse.ts';
import { misquotes } from '../../../src/formats/contract/quotes.ts';
import { questionsFor } from '../../../src/probe/questions.ts';
import { sample } from './sample.ts';

const page = await readFile('docs/reference/contracts.md', 'utf8');
const published: unknown = JSON.parse(await readFile('docs/contract.schema.json', 'utf8'));
const example = [...page.matchAll(/```yaml\n([^]*?)```/g)]
  .map(([, text = '']) => text)
  .find((text) => text.startsWith('contract:'));

it('the schema for editors is the one that contracts are read with', () => {
  const made = z.toJSONSchema(contractSchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' });
  expect(published).toEqual(JSON.parse(JSON.stringify(made)));
});

it('the example of the reference is a contract, for us and for editors', () => {
  const valid = new Ajv2020({ strict: false }).compile(z.looseObject({}).parse(published));
  expect(parseContract(example ?? '', 'example').probes).toHaveLength(1);
  expect([valid(parse(example ?? '')), valid.errors]).toEqual([true, null]);
  expect([valid(parse(sample)), valid.errors]).toEqual([true, null]);
});

it('every step and every function is in the reference', () => {
  for (const step of Object.keys(stepSchemas)) expect(page).toMatch(new RegExp(`\`${step}\\b`));
  for (const { usage } of Object.values(templateFunctions)) expect(page).toContain(`\`${usage.replace(/\(.*/, '')}(`);
});

it('the guide builds a contract whose quotes stand in the scenario of the guide before it', async () => {
  const [guide, scenarioGuide] = await Promise.all(
    ['write-a-contract', 'write-a-scenario'].map((name) => readFile(`docs/guides/${name}.md`, 'utf8')),
  );
  const firstYaml = (text = ''): string => /```yaml\n([^]*?)```/.exec(text)?.[1] ?? '';
  const contract = parseContract(firstYaml(guide), 'guide');
  expect(questionsFor(contract, 'python').map(({ id }) => id)).toContain('counts.lines');
  expect(misquotes(contract, [JSON.stringify(parse(firstYaml(scenarioGuide)))])).toEqual([]);
});

it('the specimens of the guide are changes of the reference of the guide', async () => {
  const guide = await readFile('docs/guides/write-a-contract.md', 'utf8');
  const reference = /^`````markdown\n([^]*?)^`````$/m.exec(guide)?.[1] ?? '';
  const yaml = [...guide.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  const { specimens } = specimensSchema.parse(parse(yaml.find((text) => text.startsWith('mark:')) ?? ''));
  expect(specimens.map((specimen) => specimenText(reference, specimen) === reference)).toEqual([false, false]);
});
