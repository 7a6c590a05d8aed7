import { failed, passed, errored } from '../../src/domain/grading/check.ts';
import type { Evidence, LimitName, Outcome } from '../../src/domain/grading/check.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { counted } from '../../src/formats/words.ts';
import { endOf, evidenceOf, limitWords } from './evidence.ts';
import { finding } from './job.ts';

export type TestStatus = 'passed' | 'failed' | 'skipped';

/** One test that the answer's tests report, as the framework names it. */
export interface TestCase {
  name: string;
  status: TestStatus;
  /** Path relative to the answer's root, null when unknown. */
  file: string | null;
  line: number | null;
  message: string;
}

/** What a test framework reported, in machine-readable form. */
export interface TestReport {
  tests: readonly TestCase[];
  /** Errors outside of any test: a module that cannot be imported, a suite that does not compile. */
  problems: readonly Omit<TestCase, 'status'>[];
  /** Tests that the answer's configuration leaves out of this command. */
  deselected: readonly string[];
  /** Test files that the answer's configuration keeps for another command. */
  notRun: readonly string[];
}

/** One attempt at running the tests. `report` is null when it is missing or torn. */
export interface TestAttempt {
  execution: Execution;
  report: TestReport | null;
  /** Exit statuses that the framework uses when every test passed. */
  accepted: readonly number[];
}

const networkTraces =
  /\b(?:ENETUNREACH|EAI_AGAIN|ENOTFOUND)\b|Network is unreachable|Name or service not known|name resolution|getaddrinfo|no such host|dial tcp: lookup|dial tcp .*: connect: network is unreachable/i;

/** How programs put it when they cannot have a port, or not reach it. */
const portTraces =
  /EADDRNOTAVAIL|Cannot assign requested address|\bbind: |\blisten (?:tcp|udp)|(?:127\.0\.0\.1|::1|localhost)\b.*unreach|unreach.*(?:127\.0\.0\.1|::1|localhost)/i;

/** How programs put it when a limit of the sandbox stopped them, without being ended by it. */
const limitTraces: readonly [LimitName, RegExp][] = [
  [
    'memory',
    /MemoryError|Array buffer allocation failed|heap out of memory|cannot allocate memory|runtime: out of memory/i,
  ],
  [
    'processes',
    /can't start new thread|(?:fork|spawn|BlockingIOError).*(?:Resource temporarily unavailable|EAGAIN)|failed to create new OS thread/i,
  ],
  ['file-size', /\bEFBIG\b|File too large|SIGXFSZ/i],
  ['disk', /\bENOSPC\b|No space left on device/i],
];

/** Findings that name the limits of which a message speaks. */
function limitFindings(tool: string, name: string, message: string, place: Pick<Finding, 'file' | 'line'>): Finding[] {
  return limitTraces
    .filter(([, trace]) => trace.test(message))
    .map(([limit]) => finding({ tool, rule: 'limit', message: `${name} ${limitWords[limit]}`, ...place }));
}

const MOST_NAMES = 50;

function count(report: TestReport, status: TestStatus): number {
  return report.tests.filter((test) => test.status === status).length;
}

function findingsOf(tool: string, report: TestReport): Finding[] {
  const failures = [
    ...report.problems.map((problem) => ({ ...problem, rule: 'suite-error' })),
    ...report.tests.filter((test) => test.status === 'failed').map((test) => ({ ...test, rule: 'test-failed' })),
  ];
  return failures.flatMap(({ name, file, line, message, rule }) => {
    const found = finding({ tool, rule, message: message === '' ? name : `${name}: ${message}`, file, line });
    const network = networkTraces.test(message)
      ? [finding({ tool, rule: 'needs-network', message: `${name} wants the network, and there is none`, file, line })]
      : [];
    return [found, ...network, ...limitFindings(tool, name, message, { file, line })];
  });
}

function factsOf(report: TestReport): Record<string, number | string[] | string> {
  return {
    passed: count(report, 'passed'),
    failed: count(report, 'failed'),
    skipped: count(report, 'skipped'),
    skipped_names: report.tests
      .filter((test) => test.status === 'skipped')
      .map((test) => test.name)
      .slice(0, MOST_NAMES),
    deselected: report.deselected.length,
    deselected_names: report.deselected.slice(0, MOST_NAMES),
    files_not_run: [...report.notRun],
    source: 'self-reported by the test process; cross-checked with its exit status, its counts and a counter-run',
  };
}

