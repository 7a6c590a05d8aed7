import { errored, notApplicable } from '../../domain/grading/check.ts';
import type { CheckResult, Outcome } from '../../domain/grading/check.ts';
import { WHOLE_ANSWER, checkIdText } from '../../domain/grading/check-id.ts';
import type { AnswerCheck, AnswerContext } from '../../ports/checks.ts';

async function outcomeOf(check: AnswerCheck, context: AnswerContext): Promise<Outcome> {
  const notAsked = check.notAsked?.(context) ?? null;
  if (notAsked !== null) return notApplicable(notAsked);
  try {
    return await check.run(context);
  } catch (error) {
    return errored({ reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Runs checks of an answer as a whole, in their order; what one of them throws is our failure. */
export async function runAnswerChecks(
  checks: readonly AnswerCheck[],
  context: AnswerContext,
  ended: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const id = checkIdText({ language: WHOLE_ANSWER, name: check.name, root: null });
    const result = { id, ...(await outcomeOf(check, context)) };
    ended(result);
    results.push(result);
  }
  return results;
}
