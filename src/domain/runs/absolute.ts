/** What the absolute parts of a gate say of a run by itself. */

/** One part for one prompt and model. */
export interface AbsoluteRow {
  /** `atLeast: pass`, `hard: finding:ruff S*` */
  part: string;
  /** The prompt and model that it is about. */
  of: string;
  outcome: 'met' | 'not met' | 'not enough data';
  /** Why, in one sentence for a person. */
  text: string;
}

export interface AbsoluteGate {
  met: boolean;
  /** Why it is not met; null where it is. */
  why: string | null;
  rows: AbsoluteRow[];
}
