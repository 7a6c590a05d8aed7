import { testsCheck } from '../../shared/tests-check.ts';
import { hiddenTestsCheck } from '../../shared/hidden-tests.ts';
import { isTest } from '../files.ts';
import { testsOf } from '../test-run.ts';

/** Do the answer's own tests pass? */
export const tests = testsCheck(testsOf, { isTest, needs: ['dependencies'], cost: 15 });

/** Do the scenario's hidden tests pass? */
export const hiddenTests = hiddenTestsCheck({
  testsOf,
  isTest,
  environment: 'typescript-environment',
  needs: ['dependencies'],
  cost: 15,
});
