import type { DimensionRow } from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import { ALPHA, intervalOf, scenarioMeans } from './decide.ts';
import type { Decision } from './decide.ts';
import { RESAMPLING } from './resampling.ts';
import { benjaminiHochberg } from './statistics/exact.ts';
import { mean } from './statistics/moments.ts';
import { signFlip } from './statistics/sign-flip.ts';
import type { Stratum } from './stratum.ts';
import type { Measured } from './values.ts';

/** A ratio is shown as head ÷ base, not as a logarithm of which more is better. */
function row(
  { id, kind, margin }: Measured,
  gatedRow: boolean,
  values: Pick<
    DimensionRow,
    'base' | 'head' | 'difference' | 'outcome' | 'pSuite' | 'pPopulation' | 'onlyHere' | 'q' | 'scenarios'
  > & { interval: readonly [number, number] },
): DimensionRow {
  const [low, high] = values.interval;
  const bounded = Number.isFinite(low) && Number.isFinite(high);
  const { outcome, pSuite, pPopulation, onlyHere, q, scenarios } = values;
  const shown =
    kind === 'share'
      ? {
          base: values.base,
          head: values.head,
          difference: values.difference,
          interval: bounded ? ([low, high] as const) : null,
          margin: gatedRow ? margin : null,
        }
      : {
          base: Math.exp(-values.base),
          head: Math.exp(-values.head),
          difference: Math.exp(-values.difference),
          interval: bounded ? ([Math.exp(-high), Math.exp(-low)] as const) : null,
          margin: gatedRow ? Math.exp(margin) : null,
        };
  return { id, unit: kind, gated: gatedRow, outcome, ...shown, pSuite, pPopulation, onlyHere, q, scenarios };
}

/** The dimensions that decide. */
export function gatedRows(decision: Decision, dimensions: readonly Measured[]): DimensionRow[] {
  return dimensions.flatMap((dimension, index) => {
    const decided = decision.dimensions[index];
    return decided === undefined
      ? []
      : [row(dimension, true, { ...decided, q: null, scenarios: decided.scenarios.size })];
  });
}

/** Dimensions that decide nothing: what was seen, with p values that are adjusted for looking at all of them. */
export function otherRows(strata: readonly Stratum[], dimensions: readonly Measured[], gate: Gate): DimensionRow[] {
  const rows = [...scenarioMeans(strata, dimensions.length).values()];
  const test = (sign: 1 | -1): number[] =>
    signFlip(
      rows.map(({ difference }) => difference.map((value) => sign * value)),
      dimensions.length,
      RESAMPLING,
    ).map(({ raw }) => raw);
  const [up, down] = [test(1), test(-1)];
  const p = dimensions.map((_, index) => Math.min(1, 2 * Math.min(up[index] ?? 1, down[index] ?? 1)));
  const measured = dimensions.map((_, index) =>
    rows.filter(({ difference }) => !Number.isNaN(difference[index] ?? NaN)),
  );
  const shown = dimensions.map((_, index) => index).filter((index) => (measured[index] ?? []).length > 0);
  const q = benjaminiHochberg(shown.map((index) => p[index] ?? 1));
  return shown.flatMap((index, at): DimensionRow[] => {
    const [dimension, scenarios] = [dimensions[index], measured[index] ?? []];
    if (dimension === undefined) return [];
    const differences = scenarios.map(({ difference }) => difference[index] ?? 0);
    const interval = intervalOf(strata, index, dimension.kind, differences, 1 - 2 * ALPHA, gate.scope);
    const values = {
      base: mean(scenarios.map(({ base }) => base[index] ?? 0)),
      head: mean(scenarios.map(({ head }) => head[index] ?? 0)),
      difference: mean(differences),
      interval,
    };
    return [
      row(dimension, false, {
        ...values,
        outcome: null,
        onlyHere: false,
        pSuite: null,
        pPopulation: p[index] ?? 1,
        q: q[at] ?? 1,
        scenarios: scenarios.length,
      }),
    ];
  });
}
