import type { Contract } from '../domain/grading/contract/contract.ts';
import { fill } from '../formats/contract/evaluate.ts';
import type { Scope } from '../formats/contract/evaluate.ts';
import { Instant } from '../formats/contract/functions.ts';
import type { Planted } from './canaries/plant.ts';
import type { Question } from './questions.ts';

/** What all templates of a contract share: its values, and what is planted. */
export interface Shared {
  values: Readonly<Record<string, unknown>>;
  planted: readonly Planted[];
}

/** A scope with these names. Names that come later win. */
export function scopeOf({ planted }: Pick<Shared, 'planted'>, values: Readonly<Record<string, unknown>>): Scope {
  return {
    values,
    now: () => new Instant(Date.now()),
    canary: (name) => {
      const found = planted.find((one) => one.name === name);
      if (found === undefined) throw new Error(`there is no canary ${name}`);
      return found.value;
    },
  };
}

/** The values of a contract, each filled in with those before it. */
export function sharedScope(contract: Contract, planted: readonly Planted[]): Shared {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(contract.values)) values[name] = fill(value, scopeOf({ planted }, values));
  return { values, planted };
}

/** The values of one question: those of the contract, and those of its case, in which templates are filled in. */
export function questionValues(
  shared: Shared,
  { id, values }: Pick<Question, 'id' | 'values'>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const common = { ...shared.values, ...more, probe: id };
  const scope = scopeOf(shared, common);
  return {
    ...common,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, scope)])),
  };
}
