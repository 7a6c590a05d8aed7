import type { TestCase, TestReport, TestStatus } from './report.ts';
import type { Located } from './rounds.ts';

const withoutParameters = (name: string): string => name.replace(/\[.*$/s, '');

/**
 * Looks up tests of the first report in that of a round. Parameters that are made up anew in each run give a test
 * another name.
 */
export function statusesIn(report: Pick<TestReport, 'tests'>): (test: TestCase) => TestStatus | 'absent' {
  const statuses = new Map(report.tests.map(({ name, status }) => [name, status]));
  const failing = new Set(
    report.tests.filter(({ status }) => status === 'failed').map(({ name }) => withoutParameters(name)),
  );
  return ({ name }) => statuses.get(name) ?? (failing.has(withoutParameters(name)) ? 'failed' : 'absent');
}

/** The account that is kept of each test that passed: what it was seen to do in the rounds. */
export class Ledger {
  readonly located: readonly Located[];
  /** Names of the tests that were made to fail and did. */
  readonly #failed = new Set<string>();
  /**
   * Names of the tests that failed in a round with a broken program. That proves little: code of the answer that hides
   * failures is broken then, too.
   */
  readonly #moved = new Set<string>();
  /** Names of the tests that failed because the program was broken. */
  readonly #noticed = new Set<string>();
  /** Names of the tests that cannot be tried, because a change of the sources alone makes them fail. */
  readonly #untried = new Set<string>();

  constructor(located: readonly Located[]) {
    this.located = located;
  }

  #failedIn(report: Pick<TestReport, 'tests'>): string[] {
    const statusOf = statusesIn(report);
    return this.located.map(({ test }) => test).flatMap((test) => (statusOf(test) === 'failed' ? [test.name] : []));
  }

  /** Notes which tests failed in a round in which they were made to. */
  note(report: Pick<TestReport, 'tests'>): void {
    for (const name of this.#failedIn(report)) this.#failed.add(name);
  }

  /** Notes which tests failed with a broken program; `noticed` where they say something about what it returns. */
  noteBroken(report: Pick<TestReport, 'tests'>, noticed: boolean): void {
    for (const name of this.#failedIn(report)) {
      this.#moved.add(name);
      if (noticed) this.#noticed.add(name);
    }
  }

  /** Whether a broken program made a test fail, in whatever way. */
  isMoved({ name }: Pick<TestCase, 'name'>): boolean {
    return this.#moved.has(name);
  }

  /** Notes tests that fail as soon as their source is changed, whatever the change is. */
  noteUntried(tests: readonly TestCase[]): void {
    for (const { name } of tests) this.#untried.add(name);
  }

  #tried(): readonly Located[] {
    return this.located.filter(({ test }) => !this.#untried.has(test.name));
  }

  /** Tests that were not yet made to fail. */
  unproven(): TestCase[] {
    return this.#tried()
      .map(({ test }) => test)
      .filter(({ name }) => !this.#failed.has(name));
  }

  /** Tests that no broken program has made fail so far. */
  unmoved(): TestCase[] {
    return this.#tried()
      .map(({ test }) => test)
      .filter(({ name }) => !this.#noticed.has(name));
  }

  /** How many tests a broken program has made fail. */
  get noticing(): number {
    return this.#noticed.size;
  }

  /** Names of the tests that were found in the sources and seen to fail. */
  accounted(): string[] {
    return this.#tried()
      .map(({ test }) => test.name)
      .filter((name) => this.#failed.has(name) || this.#moved.has(name));
  }
}
