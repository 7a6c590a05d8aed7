import { describe, expect, test } from 'vitest';
import { failed, notApplicable, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { defaultLimits } from '../../../src/domain/grading/limits.ts';
import type { AnswerCheck } from '../../../src/ports/checks.ts';
import type { Check, Runner } from '../../../src/ports/runner.ts';
import { extract } from '../../../src/stages/3-extract/extract.ts';
import { checkAnswer } from '../../../src/stages/5-check/check.ts';
import type { AnswerEffects } from '../../../src/stages/5-check/effects.ts';
import { Lanes } from '../../../src/stages/5-check/lanes.ts';
import { answerWith } from '../../support/answer.ts';

const check = (name: string, more: Partial<Check> = {}): Check => ({
  name,
  question: '',
  weight: 1,
  required: true,
  needs: [],
  cost: 1,
  reads: () => true,
  run: () => Promise.resolve(passed()),
  ...more,
});

const runner = (language: string, extension: string, checks: Check[]): Runner => ({
  language,
  extensions: [extension],
  manifests: [],
  subordinate: () => false,
  runtime: '1',
  defaultStandards: [],
  fences: [],
  isTest: () => false,
  owns: () => false,
  folders: [],
  prepare: () => Promise.resolve({}),
  fingerprint: () => Promise.resolve(''),
  checks,
  control: {},
});

/** Grades an answer with one file each of two languages, with checks that start no program. */
async function results(
  runners: Runner[],
  answer: AnswerCheck[],
  everyLanguage: Check[],
  more: Partial<AnswerEffects['grading']> = {},
  texts: Record<string, string> = {},
) {
  const ended: string[] = [];
  const effects: AnswerEffects = {
    grading: {
      kit: {
        sandbox: {
          run: () => Promise.reject(new Error('no program')),
          serve: () => Promise.reject(new Error('no program')),
          probe: () => Promise.reject(new Error('none')),
        },
        layers: { get: () => Promise.reject(new Error('none')), ownFolder: () => Promise.reject(new Error('none')) },
      },
      runners,
      sharedChecks: { answer, everyLanguage },
      lanes: new Lanes(2),
      cache: { get: () => Promise.resolve(null), put: () => Promise.resolve() },
      layOut: () => Promise.resolve({ folder: '/nowhere', remove: () => {} }),
      hash: (value) => JSON.stringify(value),
      graderKey: 'g',
      tools: () => Promise.resolve({}),
      trouble: () => Promise.resolve(null),
      ...more,
    },
    draw: () => '',
    resolutions: { get: () => null, keep: () => {} },
    history: { expected: () => null, learn: () => {} },
    listener: {
      extracted: () => Promise.resolve(),
      checkStarted: () => {},
      checkEnded: ({ id }) => void ended.push(id),
    },
  };
  const text = 'x\n';
  const file = (path: string) => ({
    path,
    text: texts[path] ?? 'x',
    line: 1,
    lines: [1],
    namedBy: 'heading' as const,
  });
  const projects = runners.map(({ language, extensions }) => ({
    language,
    root: '.',
    files: [file(`a${extensions[0] ?? ''}`)],
  }));
  const checks = await checkAnswer(
    {
      answer: answerWith(text),
      extraction: { ...extract(text), files: projects.flatMap(({ files }) => files) },
      projects,
    },
    {
      languages: Object.fromEntries(
        runners.map(({ language }) => [language, { runtime: '1', standards: [], coverage: null, configuration: {} }]),
      ),
      dependencies: { allow: 'any', violation: 'fail', builds: 'offline' },
      limits: defaultLimits,
      sections: [],
    },
    effects,
  );
  return { checks: checks.map(({ id, status, reason }) => [id, status, reason]), ended };
}

describe('checks that belong to no single language', () => {
  const one = runner('one', '.1', [check('build')]);
  const two = runner('two', '.2', [check('build', { run: () => Promise.resolve(failed({ reason: 'broken' })) })]);

  test('are asked of every project, and blocked by what they need of its language', async () => {
    const { checks } = await results([one, two], [], [check('starts', { needs: ['build'] })]);
    expect(checks).toEqual([
      ['one/build', 'passed', null],
      ['one/starts', 'passed', null],
      ['two/build', 'failed', 'broken'],
      ['two/starts', 'blocked', 'two/build did not pass'],
    ]);
  });

  test('say themselves where nobody asks for them', async () => {
    const starts = check('starts', { notAsked: ({ asked }) => (asked.coverage === null ? 'no contract' : null) });
    expect((await results([one], [], [starts])).checks).toContainEqual(['one/starts', 'not_applicable', 'no contract']);
  });

  test('of the whole answer stand first in the result, and see the outcomes of all projects where they wait for them', async () => {
    const consistency: AnswerCheck = {
      name: 'consistency',
      question: '',
      weight: 1,
      required: true,
      afterProjects: true,
      run: ({ results: outcomes }) =>
        failed({ reason: outcomes.map(({ id, status }) => `${id} ${status}`).join(', ') }),
    };
    const early: AnswerCheck = {
      ...consistency,
      name: 'early',
      afterProjects: false,
      run: ({ results: outcomes }) => notApplicable(`${outcomes.length} outcomes`),
    };
    const { checks, ended } = await results([one, two], [consistency, early], []);
    expect(checks.slice(0, 2)).toEqual([
      ['answer/early', 'not_applicable', '0 outcomes'],
      ['answer/consistency', 'failed', 'one/build passed, two/build failed'],
    ]);
    expect([ended[0], ended.at(-1)]).toEqual(['answer/early', 'answer/consistency']);
  });

  test('that throw are our failure', async () => {
    const broken: AnswerCheck = {
      name: 'broken',
      question: '',
      weight: 1,
      required: true,
      run: () => {
        throw new Error('we are broken');
      },
    };
    expect((await results([one], [broken], [])).checks[0]).toEqual(['answer/broken', 'errored', 'we are broken']);
  });

  test('run again when a file of another language changes, but not where the languages are apart', async () => {
    const ran: string[] = [];
    const counting = (language: string): Check =>
      check('build', { run: () => Promise.resolve(passed({ facts: { n: ran.push(language) } })) });
    const both = [runner('one', '.1', [counting('one')]), runner('two', '.2', [counting('two')])];
    const ranFor = async (languagesApart: boolean): Promise<string[]> => {
      const kept = new Map<string, Outcome>();
      const cache = {
        get: (key: string) => Promise.resolve(kept.get(key) ?? null),
        put: (key: string, outcome: Outcome) => Promise.resolve(void kept.set(key, outcome)),
      };
      await results(both, [], [], { cache, languagesApart });
      ran.length = 0;
      await results(both, [], [], { cache, languagesApart }, { 'a.2': 'y' });
      return ran.toSorted();
    };
    expect(await ranFor(false)).toEqual(['one', 'two']);
    expect(await ranFor(true)).toEqual(['two']);
  });
});
