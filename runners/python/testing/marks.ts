import { linesOf } from '../../shared/report.ts';
import type { Sign } from '../../shared/testing/rounds.ts';
import type { TestCase, TestReport } from '../../shared/testing/report.ts';
import type { PreparedRound } from './prepare.ts';

/** How often each word was said during each test; the name is empty where none was known. */
type Said = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Reads the words that the changed files say: one a line, with the test that was running and its phase. */
function wordsOf(text: string | null): Said {
  const markedLines = new Map<string, Map<string, number>>();
  for (const line of linesOf(text ?? '')) {
    const space = line.indexOf(' ');
    const [word, rest] = space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
    const test = rest.replace(/ \((?:setup|call|teardown)\)$/, '');
    const byTest = markedLines.get(word) ?? new Map<string, number>();
    byTest.set(test, (byTest.get(test) ?? 0) + 1);
    markedLines.set(word, byTest);
  }
  return markedLines;
}

const total = (counts: ReadonlyMap<string, number> | undefined): number =>
  [...(counts?.values() ?? [])].reduce((sum, count) => sum + count, 0);

/** Tests that began, did not end, and are reported as passed all the same. */
function unendedTests(said: Said, { watched }: PreparedRound, passing: readonly TestCase[]): Sign[] {
  return passing.flatMap(({ name }): Sign[] => {
    const test = watched.find(({ names }) => names.includes(name));
    if (test === undefined) return [];
    const [begun, ended] = [said.get(test.begin), said.get(test.end)];
    // Where a test hides its own name from us, nobody can tell which of its runs has ended.
    if ((begun?.get(name) ?? 0) === 0 || (ended?.get(name) ?? 0) > 0 || (ended?.get('') ?? 0) > 0) return [];
    return [{ test: name, message: `${name} is reported as passed, and did not run to its end` }];
  });
}

/** Fixtures that began and did not end, though no test is reported as failed or skipped for that. */
function unendedFixtures(said: Said, { watched, phases }: PreparedRound, report: TestReport): Sign[] {
  if (report.tests.some(({ name, status }) => status !== 'passed' && !phases.has(name))) return [];
  return watched
    .filter(({ names, begin, end }) => names.length === 0 && total(said.get(begin)) > total(said.get(end)))
    .map(({ what }) => ({
      test: null,
      message: `${what} did not run to its end, and no test is reported as failed for that`,
    }));
}

/** What the changed files of a round said: signs of a forgery. */
export function signsOf(prepared: PreparedRound, report: TestReport, text: string | null): Sign[] {
  const said = wordsOf(text);
  const passing = report.tests.filter(({ name, status }) => status === 'passed' && !prepared.phases.has(name));
  const silent = [...prepared.silent]
    .filter(([word]) => said.has(word))
    .map(([, way]) => ({ test: null, message: `${way} does not fail, although it cannot hold` }));
  return [...silent, ...unendedTests(said, prepared, passing), ...unendedFixtures(said, prepared, report)];
}

/** Lines of blocks that were not entered, by path relative to the project's root. */
export function unenteredLines({ blocks }: PreparedRound, text: string | null): Map<string, Set<number>> {
  const said = wordsOf(text);
  const words = new Set(
    [...said].flatMap(([word, byNumber]) => [...byNumber.keys()].map((number) => `${word} ${number}`)),
  );
  return new Map(
    [...blocks].map(([path, byWord]) => {
      const entered = new Set([...byWord].filter(([word]) => words.has(word)).flatMap(([, lines]) => lines));
      const all = [...byWord.values()].flat();
      return [path, new Set(all.filter((line) => !entered.has(line)))];
    }),
  );
}
