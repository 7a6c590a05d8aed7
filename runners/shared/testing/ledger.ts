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
  /** Names of the tests that were seen to fail, for whatever reason. */
  readonly #failed = new Set<string>();
  /** Names of the tests that failed because the program was broken. */
  readonly #noticed = new Set<string>();
  /** Names of the tests that cannot be tried, because a change of the sources alone makes them fail. */
  readonly #untried = new Set<string>();

  constructor(located: readonly Located[]) {
    this.located = located;
  }

  /** Notes which tests failed in a round, and whether a broken program made them. */
  note(report: Pick<TestReport, 'tests'>, broken: boolean): void {
    const statusOf = statusesIn(report);
    for (const { test } of this.located) {
      if (statusOf(test) !== 'failed') continue;
      this.#failed.add(test.name);
      if (broken) this.#noticed.add(test.name);
    }
  }

  /** Notes tests that fail as soon as their source is changed, whatever the change is. */
  noteUntried(tests: readonly TestCase[]): void {
    for (const { name } of tests) this.#untried.add(name);
  }

  #tried(): readonly Located[] {
    return this.located.filter(({ test }) => !this.#untried.has(test.name));
  }

  /** Tests that are not yet seen to fail. */
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
      .filter((name) => this.#failed.has(name));
  }
}
