import type { CheckContext } from '../../../src/ports/runner.ts';
import { answerPath } from '../../shared/job.ts';
import { isGreen } from '../../shared/testing/rounds.ts';
import type { Performed, Round, Rounds } from '../../shared/testing/rounds.ts';
import type { TestCase, TestReport } from '../../shared/testing/report.ts';
import type { Environment } from '../environment.ts';
import { attemptTests } from './attempt.ts';
import { changedTests } from './changed.ts';
import type { ChangedTests } from './changed.ts';
import type { CompiledTests } from './compile.ts';
import type { Prepared, PreparedTest } from './prepare.ts';

type ChangingRound = Exclude<Round, { kind: 'unchanged' }>;

/** What the rounds of a project share with its first run. */
export interface RoundsOf {
  context: CheckContext;
  environment: Environment;
  tests: CompiledTests;
  found: Prepared;
}

/** The changed copy that all rounds share: compiled once, and each round is a process of its own. */
export class GoRounds implements Rounds {
  readonly #of: RoundsOf;
  #changed: Promise<ChangedTests> | null = null;
  /** Coverage profiles of the first round in which all tests passed; null where there was none. */
  profiles: string[] | null = null;

  constructor(of: RoundsOf) {
    this.#of = of;
  }

  /**
   * Lines that nothing runs in the changed copy, by path relative to the project's root; null where there was no round.
   */
  async neverLines(): Promise<ReadonlyMap<string, number> | null> {
    const changed = await this.#changed;
    return changed === null ? null : new Map(changed.prepared.parts.map(({ file, neverLine }) => [file, neverLine]));
  }

  async close(): Promise<void> {
    await (await this.#changed?.catch(() => null))?.close();
  }

  /** Tests, fuzz tests and examples by the names that they are reported under. Parts of a test are its own matter. */
  #byName(): ReadonlyMap<string, PreparedTest> {
    const { context, tests, found } = this.#of;
    const folder = (path: string): string | null => answerPath(context.project, path);
    return new Map(
      found.tests.flatMap((test) =>
        tests.programs
          .filter((program) => folder(program.folder) === folder(test.dir))
          .map(({ package: name }): [string, PreparedTest] => [`${name}.${test.name}`, test]),
      ),
    );
  }

  locate(tests: readonly TestCase[]): Promise<{ test: TestCase; asserts: boolean }[]> {
    const known = this.#byName();
    return Promise.resolve(
      tests.flatMap((test) => {
        const prepared = known.get(test.name);
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
    this.#changed ??= changedTests(context, environment, context.draw('go-rounds')).then((changed) => {
      if (changed === null) throw new Error('the tests do not compile any more when they are made to fail');
      return changed;
    });
    return this.#changed;
  }

  async #performOne(round: Round): Promise<Performed> {
    const { context, environment } = this.#of;
    if (round.kind === 'unchanged') return this.#performUnchanged(round.seed);
    const part = round.kind === 'broken' ? (round.parts?.[0] ?? null) : null;
    // A file by itself: also with other values in its constants, which cannot change while a program runs.
    const alone = part === null ? null : await changedTests(context, environment, round.seed, [part]);
    const changed = alone ?? (await this.#share());
    try {
      const { workspace, tests, prepared } = changed;
      const words = this.#wordsOf(round, prepared);
      const attempt = await attemptTests(context, environment, { workspace, tests, found: prepared, words });
      if (isGreen(round)) this.profiles ??= attempt.profiles;
      const { report } = attempt;
      const told =
        report === null || round.kind !== 'broken' || round.how === 'raise'
          ? report
          : byWord(report, prepared, this.#byName().keys());
      const touched = this.#touched(round, prepared);
      return {
        attempt: { ...attempt, report: told },
        touches: ({ name }) => touched.has(name),
        mustFail: ({ name }) => touched.has(name),
        signs: [],
      };
    } finally {
      await alone?.close();
    }
  }

  /** The tests as they are, once more. */
  async #performUnchanged(seed: string): Promise<Performed> {
    const { context, environment, tests, found } = this.#of;
    const { workspace } = context;
    const attempt = await attemptTests(context, environment, { workspace, tests, found, words: [seed.slice(0, 12)] });
    return { attempt, touches: () => false, mustFail: () => false, signs: [] };
  }

  #prepared(name: string, prepared: Prepared): PreparedTest | undefined {
    const known = this.#byName().get(name);
    return prepared.tests.find((test) => test.name === known?.name && test.dir === known.dir && test.changed);
  }

  #wordsOf(round: ChangingRound, prepared: Prepared): string[] {
    switch (round.kind) {
      case 'some-fail':
        return round.failing.flatMap(({ test, phase }) => this.#prepared(test.name, prepared)?.words[phase] ?? []);
      case 'all-fail':
        return round.tests.flatMap((test) => {
          const words = this.#prepared(test.name, prepared)?.words;
          return words === undefined ? [] : [words.call, words.teardown];
        });
      case 'broken':
        return [
          `${prepared.caught}${round.waitMs}`,
          ...prepared.parts
            .filter(({ file }) => round.parts === null || round.parts.includes(file))
            .map(({ words }) => words[round.how]),
        ];
    }
  }

  #touched(round: ChangingRound, prepared: Prepared): ReadonlySet<string> {
    const tests = round.kind === 'some-fail' ? round.failing.map(({ test }) => test) : round.tests;
    return new Set(tests.map(({ name }) => name).filter((name) => this.#prepared(name, prepared) !== undefined));
  }
}

/**
 * A report in which a test counts as failed only where it says so by itself, and not because something in it panicked.
 */
function byWord(report: TestReport, { panicMark }: Prepared, names: Iterable<string>): TestReport {
  const lines = (message: string): string[] => message.match(/^\s*[\w.-]+\.go:\d+: .*$/gm) ?? [];
  const failed = report.tests.filter(({ status }) => status === 'failed');
  const panicked = new Set<string>();
  for (const name of names) {
    const group = failed.filter((test) => test.name === name || test.name.startsWith(`${name}/`));
    const printed = group.flatMap(({ message }) => lines(message));
    const ended = group.some(({ message }) => /^panic: /m.test(message)); // in a goroutine, where nothing catches it
    if ((printed.length > 0 || ended) && printed.every((line) => line.includes(panicMark)))
      for (const test of group) panicked.add(test.name);
  }
  return {
    ...report,
    tests: report.tests.map((test) => (panicked.has(test.name) ? { ...test, status: 'skipped' as const } : test)),
  };
}
