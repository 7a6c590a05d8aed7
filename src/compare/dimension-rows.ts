import type { DimensionRow } from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import { agreeing } from './agreement.ts';
import { ALPHA, sidesOf } from './directed.ts';
import { intervalOf, scenarioMeans } from './intervals.ts';
import type { Decision } from './decide.ts';
import { RESAMPLING } from './resampling.ts';
import { benjaminiHochberg } from './statistics/exact.ts';
import { signFlipBound, stratifiedBound } from './statistics/inversion.ts';
import { mean } from './statistics/moments.ts';
import { signFlip } from './statistics/sign-flip.ts';
import { stratifiedPermutation } from './statistics/stratified.ts';
import type { Stratum } from './stratum.ts';
import type { Measured } from './values.ts';

/** A ratio is shown as head ÷ base, not as a logarithm of which more is better. */
function rowOf(
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
      : [rowOf(dimension, true, { ...decided, q: null, scenarios: decided.scenarios.size })];
  });
}

/** One-sided p values and bounds of one direction, dimension by dimension, in the gate's scope. */
interface OneSided {
  p: number;
  bound(): number;
}

function oneSided(
  strata: readonly Stratum[],
  rows: readonly number[][],
  count: number,
  sign: 1 | -1,
  gate: Gate,
): OneSided[] {
  if (gate.scope === 'suite') {
    const p = stratifiedPermutation(sidesOf(strata, 0, count, sign), count, RESAMPLING);
    return p.map(({ raw }, index) => ({
      p: raw,
      bound: () => stratifiedBound(sidesOf(strata, index, index + 1, sign), ALPHA, RESAMPLING),
    }));
  }
  const turned = rows.map((row) => row.map((value) => sign * value));
  return signFlip(turned, count, RESAMPLING).map(({ raw }, index) => ({
    p: raw,
    bound: () =>
      signFlipBound(
        turned.flatMap((row) => row[index] ?? []).filter((value) => !Number.isNaN(value)),
        ALPHA,
        RESAMPLING,
      ),
  }));
}

const unmoved: OneSided = { p: 1, bound: () => 0 };

/** Dimensions that decide nothing: what was seen, with p values that are adjusted for looking at all of them. */
export function otherRows(strata: readonly Stratum[], dimensions: readonly Measured[], gate: Gate): DimensionRow[] {
  const rows = [...scenarioMeans(strata, dimensions.length).values()];
  const differencesOf = rows.map(({ difference }) => difference);
  const [up, down] = ([1, -1] as const).map((sign) => oneSided(strata, differencesOf, dimensions.length, sign, gate));
  const p = dimensions.map((_, index) => Math.min(1, 2 * Math.min(up?.[index]?.p ?? 1, down?.[index]?.p ?? 1)));
  const measured = dimensions.map((_, index) =>
    rows.filter(({ difference }) => !Number.isNaN(difference[index] ?? NaN)),
  );
  const shown = dimensions.map((_, index) => index).filter((index) => (measured[index] ?? []).length > 0);
  const q = benjaminiHochberg(shown.map((index) => p[index] ?? 1));
  return shown.flatMap((index, at): DimensionRow[] => {
    const [dimension, scenarios] = [dimensions[index], measured[index] ?? []];
    if (dimension === undefined) return [];
    const differences = scenarios.map(({ difference }) => difference[index] ?? 0);
    const [worse, better] = [down?.[index] ?? unmoved, up?.[index] ?? unmoved].map(({ p: one, bound }) => ({
      holds: one <= ALPHA,
      bound,
    }));
    const plain = intervalOf(strata, index, dimension.kind, differences, 1 - 2 * ALPHA, gate.scope);
    const values = {
      base: mean(scenarios.map(({ base }) => base[index] ?? 0)),
      head: mean(scenarios.map(({ head }) => head[index] ?? 0)),
      difference: mean(differences),
      interval: worse === undefined || better === undefined ? plain : agreeing(plain, worse, better),
    };
    return [
      rowOf(dimension, false, {
        ...values,
        outcome: null,
        onlyHere: false,
        pSuite: gate.scope === 'suite' ? (p[index] ?? 1) : null,
        pPopulation: gate.scope === 'suite' ? null : (p[index] ?? 1),
        q: q[at] ?? 1,
        scenarios: scenarios.length,
      }),
    ];
  });
}
