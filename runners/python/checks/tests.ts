import type { Check } from '../../../src/ports/runner.ts';
import { testsKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { testsOf } from '../test-run.ts';

/** Do the answer's own tests pass? */
export const tests: Check = {
  ...testsKind,
  question: "Do the answer's own tests pass?",
  needs: ['dependencies', 'build'],
  packages: 'uses',
  cost: 10,
  reads: readsCode,
  run: async (context) => (await testsOf(context)).outcome,
};
