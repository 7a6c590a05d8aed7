import type { Gate } from './gate.ts';
import type { CheckStatus } from '../grading/check.ts';
import type { Finding } from '../grading/finding.ts';
import type { Verdict } from '../grading/grade.ts';

/** What a comparison can say, of all or of one dimension. */
export type Outcome = 'better' | 'no worse' | 'worse' | 'not enough data';

/** One side of a comparison. */
export interface SideInfo {
  /** How the user named it: a run, a baseline. */
  name: string;
  run: string;
  prompts: string[];
  models: string[];
  /** Cells that were compared, and those left out because they are ungraded. */
  cells: number;
  ungraded: number;
}

/** Something that differs between the sides, other than what came of it. */
export interface Change {
  what: 'prompt' | 'model' | 'scenarios' | 'grader' | 'tools' | 'dependencies' | 'recordings' | 'repeats' | 'prices';
  /** One sentence for a person. */
  text: string;
  /** Lines of a unified diff; null where there is none. */
  diff: string | null;
}

/**
 * What grading stored answers again with today's grader and tools changed: the tools' doing, not the prompt's or the
 * model's.
 */
export interface Regrading {
  side: 'base' | 'head';
  run: string;
  /** Cells with another verdict than before, of all. */
  verdicts: number;
  of: number;
  /** Findings that were not there before, by tool and rule, with the number of cells. */
  findings: { tool: string; rule: string; cells: number }[];
}

/**
 * One dimension of the whole. Shares are 0 to 1, differences head minus base; cost, tokens and latency are ratios head
 * to base.
 */
export interface DimensionRow {
  id: string;
  unit: 'share' | 'ratio';
  gated: boolean;
  /** Null where the gate does not look at it. */
  outcome: Outcome | null;
  base: number;
  head: number;
  /** Head minus base; for a ratio head ÷ base. */
  difference: number;
  /** Interval of the difference; null where there are too few scenarios for one. */
  interval: readonly [low: number, high: number] | null;
  /** How far behind still counts as no worse; for a ratio how many times. */
  margin: number | null;
  /** Adjusted p values of "worse" for gated dimensions; two-sided ones for the others. */
  pSuite: number | null;
  pPopulation: number | null;
  /** Worse for these very scenarios, and not shown for scenarios like these. */
  onlyHere: boolean;
  /** Ungated dimensions: Benjamini and Hochberg's q value. */
  q: number | null;
  scenarios: number;
}

/** A share of answers with its interval, in which answers of one scenario hang together. */
export interface Rate {
  passed: number;
  of: number;
  interval: readonly [low: number, high: number];
  /** Clustered standard error of the share. */
  standardError: number;
}

export interface PassK {
  k: number;
  base: { any: number; all: number };
  head: { any: number; all: number };
}

/** A hard invariant in one scenario. */
export interface HardRow {
  invariant: string;
  scenario: string;
  base: { hits: number; of: number };
  head: { hits: number; of: number };
  /** No base answer to this scenario breaks it, some head answer does. */
  fresh: boolean;
}

/** How many answers of each side have a finding. */
export interface FindingRow {
  check: string;
  tool: string;
  rule: string;
  severity: Finding['severity'];
  base: number;
  head: number;
  /** Two-sided, one answer counted once; a hint and no verdict. */
  p: number;
  q: number;
  scenarios: string[];
  example: string | null;
}

/** One answer in a comparison. */
export interface CellRow {
  name: string;
  /** Key under which the answer is filed in its run's folder. */
  key: string;
  repeat: number;
  verdict: Verdict;
  score: number | null;
  /** Checks that did not pass: id and status. */
  wanting: [id: string, status: CheckStatus][];
  /** Indices into the comparison's findings. */
  findings: number[];
}

export interface ScenarioRow {
  scenario: string;
  base: { passed: number; of: number; score: number };
  head: { passed: number; of: number; score: number };
  /** Difference of the pass rate. */
  difference: number;
  /** Fisher's exact test, two-sided, and its q value over all scenarios. */
  p: number;
  q: number;
  baseCells: CellRow[];
  headCells: CellRow[];
}

/** What form gains apart from what behaviour does. */
export interface FormAndBehaviour {
  /** Graded answers that are whole and whose files could be taken out. */
  form: { hits: number; of: number };
  /** Of these, those that pass. */
  behaviour: { hits: number; of: number };
  /** The share of all answers that pass if every ungraded one failed, and if every one passed. */
  worstCase: readonly [low: number, high: number];
}

/** Two runs, or two prompts or models within one, with the evidence and a verdict. */
export interface Comparison {
  format: 1;
  outcome: Outcome;
  /** Why, in sentences; the most important first. */
  reasons: string[];
  /** Whether the gate is met, and if not, why. */
  gate: { met: boolean; why: string | null; rules: Gate };
  base: SideInfo;
  head: SideInfo;
  scenarios: number;
  changes: Change[];
  regradings: Regrading[];
  dimensions: DimensionRow[];
  pass: { base: Rate; head: Rate };
  parts: { base: FormAndBehaviour; head: FormAndBehaviour };
  passK: PassK[];
  /** Exact McNemar, where each scenario has one answer a side. */
  mcnemar: { lost: number; gained: number; p: number } | null;
  hard: HardRow[];
  findings: FindingRow[];
  rows: ScenarioRow[];
  /** What this comparison could have seen, and what would settle it. */
  sight: string[];
}
