import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unreachableAt } from '../../src/sandbox/identity.ts';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { home } from '../../src/app/services/home.ts';
import { stateFolder } from '../../src/store/state/state.ts';
import { makeProject } from '../../tests/support/loopback/project.ts';
import type { Project } from '../../tests/support/loopback/project.ts';
import { installed, startModel } from './server.ts';
import type { LiveModel } from './server.ts';

const SCENARIO = `id: subject-000
variables:
  subject: a Python function add(a, b) that returns the sum of two numbers, as a file \`add.py\` in a fenced block with its name before it, and a pytest test for it as \`test_add.py\`
languages:
  python:
    runtime: "3.11"
    standards: [ruff]
sections: false
`;

// with the toolchains; the answers there are of other addresses
const { folder: state } = await stateFolder(join(home, '.cupel'), null, unreachableAt);
let model: LiveModel;
let project: Project;

beforeAll(async () => {
  model = await startModel(await installed(state));
  const name = 'promptfoo:openai:chat:smollm2';
  const models = `models:\n  ${name}:\n    maxTokens: 400\n    temperature: 0\n    config: { apiBaseUrl: ${JSON.stringify(model.url)} }\nservices:\n  promptfoo: { concurrency: 1 }\n`;
  project = await makeProject(1, { model: name, models });
  await writeFile(join(project.folder, 'evals', 'subject-000', 'scenario.yaml'), SCENARIO);
});

afterAll(async () => {
  await project?.remove();
  await model?.stop();
});

/** Lots are drawn anew by each run that grades. */
const withoutLots = ({ fingerprints }: Results) => fingerprints.map(({ lots: _lots, ...rest }) => rest);

test('a live model answers, its answer is graded by the real tools, and a second run takes it from the cache', async () => {
  const run = async () => {
    const { stdout, stderr, exitCode } = await project.cupel(
      ['run', '--repeat', '2', '--state', state, '--format', 'json'],
      { OPENAI_API_KEY: 'the-server-wants-none' },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    return { results: resultsSchema.parse(JSON.parse(stdout)), stderr };
  };
  const first = await run();
  expect(model.asked()).toBe(2);
  expect(first.results.grades).toHaveLength(2);
  for (const { verdict, checks } of first.results.grades) {
    expect(['pass', 'fail']).toContain(verdict); // 135 million parameters: whatever it wrote, it was measured
    expect(checks.map(({ id }) => id)).toContain('answer/complete');
  }
  const second = await run();
  expect(second.stderr).toContain('0 answers asked for, 2 known already');
  expect(model.asked()).toBe(2);
  expect(withoutLots(second.results)).toEqual(withoutLots(first.results));
  expect(second.results.grades.map(({ verdict, score }) => [verdict, score])).toEqual(
    first.results.grades.map(({ verdict, score }) => [verdict, score]),
  );
});

test('a model that answers nobody is told as what it is', async () => {
  await rm(join(project.folder, 'reports'), { recursive: true, force: true });
  await writeFile(
    join(project.folder, 'evals', 'models.yaml'),
    'models:\n  promptfoo:openai:chat:smollm2:\n    config: { apiBaseUrl: "http://127.0.0.1:9/v1" }\nservices:\n  promptfoo: { attempts: 2, firstDelaySeconds: 0.1 }\n',
  );
  const { stderr, exitCode } = await project.cupel(['run', '--state', state], {
    OPENAI_API_KEY: 'the-server-wants-none',
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/1 answer could not be had: .*(?:ECONNREFUSED|fetch failed)/);
});
