import type { Check } from '../../../src/ports/runner.ts';
import { readsCode } from '../../shared/documentation.ts';
import { testsOf } from '../test-run.ts';

/** Do the answer's own tests pass? */
export const tests: Check = {
  name: 'tests',
  question: "Do the answer's own tests pass?",
  needs: ['dependencies', 'build'],
  cost: 10,
  reads: readsCode,
  run: async (context) => (await testsOf(context)).outcome,
};
