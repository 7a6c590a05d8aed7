import type { CheckContext } from '../../../src/ports/runner.ts';
import { isGreen } from '../../shared/testing/rounds.ts';
import type { Performed, Round, Rounds } from '../../shared/testing/rounds.ts';
import type { TestCase, TestReport } from '../../shared/testing/report.ts';
import type { Environment } from '../environment.ts';
import { attemptTests } from './attempt.ts';
import type { JavaAttempted } from './attempt.ts';
import { changedTests } from './changed.ts';
import type { ChangedTests } from './changed.ts';
import type { Prepared, PreparedTest } from './prepare.ts';

type ChangingRound = Exclude<Round, { kind: 'unchanged' }>;

/** What the rounds of a project share with its first run. */
export interface RoundsOf {
  context: CheckContext;
  environment: Environment;
  /** Host folder with the classes as the answer wrote them. */
  classes: string;
  found: Prepared;
  /** Names under which the tests of the first run are declared, by the names that they are reported under. */
  declared: ReadonlyMap<string, string>;
}

/** A Spring context takes some seconds to start, in which no test says anything. */
const STARTING_MS = 20_000;

/** The changed copy that all rounds share: compiled once, and each round is a process of its own. */
export class JavaRounds implements Rounds {
  readonly #of: RoundsOf;
  #changed: Promise<ChangedTests> | null = null;
  /** What JaCoCo measured in the first round in which all tests passed; null where there was none. */
  coverage: string | null = null;

  constructor(of: RoundsOf) {
    this.#of = of;
  }

  /** Lines that nothing runs, by path relative to the project's root; null where there was no round. */
  async neverLines(): Promise<ReadonlyMap<string, number> | null> {
    const changed = await this.#changed;
    if (changed === null) return null;
    const parts = changed.prepared.parts.filter(({ neverLine }) => neverLine > 0);
    return new Map(parts.map(({ file, neverLine }) => [file, neverLine]));
  }

  async close(): Promise<void> {
    await (await this.#changed?.catch(() => null))?.close();
  }

  #find(name: string, prepared: Prepared): PreparedTest | undefined {
    const declared = this.#of.declared.get(name);
    return declared === undefined ? undefined : prepared.tests.find((test) => test.name === declared);
  }

  locate(tests: readonly TestCase[]): Promise<{ test: TestCase; asserts: boolean }[]> {
    return Promise.resolve(
      tests.flatMap((test) => {
        const prepared = this.#find(test.name, this.#of.found);
        return prepared === undefined ? [] : [{ test, asserts: prepared.asserts }];
      }),
    );
  }

  parts(): Promise<string[]> {
    return Promise.resolve(this.#of.found.parts.filter(({ breakable }) => breakable > 0).map(({ file }) => file));
  }

  async perform(rounds: readonly Round[]): Promise<Performed[]> {
    const performed: Performed[] = [];
    for (const round of rounds) performed.push(await this.#performOne(round));
    return performed;
  }

  #share(): Promise<ChangedTests> {
    const { context, environment } = this.#of;
    this.#changed ??= changedTests(context, environment, context.draw('java-rounds')).then((changed) => {
      if (changed === null) throw new Error('the tests do not compile any more when they are made to fail');
      return changed;
    });
    return this.#changed;
  }

  async #performOne(round: Round): Promise<Performed> {
    const { context, environment, classes, found } = this.#of;
    if (round.kind === 'unchanged') {
      const words = [round.seed.slice(0, 12)];
      const wanted = { workspace: context.workspace, classes, found, words, measures: false };
      const attempt = await attemptTests(context, environment, wanted);
      return { attempt, touches: () => false, mustFail: () => false, signs: [] };
    }
    const { workspace, classes: changed, prepared } = await this.#share();
    const measures = isGreen(round);
    const words = this.#wordsOf(round, prepared);
    const quiet = round.kind === 'broken' ? { quietMs: STARTING_MS + round.waitMs } : {};
    const wanted = { workspace, classes: changed, found: prepared, words, measures, ...quiet };
    const attempt = await attemptTests(context, environment, wanted);
    if (measures) this.coverage ??= attempt.coverage;
    const isByWord = round.kind === 'broken' && round.how !== 'raise';
    const touched = this.#touched(round, prepared);
    return {
      attempt: isByWord ? byWord(attempt) : attempt,
      touches: ({ name }) => touched.has(name),
      mustFail: ({ name }) => touched.get(name) === true,
      signs: [],
    };
  }

  #wordsOf(round: ChangingRound, prepared: Prepared): string[] {
    switch (round.kind) {
      case 'some-fail':
        return round.failing.flatMap(({ test }) => this.#find(test.name, prepared)?.word ?? []);
      case 'all-fail':
        return [prepared.all];
      case 'broken':
        return prepared.parts
          .filter(({ file }) => round.parts === null || round.parts.includes(file))
          .map(({ words }) => words[round.how]);
    }
  }

  /** Names of the tests that a round changes, and whether nothing can keep them from failing. */
  #touched(round: ChangingRound, prepared: Prepared): ReadonlyMap<string, boolean> {
    if (round.kind === 'broken') return new Map();
    const words = round.kind === 'all-fail' ? null : new Set(this.#wordsOf(round, prepared));
    const touched = new Map<string, boolean>();
    for (const name of this.#of.declared.keys()) {
      const test = this.#find(name, prepared);
      // A word changes all tests of one name: the parts of a parameterized one, and those that share its method.
      if (test?.changed === true && (words === null || words.has(test.word))) touched.set(name, test.decides);
    }
    return touched;
  }
}

/** A test of a broken program counts as failed only where it asserts something, and not for an accident in it. */
function byWord(attempt: JavaAttempted): JavaAttempted {
  const byAccident = new Set(
    attempt.cases.filter(({ status, asserted }) => status === 'failed' && !asserted).map(({ name }) => name),
  );
  const told = (tests: readonly TestCase[]): TestCase[] =>
    tests.map((test) => (byAccident.has(test.name) ? { ...test, status: 'skipped' as const } : test));
  const report: TestReport | null =
    attempt.report === null ? null : { ...attempt.report, tests: told(attempt.report.tests) };
  const interrupted =
    attempt.interrupted === null || attempt.interrupted === undefined
      ? null
      : { ...attempt.interrupted, tests: told(attempt.interrupted.tests) };
  return { ...attempt, report, interrupted };
}