/** The verdict on one attempt that left a complete report. */
function judge(tool: string, { execution, report, accepted }: TestAttempt & { report: TestReport }): Outcome {
  const facts = factsOf(report);
  const findings = findingsOf(tool, report);
  const details = { facts, findings, evidence: [evidenceOf(execution)] };
  const [good, bad] = [count(report, 'passed'), count(report, 'failed')];
  const share = good / Math.max(1, good + bad + report.problems.length);
  const fail = (reason: string, score = 0): Outcome => failed({ ...details, reason }, score);
  // With a complete report, words of the program's are no sign of a limit: a test may be called after one.
  if (execution.limit !== null && execution.signal !== null) return fail(`the tests ${endOf(execution)}`);
  if (report.problems.length > 0) {
    return fail(
      `${counted(report.problems.length, 'test file')} could not be run; ${counted(good, 'test')} passed, ${bad} failed`,
      share,
    );
  }
  if (bad > 0) return fail(`${bad} of ${good + bad} tests failed`, share);
  if (good === 0) {
    const skipped = count(report, 'skipped') + report.deselected.length;
    return fail(skipped === 0 ? 'no test was collected' : `all ${skipped} tests are skipped or deselected`);
  }
  if (!accepted.includes(execution.exitCode ?? -1)) {
    return fail(`all ${good} tests passed, but the process ended with ${endOf(execution)}`);
  }
  return passed(details);
}

/** The counter-run's attempt (`counter.ts`), and which of the answer's tests must fail in it. */
export interface CounterRun {
  attempt: TestAttempt;
  mustFail(test: TestCase): boolean;
  /** The same with these tests alone made to fail, where a runner can: a failure may keep others from being run. */
  again?(tests: readonly TestCase[]): Promise<CounterRun>;
}

/** What a runner hands in to have its tests judged. */
export interface TestRun {
  tool: string;
  attempt(): Promise<TestAttempt>;
  /** Runs one trivial test of ours in the same layer; true when it passed. */
  control(): Promise<boolean>;
  /** Whether programs have a loopback of their own here. */
  loopback(): Promise<boolean>;
  /** Runs the tests that passed once more, made to fail. */
  counter(report: TestReport): Promise<CounterRun>;
  alone<T>(run: () => Promise<T>): Promise<T>;
}

/** Whether programs have a loopback of their own, found by trying. */
export async function hasLoopback(context: CheckContext): Promise<boolean> {
  const { loopback } = await context.once('sandbox-probe', () => context.sandbox.probe());
  return loopback;
}

/** The verdict on an attempt without a report: the control tells whose fault it is. */
async function judgeCrash(run: TestRun, attempt: TestAttempt): Promise<Outcome> {
  const evidence: Evidence[] = [evidenceOf(attempt.execution)];
  // Time and output are measured from outside; other limits are told from traces, which a broken layer could leave too.
  const beyondDoubt = ['cpu', 'wall', 'output'].includes(attempt.execution.limit ?? '');
  if (!beyondDoubt && !(await run.control())) {
    return errored({ reason: `${run.tool} left no report, and does not run a test of ours either`, evidence });
  }
  const reason = `crashed: ${run.tool} left no complete report (${endOf(attempt.execution)})`;
  const message = lastLines(attempt.execution) || reason;
  const findings = [
    finding({ tool: run.tool, rule: 'crashed', message }),
    ...limitFindings(run.tool, 'the test process', message, { file: null, line: null }),
  ];
  return failed({ reason, evidence, facts: { passed: 0, failed: 0, skipped: 0 }, findings });
}

function lastLines(execution: Execution): string {
  const text = execution.stderr.trim() || execution.stdout.trim();
  return text.split('\n').slice(-12).join('\n').slice(-2000);
}

async function judgeAttempt(run: TestRun, attempt: TestAttempt): Promise<Outcome> {
  const outcome =
    attempt.report === null ? await judgeCrash(run, attempt) : judge(run.tool, { ...attempt, report: attempt.report });
  const stuck =
    outcome.status === 'failed' &&
    outcome.findings.some(({ message }) => portTraces.test(message)) &&
    !(await run.loopback());
  return stuck
    ? errored({
        reason: 'not measurable here: the tests want a port, and this sandbox has no private loopback',
        evidence: outcome.evidence,
        findings: outcome.findings,
      })
    : outcome;
}

/** Names of the tests whose outcome differs between two reports. */
function disagreement(first: TestReport | null, second: TestReport | null): string[] {
  const before = new Map((first?.tests ?? []).map((test) => [test.name, test.status]));
  return (second?.tests ?? [])
    .filter((test) => (before.get(test.name) ?? test.status) !== test.status)
    .map((test) => test.name);
}

