import type { Comparison, PassK, Rate } from '../domain/runs/comparison.ts';
import type { CellSummary } from '../domain/runs/summary.ts';
import { fewestRepeats } from './intervals.ts';
import type { Match } from './match.ts';
import { mcnemar } from './statistics/exact.ts';
import { clusteredStandardError, wilson } from './statistics/intervals.ts';
import { mean } from './statistics/moments.ts';
import { passAtK, passHatK } from './statistics/pass-k.ts';

/** 1 for an answer that passes, else 0. */
export const passes = ({ verdict }: CellSummary): number => (verdict === 'pass' ? 1 : 0);

/** How many answers of a side pass, with an interval that minds that answers to one scenario are alike. */
export function rateOf(strata: Match['strata'], side: 'base' | 'head'): Rate {
  const clusters = [...Map.groupBy(strata, ({ scenario }) => scenario).values()].map((sameScenario) =>
    sameScenario.flatMap((stratum) => stratum[side].map(passes)),
  );
  const all = clusters.flat();
  const [passed, share, standardError] = [
    all.reduce((sum, value) => sum + value, 0),
    mean(all),
    clusteredStandardError(clusters),
  ];
  // As many independent answers as the clustered error amounts to; where nothing varies, one for each scenario is all
  // that is known.
  const effective =
    standardError > 0 ? Math.min(all.length, (share * (1 - share)) / standardError ** 2) : clusters.length;
  return { passed, of: all.length, interval: wilson(share * effective, effective, 0.95), standardError };
}

/** That all answers of the base pass and none of the head does, in words; null where that is not so. */
export function collapseOf({ base, head }: Comparison['pass']): string | null {
  if (base.passed < base.of || head.passed > 0 || base.of === 0 || head.of === 0) return null;
  return (
    `all ${base.of} answers of the base pass and none of the ${head.of} of the head does; so few answers do not ` +
    'exclude chance'
  );
}

/** The chance that any, and that all, of k answers pass. */
export function passKOf(strata: Match['strata']): PassK[] {
  const most = fewestRepeats(strata);
  const sizes = [1, 2, 3, 5, 10].filter((k) => k <= most);
  const at = (k: number, side: 'base' | 'head'): { any: number; all: number } => {
    const counts = strata.map((stratum) => ({
      n: stratum[side].length,
      c: stratum[side].reduce((sum, cell) => sum + passes(cell), 0),
    }));
    return {
      any: mean(counts.map(({ n, c }) => passAtK(n, c, k))),
      all: mean(counts.map(({ n, c }) => passHatK(n, c, k))),
    };
  };
  return sizes.map((k) => ({ k, base: at(k, 'base'), head: at(k, 'head') }));
}

/** McNemar's test of the verdicts; null unless each side has one answer to each scenario. */
export function mcnemarOf(strata: Match['strata']): Comparison['mcnemar'] {
  if (strata.some(({ base, head }) => base.length !== 1 || head.length !== 1)) return null;
  const gains = strata.map(
    ({ base, head }) =>
      head.reduce((sum, cell) => sum + passes(cell), 0) - base.reduce((sum, cell) => sum + passes(cell), 0),
  );
  const [lost, gained] = [gains.filter((value) => value < 0).length, gains.filter((value) => value > 0).length];
  return { lost, gained, p: mcnemar(lost, gained) };
}
