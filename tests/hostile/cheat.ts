import { expect, test } from 'vitest';
import type { ScenarioLanguage } from '../../src/domain/grading/scenario.ts';
import { goTest } from '../support/go.ts';
import { javaTest } from '../support/java.ts';
import { rowsOf } from '../support/levels.ts';
import type { Files } from '../support/grading/answers.ts';
import { grade } from '../support/grading/grading.ts';
import type { Language } from '../support/grading/projects.ts';

/** What stops cheats, each with what a grade then says. */
export const stops = {
  'the report must be whole': /^crashed: .* left no complete report/,
  'the report counts, not the exit status': /^\d+ of \d+ tests failed/,
  'the exit status counts too': /but the process ended with/,
  'a test must have run': /^no test was collected|^there is no test file/,
  'skipped tests prove nothing': /^all \d+ tests are skipped or deselected/,
  'the counter-run: tests that must fail':
    /passed with a failing assertion in it|do not decide what is reported of them/,
  'the counter-run: tests that fail are reported so':
    /with a failing assertion in it did not fail|^the tests show nothing/,
  'the counter-run: a broken program is noticed': /^the tests show nothing/,
  'the counter-run: a report must be left': /made to fail, they left no complete report/,
  'tests that are left out must be named': /neither ran nor/,
  'the counter-run: tests must be in the answer': /none of the tests that are reported as passed is in the answer/,
  'the counter-run: code that nothing runs': /^the coverage report is forged/,
  'our coverage counts': /ran, the target is/,
  'our configuration decides': /^\d+ errors?\b/,
  'types are checked on their own': /^\d+ errors?\b/,
  'packages come from the registry': /is not installed|outside of the answer|is replaced by a folder/,
  'suites that cannot be run count': /could not be run/,
  'what does not compile fails': /do not compile/,
} as const;

/** Files of an answer that would look better than it is, and what keeps it from that. */
export interface Cheat {
  /** What it tries, as the end of the sentence "An answer with …". */
  name: string;
  /** Beside the tiny program, and with a test of it that fails unless these files replace it. */
  files: Files;
  stoppedBy: keyof typeof stops;
  /** The checks that it aims at. */
  only?: readonly string[];
  asks?: Partial<ScenarioLanguage>;
}

/** `test`, skipped where the language's tools are not installed. */
function testOf(language: Language | 'java'): typeof goTest {
  if (language === 'go') return goTest;
  return language === 'java' ? javaTest : test.skipIf(false);
}

/** Grades each cheat, or one in six for `npm test`: the verdict is `fail`, for the reason that the table names. */
export function stopped(language: Language | 'java', cheats: readonly Cheat[], base: Files): void {
  testOf(language).each(rowsOf(cheats, language, 6).map((cheat) => [cheat.name, cheat.stoppedBy, cheat] as const))(
    `${language}: %s (stopped by: %s)`,
    { timeout: 900_000 },
    async (_name, _stop, cheat) => {
      const asks = { [language]: cheat.asks ?? {} };
      const graded = await grade({
        answer: { ...base, ...cheat.files },
        asks,
        only: cheat.only ?? ['tests'],
        checks: { required: ['lint'], optional: [], weights: {} },
        limits: { cpuSeconds: 60, wallSeconds: 120 },
      });
      expect(graded.verdict).toBe('fail');
      expect(graded.checks.filter(({ status }) => status === 'failed').map(({ reason }) => reason)).toContainEqual(
        expect.stringMatching(stops[cheat.stoppedBy]),
      );
    },
  );
}
