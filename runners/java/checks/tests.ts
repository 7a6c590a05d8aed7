import { testsCheck } from '../../shared/tests-check.ts';
import { testsOf } from '../test-run.ts';

/** Do the answer's own tests pass? */
export const tests = testsCheck(testsOf, { needs: ['dependencies', 'build'], cost: 14 });
