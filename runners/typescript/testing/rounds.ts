import type { CheckContext } from '../../../src/ports/runner.ts';
import { withReplaced } from '../../shared/replaced.ts';
import type { TestAttempt, TestCase, TestReport } from '../../shared/testing/report.ts';
import { isGreen } from '../../shared/testing/rounds.ts';
import type { Performed, Round, Rounds, Sign } from '../../shared/testing/rounds.ts';
import type { StartOptions } from '../frameworks/framework.ts';
import { sitesOf } from './prepare.ts';
import type { Prepared, Site } from './prepare.ts';

type ChangingRound = Exclude<Round, { kind: 'unchanged' }>;

/** How the tests are started once. */
export interface AttemptOptions extends StartOptions {
  /** Host folder to start from. */
  workspace: string;
  /** Set in the environment beside what the script sets: words at which changed files look. */
  variables: Readonly<Record<string, string>>;
}

/** Starts the tests; `coverage` is Istanbul's report. */
export type Attempt = (options: AttemptOptions, broken: boolean) => Promise<TestAttempt & { coverage: string | null }>;

/** Rounds of Jest and Vitest: one changed copy, and each round is a process of its own with other words. */
export class NodeRounds implements Rounds {
  readonly #context: CheckContext;
  readonly #prepared: Prepared;
  readonly #attempt: Attempt;
  readonly #sites: ReadonlyMap<string, Site>;
  /** The run in which all passed. */
  readonly #green: TestReport;
  /** Whether files are compiled without their types: as long as that changes nothing. */
  #apart: boolean;
  /** Coverage of the first round in which all tests passed; null where there was none. */
  coverage: string | null = null;

  /** @param apart whether the framework compiles files itself, so that it may do so without their types */
  constructor(context: CheckContext, prepared: Prepared, report: TestReport, attempt: Attempt, apart: boolean) {
    this.#context = context;
    this.#prepared = prepared;
    this.#attempt = attempt;
    this.#sites = sitesOf(prepared, report.tests);
    this.#green = report;
    this.#apart = apart;
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
      const options = { workspace: this.#context.workspace, variables: {}, files: null, measured: false, apart: false };
      const attempt = await this.#attempt(options, false);
      return { attempt, touches: () => false, mustFail: () => false, signs: [] };
    }
    const files = this.#filesOf(round);
    const attempt = await this.#attemptChanged(round, files);
    if (isGreen(round)) this.coverage ??= attempt.coverage;
    const touched = new Set(this.#chosen(round).map(({ word }) => word));
    const touches = ({ name }: TestCase): boolean => touched.has(this.#sites.get(name)?.word ?? '');
    const broken = round.kind === 'broken' && round.how !== 'raise';
    const report = attempt.report === null || !broken ? attempt.report : this.#byWord(attempt.report);
    const signs = round.kind === 'broken' ? [] : this.#signsIn(attempt.report?.tests ?? []);
    return { attempt: { ...attempt, report }, touches, mustFail: touches, signs };
  }

  async #attemptChanged(
    round: ChangingRound,
    files: readonly string[] | null,
  ): Promise<TestAttempt & { coverage: string | null }> {
    const { files: changed, apart, variable } = this.#prepared;
    const words = this.#wordsOf(round).join(' ');
    // One measured run of the changed copy is enough to tell a forged report, and only a target makes it count.
    const measured = isGreen(round) && this.#context.asked.coverage !== null && this.coverage === null;
    const replaced = new Map(Object.entries({ ...changed, ...(this.#apart ? apart : {}) }));
    const options = { variables: { [variable]: words }, files, measured, apart: this.#apart };
    const attempt = await withReplaced(this.#context, replaced, (workspace) =>
      this.#attempt({ ...options, workspace }, round.kind === 'broken'),
    );
    if (!this.#apart || round.kind === 'broken' || !this.#isDisturbed(round, attempt.report)) return attempt;
    this.#apart = false;
    return this.#attemptChanged(round, files);
  }

  /** Whether more went wrong than was made to: it may be that files need their types to be compiled. */
  #isDisturbed(round: ChangingRound, report: TestReport | null): boolean {
    if (report === null || report.problems.length > 0) return true;
    const chosen = new Set(this.#chosen(round));
    const passing = new Set(this.#green.tests.filter(({ status }) => status === 'passed').map(({ name }) => name));
    return report.tests.some(({ name, status }) => {
      const site = this.#sites.get(name);
      return status === 'failed' && passing.has(name) && (site === undefined || !chosen.has(site));
    });
  }

  #chosen(round: ChangingRound): Site[] {
    const tests = round.kind === 'some-fail' ? round.failing.map(({ test }) => test) : round.tests;
    return tests.flatMap(({ name }) => this.#sites.get(name) ?? []);
  }

  /** The files of the tests that are of interest in a round, where these are not all files with tests. */
  #filesOf(round: ChangingRound): string[] | null {
    if (round.kind === 'some-fail') return null;
    const files = new Set(this.#chosen(round).map(({ file }) => file));
    const all = new Set([...this.#sites.values()].map(({ file }) => file));
    return files.size > 0 && files.size < all.size ? [...files] : null;
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
          `${this.#prepared.caught}${round.waitMs}`,
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
