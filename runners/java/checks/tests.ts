import { hiddenTestsCheck } from '../../shared/hidden-tests.ts';
import { testsCheck } from '../../shared/tests-check.ts';
import { isTest } from '../files.ts';
import { testsOf } from '../test-run.ts';

/** Do the answer's own tests pass? */
export const tests = testsCheck(testsOf, { isTest, needs: ['dependencies', 'build'], cost: 14 });

/** Do the scenario's hidden tests pass? */
export const hiddenTests = hiddenTestsCheck({
  testsOf,
  isTest,
  environment: 'java-environment',
  needs: ['dependencies', 'build'],
  cost: 14,
});
