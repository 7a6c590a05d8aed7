/**
 * One answer as numbers: values by dimension, higher is better, NaN for none; 1 for each hard invariant that it breaks.
 */
export interface Observed {
  values: readonly number[];
  hard: readonly number[];
}

/** The answers of both sides to one scenario (and, where there are several, one prompt or model). */
export interface Stratum {
  scenario: string;
  base: readonly Observed[];
  head: readonly Observed[];
}

/** A dimension that the gate looks at. */
export interface Dimension {
  id: string;
  /** `share`: between 0 and 1; `ratio`: minus the logarithm of a quantity of which less is better. */
  kind: 'share' | 'ratio';
  /** Every value is 0 or 1. */
  binary?: boolean;
  /** How far the head may stay behind, in the unit of the values. */
  margin: number;
}
