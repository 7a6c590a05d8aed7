import type { SharedChecks } from '../../ports/checks.ts';
import { catalogOf } from '../../ports/checks.ts';
import { answerChecks } from '../../stages/5-check/answer/index.ts';
import { runners } from '../../../runners/index.ts';

/** The checks that belong to no single language. */
export const sharedChecks: SharedChecks = { answer: answerChecks, everyLanguage: [] };

/** The descriptions of all checks that there are. */
export const catalog = catalogOf(runners, sharedChecks);