/** How often tests that the counter-run did not reach are made to fail by themselves; each time some must do so. */
const MOST_ROUNDS = 3;

const withoutParameters = (name: string): string => name.replace(/\[.*$/s, '');

/** Those of the tests that are not seen to fail in a report. Parameters made up anew in each run give a test another name. */
function unproven(tests: readonly TestCase[], report: TestReport): TestCase[] {
  const statuses = new Map(report.tests.map(({ name, status }) => [name, status]));
  const failing = new Set(
    report.tests.filter(({ status }) => status === 'failed').map(({ name }) => withoutParameters(name)),
  );
  return tests.filter(
    ({ name }) => (statuses.get(name) ?? (failing.has(withoutParameters(name)) ? 'failed' : 'skipped')) !== 'failed',
  );
}

/** The verdict on tests that passed, after the counter-run: what does not fail there was never decided by a test. */
async function confirm(run: TestRun, outcome: Outcome, report: TestReport): Promise<Outcome> {
  const { facts } = outcome;
  let counterRun = await run.counter(report);
  const evidence = [...outcome.evidence, evidenceOf(counterRun.attempt.execution)];
  const forged = (reason: string, names: readonly string[]): Outcome => {
    const findings = names
      .slice(0, MOST_NAMES)
      .map((name) =>
        finding({ tool: run.tool, rule: 'forged', message: `${name} is reported as passed, whatever happens in it` }),
      );
    return failed({ reason, facts, evidence, findings });
  };
  const unconfirmed = (why: string): Outcome =>
    errored({ facts, evidence, reason: `the tests passed, but could not be confirmed: made to fail, ${why}` });
  let open = report.tests.filter((test) => test.status === 'passed' && counterRun.mustFail(test));
  if (open.length === 0)
    return forged(
      'none of the tests that are reported as passed is in the answer',
      report.tests.map(({ name }) => name),
    );
  for (let round = 1; ; round += 1) {
    const { attempt, mustFail, again } = counterRun;
    if (attempt.report === null) return unconfirmed(`they left no complete report (${endOf(attempt.execution)})`);
    const passing = attempt.report.tests
      .filter((test) => test.status === 'passed' && mustFail(test))
      .map(({ name }) => name);
    if (passing.length > 0)
      return forged(
        `${counted(passing.length, 'test')} passed with a failing assertion in it: the report is forged, or what passed is not what the test says`,
        passing,
      );
    const left = unproven(open, attempt.report);
    if (again === undefined || left.length === 0) return outcome;
    if (attempt.report.problems.length > 0)
      return unconfirmed(`some could not be run (${attempt.report.problems[0]?.name ?? ''})`);
    if (round > 1 && left.length === open.length)
      return forged(
        `${counted(left.length, 'test')} with a failing assertion in it did not fail: skipped, expected to fail, or left out`,
        left.map(({ name }) => name),
      );
    if (round > MOST_ROUNDS) return outcome;
    open = left;
    counterRun = await again(open);
    evidence.push(evidenceOf(counterRun.attempt.execution));
  }
}

/**
 * Runs an answer's tests and says what they are worth. A failure or a wall-clock end is run again, alone: that run decides,
 * and disagreement is said. What passes has to be confirmed by the counter-run.
 */
export async function judgeTests(run: TestRun): Promise<Outcome> {
  const { outcome, attempt } = await judgeTwice(run);
  return outcome.status === 'passed' && attempt.report !== null ? confirm(run, outcome, attempt.report) : outcome;
}

async function judgeTwice(run: TestRun): Promise<{ outcome: Outcome; attempt: TestAttempt }> {
  const first = await run.attempt();
  const verdict = await judgeAttempt(run, first);
  // CPU time does not depend on the machine's load: no second run would say otherwise.
  if (verdict.status !== 'failed' || first.execution.limit === 'cpu') return { outcome: verdict, attempt: first };
  const second = await run.alone(() => run.attempt());
  const decided = await judgeAttempt(run, second);
  const flaky = disagreement(first.report, second.report);
  if (decided.status === 'passed' && flaky.length === 0) flaky.push('(the test process as a whole)');
  if (flaky.length === 0) return { outcome: decided, attempt: second };
  const findings = flaky.map((name) =>
    finding({
      tool: run.tool,
      rule: 'flaky',
      severity: 'warning',
      message: `${name} had another outcome when it was run again`,
    }),
  );
  return {
    outcome: { ...decided, facts: { ...decided.facts, flaky }, findings: [...decided.findings, ...findings] },
    attempt: second,
  };
}
