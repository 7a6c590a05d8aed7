import type { Observed, Stratum } from './stratum.ts';
import { fisherMore, holm } from './statistics/exact.ts';
import type { Count } from './statistics/exact.ts';
import type { Resampling } from './statistics/max-t.ts';
import { stratifiedPermutation } from './statistics/stratified.ts';

/** A hard invariant that no base answer to a scenario broke, and some head answer does. */
export interface FreshBreach {
  /** Index of the invariant. */
  invariant: number;
  scenario: string;
  base: Count;
  head: Count;
  /** No base answer to any scenario breaks it: the base keeps this invariant, the head does not. */
  unheard: boolean;
}

export interface HardDecision {
  /** More frequent than chance allows. */
  worse: boolean;
  /** Smallest adjusted p values: in any one scenario, and over all of them. */
  pScenario: number;
  pTotal: number;
  fresh: FreshBreach[];
}

const count = (answers: readonly Observed[], invariant: number): Count => ({
  hits: answers.filter(({ hard }) => hard[invariant] === 1).length,
  of: answers.length,
});

/**
 * Hard invariants are looked at scenario by scenario, for better scenarios must not make up for a worse one: Fisher's
 * exact test in each, adjusted by Holm for all scenarios and invariants; and once over all scenarios, for what is rare
 * everywhere. Each half gets half of `alpha`.
 */
export function decideHard(strata: readonly Stratum[], alpha: number, resampling: Resampling): HardDecision {
  const invariants = strata[0]?.head[0]?.hard.length ?? 0;
  const tables = strata.flatMap(({ scenario, base, head }) =>
    Array.from({ length: invariants }, (_, invariant) => ({
      invariant,
      scenario,
      base: count(base, invariant),
      head: count(head, invariant),
    })),
  );
  // A table without any hit could never reject: it need not be paid for (Tarone 1990).
  const telling = tables.filter(({ base, head }) => base.hits + head.hits > 0);
  if (telling.length === 0) return { worse: false, pScenario: 1, pTotal: 1, fresh: [] };
  const pScenario = Math.min(...holm(telling.map(({ base, head }) => fisherMore(base, head))));
  const sides = strata.map(({ base, head }) => ({
    base: base.map(({ hard }) => hard),
    head: head.map(({ hard }) => hard),
    weight: 1,
  }));
  const pTotal = Math.min(...stratifiedPermutation(sides, invariants, resampling).map(({ adjusted }) => adjusted));
  return {
    worse: pScenario <= alpha / 2 || pTotal <= alpha / 2,
    pScenario,
    pTotal,
    fresh: telling
      .filter(({ base, head }) => base.hits === 0 && head.hits > 0)
      .map((table) => ({
        ...table,
        unheard: !telling.some(({ invariant, base }) => invariant === table.invariant && base.hits > 0),
      })),
  };
}
