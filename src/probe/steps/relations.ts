import { isDeepStrictEqual } from 'node:util';
import { fill } from '../../formats/contract/evaluate.ts';
import type { Scope } from '../../formats/contract/evaluate.ts';
import { show } from '../expect/values.ts';
import { plainFailure } from './step.ts';
import type { StepOutcome } from './step.ts';

/** Values that must all be equal. */
export function equalStep(scope: Scope, templates: readonly string[]): StepOutcome {
  const values = templates.map((template) => fill(template, scope));
  const [first] = values;
  return first !== undefined && values.every((value) => isDeepStrictEqual(value, first))
    ? null
    : plainFailure(`equal values of ${templates.join(' and ')}`, values.map(show).join(' / '));
}

/** Values of which no two may be equal. */
export function differentStep(scope: Scope, templates: readonly string[]): StepOutcome {
  const values = templates.map((template) => fill(template, scope));
  const twice = values.findIndex((value, index) => values.findIndex((one) => isDeepStrictEqual(one, value)) !== index);
  return twice === -1
    ? null
    : plainFailure(`different values of ${templates.join(' and ')}`, `${show(values[twice])} twice`);
}
