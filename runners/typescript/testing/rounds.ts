import type { CheckContext } from '../../../src/ports/runner.ts';
import { withReplaced } from '../../shared/replaced.ts';
import type { TestAttempt, TestCase, TestReport } from '../../shared/testing/report.ts';
import { runsEachTest } from '../../shared/testing/rounds.ts';
import type { Performed, Round, Rounds, Sign } from '../../shared/testing/rounds.ts';
import { sitesOf } from './prepare.ts';
import type { Prepared, Site } from './prepare.ts';

type ChangingRound = Exclude<Round, { kind: 'unchanged' }>;

/**
 * Runs the tests in a workspace with words in the variable that changed files look at; `coverage` is Istanbul's report.
 */
export type Attempt = (
  workspace: string,
  variables: Readonly<Record<string, string>>,
  broken: boolean,
) => Promise<TestAttempt & { coverage: string | null }>;

/** Rounds of Jest and Vitest: one changed copy, and each round is a process of its own with other words. */
export class NodeRounds implements Rounds {
  readonly #context: CheckContext;
  readonly #prepared: Prepared;
  readonly #attempt: Attempt;
  readonly #sites: ReadonlyMap<string, Site>;
  /** Coverage of the first round in which the program did its work for every test; null where there was none. */
  coverage: string | null = null;

  constructor(context: CheckContext, prepared: Prepared, report: TestReport, attempt: Attempt) {
    this.#context = context;
    this.#prepared = prepared;
    this.#attempt = attempt;
    this.#sites = sitesOf(prepared, report.tests);
  }

  locate(tests: readonly TestCase[]): Promise<{ test: TestCase; asserts: boolean }[]> {
    return Promise.resolve(
      tests.flatMap((test) => {
        const site = this.#sites.get(test.name);
        return site === undefined || site.expectsFailure ? [] : [{ test, asserts: site.asserts }];
      }),
    );
  }

  parts(): Promise<string[]> {
    return Promise.resolve(this.#prepared.parts.filter(({ functions }) => functions > 0).map(({ file }) => file));
  }

  async perform(rounds: readonly Round[]): Promise<Performed[]> {
    const performed: Performed[] = [];
    for (const round of rounds) performed.push(await this.#performOne(round));
    return performed;
  }

  async #performOne(round: Round): Promise<Performed> {
    if (round.kind === 'unchanged') {
      const attempt = await this.#attempt(this.#context.workspace, {}, false);
      return { attempt, touches: () => false, mustFail: () => false, signs: [] };
    }
    const { files, variable } = this.#prepared;
    const words = this.#wordsOf(round).join(' ');
    const attempt = await withReplaced(this.#context, new Map(Object.entries(files)), (workspace) =>
      this.#attempt(workspace, { [variable]: words }, round.kind === 'broken'),
    );
    if (runsEachTest(round)) this.coverage ??= attempt.coverage;
    const touched = new Set(this.#chosen(round).map(({ word }) => word));
    const touches = ({ name }: TestCase): boolean => touched.has(this.#sites.get(name)?.word ?? '');
    const broken = round.kind === 'broken' && round.how !== 'raise';
    const report = attempt.report === null || !broken ? attempt.report : this.#byWord(attempt.report);
    const signs = round.kind === 'broken' ? [] : this.#signsIn(attempt.report?.tests ?? []);
    return { attempt: { ...attempt, report }, touches, mustFail: touches, signs };
  }

  #chosen(round: ChangingRound): Site[] {
    const tests = round.kind === 'some-fail' ? round.failing.map(({ test }) => test) : round.tests;
    return tests.flatMap(({ name }) => this.#sites.get(name) ?? []);
  }

  #wordsOf(round: ChangingRound): string[] {
    switch (round.kind) {
      case 'some-fail':
        return round.failing.flatMap(({ test, phase }) => {
          const word = this.#sites.get(test.name)?.word;
          return word === undefined ? [] : [`${word}${phase === 'setup' ? 'a' : 'b'}`];
        });
      case 'all-fail':
        return this.#chosen(round).map(({ word }) => `${word}b`);
      case 'broken':
        return [
          this.#prepared.caught,
          ...this.#prepared.parts
            .filter(({ file }) => round.parts === null || round.parts.includes(file))
            .map(({ words }) => words[round.how]),
        ];
    }
  }

  /**
   * A report in which a test counts as failed only where an assertion said so, and not because something in it went
   * wrong by accident.
   */
  #byWord(report: TestReport): TestReport {
    const byAccident = ({ status, message }: TestCase): boolean =>
      status === 'failed' && message.includes(this.#prepared.accident);
    return {
      ...report,
      tests: report.tests.map((test) => (byAccident(test) ? { ...test, status: 'skipped' as const } : test)),
    };
  }

  /** Assertions that held although they cannot. */
  #signsIn(tests: readonly TestCase[]): Sign[] {
    return tests.flatMap(({ name, message }) => {
      const at = message.indexOf(this.#prepared.sign);
      if (at === -1) return [];
      const matchers =
        message
          .slice(at + this.#prepared.sign.length)
          .split('\n')[0]
          ?.trim() ?? '';
      return [
        { test: name, message: `in ${name}, an assertion holds whatever it is given: ${matchers.slice(0, 200)}` },
      ];
    });
  }
}
