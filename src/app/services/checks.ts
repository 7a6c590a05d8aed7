import type { SharedChecks } from '../../ports/checks.ts';
import { catalogOf } from '../../ports/checks.ts';
import { contractAnswerChecks, contractChecks } from '../../probe/checks/index.ts';
import { answerChecks } from '../../stages/5-check/answer/index.ts';
import { runCommandCheck } from '../../../runners/commands/check.ts';
import { runners } from '../../../runners/index.ts';

/** The checks that belong to no single language. */
export const sharedChecks: SharedChecks = {
  answer: [...answerChecks, ...contractAnswerChecks],
  everyLanguage: contractChecks,
  command: runCommandCheck,
};

/** The descriptions of all checks that there are. */
export const catalog = catalogOf(runners, sharedChecks);
