import { failed, passed } from '../../domain/grading/check.ts';
import type { Check, CheckContext } from '../../ports/runner.ts';
import { sessionOf } from '../session.ts';
import { contractOf, notAskedHere } from './asked.ts';

/** Does the program start, as the contract says? */
export const starts: Check = {
  name: 'starts',
  question: 'Does the program start, and is it ready?',
  weight: 1,
  required: true,
  asksContract: true,
  needs: ['dependencies'],
  packages: 'uses',
  cost: 20,
  notAsked: notAskedHere,
  reads: () => true,
  async run(context: CheckContext) {
    const { problem, evidence } = await sessionOf(context, contractOf(context));
    if (problem === null) return passed({ evidence });
    const [first = problem] = problem.split('\n');
    return failed({
      reason: first,
      evidence,
      findings: [
        {
          tool: 'contract',
          rule: 'does-not-start',
          severity: 'error',
          message: problem,
          file: null,
          line: null,
          answer_line: null,
        },
      ],
    });
  },
};
