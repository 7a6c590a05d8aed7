import { blocked, errored, notApplicable } from '../../domain/grading/check.ts';
import type { CheckResult, Facts, Outcome } from '../../domain/grading/check.ts';
import type { AnswerFile, Flag } from '../../domain/grading/extraction.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import { ToolCrashedError } from '../../ports/runner.ts';
import type { Check, CheckContext, Runner } from '../../ports/runner.ts';
import { reasonWithDoubts } from './doubts.ts';
import { judgeToolCrash } from './crash.ts';
import type { AnswerEffects, Grading } from './effects.ts';
import type { Used } from './lanes.ts';
import { loadOf, measured } from './load.ts';

/** What the checks of one project share. */
export interface ProjectRun {
  effects: AnswerEffects;
  runner: Runner;
  /** All checks of the project; each comes after those that it needs. */
  checks: readonly Check[];
  context: CheckContext;
  /** The id of a check: `python/tests`, or `python/tests@services/x` where the language has several projects. */
  idOf(check: string): string;
  /** Whether the answer has blocks of this language that have no name. */
  hasDrafts: boolean;
  /** Files in whose lines findings are looked up: the answer's, and the made-up ones. */
  located: readonly AnswerFile[];
  /** What extraction noticed: a file that is cut off in the wrong place explains errors in it. */
  flags: readonly Flag[];
  /** The key of a check's verdict. */
  keyOf(check: Check): Promise<string>;
}

/** Adds the answer's line to each finding that names a file and a line. */
export function locate(findings: readonly Finding[], files: readonly AnswerFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return findings.map((finding) => {
    const file = finding.file === null ? undefined : byPath.get(finding.file);
    if (file === undefined || finding.answer_line !== null) return finding;
    const line = finding.line === null ? file.line : (file.lines[finding.line - 1] ?? 0);
    return { ...finding, answer_line: line > 0 ? line : file.line };
  });
}

/** Why our own work failed: a full disk is told as such, and not by what it made fail. */
async function ourFailure(grading: Grading, error: unknown): Promise<Outcome> {
  const message = error instanceof Error ? error.message : String(error);
  return errored({ reason: (await grading.trouble()) ?? message });
}

/** Anything that a check rejects with is our failure, unless we were asked to stop, or a control says otherwise. */
async function guarded(
  { runner, effects: { grading } }: ProjectRun,
  context: CheckContext,
  check: Check,
): Promise<Outcome> {
  try {
    const outcome = await check.run(context);
    const ours = outcome.status === 'failed' ? await grading.trouble() : null;
    return ours === null ? outcome : errored({ reason: ours, evidence: outcome.evidence });
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof ToolCrashedError) return judgeToolCrash(error, runner, context, check, grading);
    return ourFailure(grading, error);
  }
}

/**
 * The verdict of a check, from the cache or by running it. Holds a lane, for making what the key depends on costs
 * something too.
 */
async function fromCacheOrRun(run: ProjectRun, check: Check): Promise<{ outcome: Outcome; cached: boolean }> {
  const { context } = run;
  const { grading, history, listener } = run.effects;
  const id = run.idOf(check.name);
  const expected = (name: string): Used | null => history.expected(run.idOf(name));
  return grading.lanes.run(loadOf(run.checks, check, context.limits, expected), async () => {
    listener.checkStarted(id);
    try {
      const key = await run.keyOf(check);
      const keptOutcome = await grading.cache.get(key);
      if (keptOutcome !== null) return { outcome: keptOutcome, cached: true };
      const { context: watched, used } = measured(context);
      const outcome = await guarded(run, watched, check);
      // What is ours may be better next time.
      if (outcome.status !== 'errored') {
        history.learn(id, used());
        await grading.cache.put(key, outcome);
      }
      return { outcome, cached: false };
    } catch (error) {
      context.signal?.throwIfAborted();
      return { outcome: await ourFailure(grading, error), cached: false };
    }
  });
}

/** Why nobody asked for a check; null when it is asked for. */
function whyNotAsked(check: Check, context: CheckContext): string | null {
  const { standards } = check;
  if (standards !== undefined && !standards.some((standard) => context.asked.standards.includes(standard)))
    return `the scenario names no standard that asks for it (${standards.join(', ')})`;
  return check.notAsked?.(context) ?? null;
}

/**
 * The outcome of a check that does not run: nobody asked for it, or something that it needs did not pass. Null when it
 * runs.
 */
function outcomeWithoutRun(
  { context, hasDrafts }: ProjectRun,
  check: Check,
  needed: readonly CheckResult[],
): Outcome | null {
  const notAsked = whyNotAsked(check, context);
  if (notAsked !== null) return notApplicable(notAsked);
  const present = context.project.files.length > 0 || (hasDrafts && check.drafts === true);
  if (!present) return blocked('the answer has no file of this language');
  // Only blocks without a name: they need nothing but the pinned environment.
  if (context.project.files.length === 0) return null;
  const unmeasured = needed.find(({ status }) => status === 'errored');
  if (unmeasured !== undefined)
    return errored({ reason: `${unmeasured.id} could not be measured: ${unmeasured.reason ?? ''}` });
  const cause = needed.find(({ status }) => status === 'failed' || status === 'blocked');
  return cause === undefined ? null : blocked(`${cause.id} did not pass`);
}

/** The facts of an outcome, with the scenario's own configurations by which it was judged. */
function withStandard({ facts, status }: Outcome, { configurations = [] }: Check, { asked }: CheckContext): Facts {
  const own = configurations.filter((name) => name in asked.configuration);
  const isJudged = status === 'passed' || status === 'failed';
  return own.length === 0 || !isJudged ? facts : { ...facts, configured_by: own };
}

/** Runs the checks of a project: each as soon as what it needs is known, side by side where they can. */
export async function projectChecks(run: ProjectRun): Promise<CheckResult[]> {
  const pending = new Map<string, Promise<CheckResult>>();

  const resultsOf = (names: readonly string[]): Promise<CheckResult[]> =>
    Promise.all(names.flatMap((name) => pending.get(name) ?? []));

  async function evaluate(check: Check): Promise<CheckResult> {
    const [needed] = await Promise.all([resultsOf(check.needs), resultsOf(check.after ?? [])]);
    const withoutRun = outcomeWithoutRun(run, check, needed);
    const { outcome, cached } =
      withoutRun === null ? await fromCacheOrRun(run, check) : { outcome: withoutRun, cached: false };
    const findings = locate(outcome.findings, run.located);
    const reason = reasonWithDoubts({ ...outcome, findings }, run.located, run.flags);
    const facts = withStandard(outcome, check, run.context);
    const result = { id: run.idOf(check.name), ...outcome, reason, findings, facts };
    run.effects.listener.checkEnded(result, cached);
    return result;
  }

  // A check is listed after those that it needs.
  for (const check of run.checks) pending.set(check.name, evaluate(check));
  return Promise.all(pending.values());
}
