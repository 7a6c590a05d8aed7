import { expect, test } from 'vitest';
import { configSchema } from '../../src/domain/project/config.ts';
import { foldersThatTell, projectAt } from '../../src/store/inputs/project.ts';

test('what tells how answers are judged is hidden from models wherever a project keeps it', () => {
  expect(foldersThatTell(projectAt('/p'))).toEqual([
    '/p/prompts',
    '/p/evals',
    '/p/evals/suites',
    '/p/evals/recordings',
  ]);
  const config = configSchema.parse({
    prompts: ['ai/*.md', '**/*.prompt'],
    scenarios: 'quality/tasks/{a,b}/scenario.yaml',
    suites: 'nightly.yaml',
    recordings: 'ai/answers',
  });
  expect(foldersThatTell({ root: '/p', configFile: 'cupel.config.json', config })).toEqual([
    '/p/ai',
    '/p/quality/tasks',
    '/p/nightly.yaml',
    '/p/ai/answers',
  ]);
});
