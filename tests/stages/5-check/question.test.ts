import { describe, expect, test } from 'vitest';
import { runners } from '../../../runners/index.ts';
import type { Extraction } from '../../../src/domain/grading/extraction.ts';
import { projectsOf } from '../../../src/stages/4-projects/projects.ts';
import { questionWithoutScenario } from '../../../src/stages/5-check/question.ts';

/**
 * What is asked of an answer with some files, and with an unnamed block in some language, when there is no scenario.
 */
function asked(paths: readonly string[], unnamed: string | null = null): ReturnType<typeof questionWithoutScenario> {
  const files = paths.map((path) => ({ path, text: '', line: 1, lines: [], namedBy: 'code-span' as const }));
  const block = {
    line: 1,
    endLine: 2,
    language: unnamed,
    role: 'unnamed' as const,
    why: '',
    path: null,
    namedBy: null,
    nameLine: null,
  };
  const extraction: Extraction = { files, blocks: unnamed === null ? [] : [block], flags: [] };
  return questionWithoutScenario(extraction, projectsOf(files, runners), runners);
}

describe('without a scenario', () => {
  test.each<[string, string[], string | null, string[]]>([
    [
      'every language is asked about that has a manifest',
      ['go.mod', 'main.go', 'web/package.json', 'web/app.ts'],
      null,
      ['typescript', 'go'],
    ],
    ['or tests', ['go.mod', 'main.go', 'web/app.js', 'web/app.test.js'], null, ['javascript', 'go']],
    ['or a block that lacks a name', ['go.mod', 'main.go', 'app.py'], 'python', ['python', 'go']],
    [
      'a script beside a project of another language is a part of that',
      ['go.mod', 'main.go', 'static/app.js'],
      null,
      ['go'],
    ],
    ['where nothing has a manifest, no language is more than another', ['main.go', 'app.py'], null, ['python', 'go']],
  ])('%s', (_what, paths, unnamed, languages) => {
    expect(Object.keys(asked(paths, unnamed).asked.languages)).toEqual(languages);
  });

  test('what is left out is said', () => {
    expect(asked(['go.mod', 'main.go', 'static/app.js']).assumptions).toEqual([
      expect.stringContaining('go 1.24, judged by'),
      'no tests and no coverage are asked for: tests that are there must pass',
      'javascript is not judged: the answer has files of it, but no manifest and no tests, and those of another language have one',
    ]);
  });
});
