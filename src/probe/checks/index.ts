import type { AnswerCheck } from '../../ports/checks.ts';
import type { Check } from '../../ports/runner.ts';
import { acceptance } from './acceptance.ts';
import { consistency } from './consistency.ts';
import { exploits } from './exploits.ts';
import { latency } from './latency.ts';
import { secrets } from './secrets.ts';
import { starts } from './starts.ts';

/** The checks of every project whose scenario has a contract; each comes after those that it needs. */
export const contractChecks: readonly Check[] = [starts, acceptance, secrets, exploits, latency];

/** The checks of the answer as a whole that compare what the programs did. */
export const contractAnswerChecks: readonly AnswerCheck[] = [consistency];
