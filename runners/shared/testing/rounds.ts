/**
 * Rounds: what is done with tests that passed, before they are believed.
 *
 * A report is written by the process in which the answer's code runs, so it proves nothing by itself. Tests that passed
 * are therefore run again, in rounds, on copies of the answer that we changed in a way that the answer cannot foresee.
 * `confirm.ts` decides which rounds there are and what their results mean, for all languages; a runner knows how to
 * change sources and how to start its framework.
 *
 * How a runner implements `Rounds`:
 *
 * 1. `locate` finds each reported test in the sources, by reading them (a parser, or the place that the framework
 *    reports), never by running them. What it does not find proves nothing: it is named in the facts and has no part in
 *    what follows. Two tests must not be mixed up because one name is the end of another, and a helper that is only
 *    called like a test is none.
 * 2. `perform` performs rounds. Each starts from a fresh copy of the answer (`withReplaced`), by the same command in
 *    the same environment as the first run, but without coverage. Rounds are handed over in a list, so that a runner
 *    can share what is the same for all of them (parsing, compiling, a warm worker). Never let two rounds share a
 *    process in which the answer's code runs: it could compare them.
 *    - `some-fail`: the named tests fail, each in the phases that are named with it; nothing else is changed. A test
 *      that fails in `setup` or `teardown` does so in a hook or fixture of ours beside it; where a framework has no
 *      phases, all fail as in `call`.
 *      In the resulting report a test counts as failed only if it failed in each phase in which it was made to.
 *      Here all other tests must pass as before, so this is also the round in which a runner looks for signs of tests
 *      that did not really pass: a marker at the end of each test, which a test that fails never reaches, and an
 *      attempt to fail, at the end of each test, by each way to assert that its file uses, of which the runner sees
 *      whether it had an effect. Report them as `signs`.
 *      With no test named, only these markers and attempts are added.
 *    - `all-fail`: every named test fails, at its end and again when it is cleaned up. Vary how: an assertion of the
 *      framework, errors of several kinds, the framework's own way to fail. It counts as failed as in `some-fail`.
 *    - `unchanged`: the answer as it is, but without coverage: shows what passes only while it is measured.
 *    - `broken`: tests stay as they are, the program's functions do not do their work: with `nothing` they return a
 *      value at once that is equal to nothing (a zero value, where types demand one), with `anything` one that differs
 *      from the former in each comparison (truthy, equal to everything, not zero), with `raise` they raise, throw or
 *      panic. Values absorb what is done to them (calls, attributes, arithmetic) as far as the language allows, so that
 *      a test fails by what it asserts and not by accident. Constants and what classes hold are changed likewise.
 *      `parts` limits that to some files, `tests` says which tests are of interest: others need not run.
 *      End tests that do not end by themselves after `waitMs`. A report of what was reached is enough here, so a
 *      runner may return a partial one.
 * 3. Whatever identifies our changes (names, messages, values, places) is derived from the round's `seed`, so that no
 *    answer can look for it. Nothing of ours that is constant may stand in the changed copy.
 *
 * Warm workers can serve `perform` later: it says nothing of how many processes are started.
 */

import type { TestAttempt, TestCase, TestReport } from './report.ts';

/** A part of a test's run. Frameworks report trouble in each in another way. */
export type Phase = 'setup' | 'call' | 'teardown';

/** How the functions of a broken program behave. */
export type Breakage = 'nothing' | 'anything' | 'raise';

/** One run of the tests on a changed copy of the answer. */
export type Round =
  | { kind: 'some-fail'; failing: readonly { test: TestCase; phase: Phase }[]; seed: string }
  | { kind: 'all-fail'; tests: readonly TestCase[]; seed: string }
  | { kind: 'unchanged'; seed: string }
  | {
      kind: 'broken';
      how: Breakage;
      /** Files of the program that are broken, as `parts` names them; null for all. */
      parts: readonly string[] | null;
      /** The tests whose results are of interest. */
      tests: readonly TestCase[];
      /** How long to wait for a test, in milliseconds: a multiple of what the slowest one took when it passed. */
      waitMs: number;
      seed: string;
    };

/** A sign that a report is not what the tests themselves say. */
export interface Sign {
  /** Name of the test that it is about; null when it is about all. */
  test: string | null;
  /** A whole sentence that a person understands. */
  message: string;
}

/** What came of a round. */
export interface Performed {
  /** `report` is null when it is missing or torn. In `broken` rounds it may hold only the tests that were reached. */
  attempt: TestAttempt;
  /**
   * Whether a test was changed in this round, by itself or along with another one (all parameters of a function are).
   */
  touches(test: TestCase): boolean;
  /**
   * Whether a test was changed so that it cannot pass. Not said of tests between whose code and result something of the
   * answer's own stands (a decorator that expects an error): what passes there is forged only if a broken program does
   * not change it either. Ignored in `broken` rounds.
   */
  mustFail(test: TestCase): boolean;
  signs: readonly Sign[];
}

/** A test that was found in the sources. */
export interface Located {
  test: TestCase;
  /** Whether its code means to assert something: an assertion, or a call whose name says so. */
  asserts: boolean;
}

/** What a runner does for tests that passed. */
export interface Rounds {
  /** Those of the tests that stand in the sources. */
  locate(tests: readonly TestCase[]): Promise<readonly Located[]>;
  /** Performs rounds; results are in their order. */
  perform(rounds: readonly Round[]): Promise<readonly Performed[]>;
  /** Files of the program that can be broken one by one, as they are named in `Round.parts`. */
  parts(): Promise<readonly string[]>;
}

/** Makes the rounds for a report of tests that passed. */
export type StartRounds = (report: TestReport) => Rounds | Promise<Rounds>;

/**
 * Whether all tests pass in a round, as in the first run: what acts on green alone acts here, too, and its coverage can
 * be compared.
 */
export function isGreen(round: Round): boolean {
  return round.kind === 'some-fail' && round.failing.length === 0;
}
