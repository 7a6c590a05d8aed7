import type { Comparison } from './comparison.ts';
import type { Verdict } from '../grading/grade.ts';

/** How many of how many. */
export interface Count {
  hits: number;
  of: number;
}

/** What accepted answers cost: those that pass, and whose contract was measured where their scenario has one. */
export interface Accepted {
  answers: number;
  /** Of these, those whose scenario has a contract that was asked of the running program. */
  withContract: number;
  /** What all answers cost, ungraded ones too, in US dollars; null where no cost is known. */
  costUsd: number | null;
  /** Answers whose cost nobody noted. */
  unpriced: number;
  /** The cost of one accepted answer; null where none was accepted, or a cost is not known. */
  perAnswer: number | null;
}

/** One model, with the prompt that it was given. */
export interface UpgradeSide {
  model: string;
  prompts: string[];
  runs: string[];
  /** Where its answers come from, in words. */
  source: string;
  reportedModels: string[];
  answers: number;
  ungraded: number;
  /** Graded answers that pass, with the interval of the share. */
  passed: Count & { interval: readonly [low: number, high: number] };
  /** The share of all answers that would pass if all ungraded ones failed, and if all passed. */
  worstCase: readonly [low: number, high: number];
  /** What was seen of running programs; null where no scenario has a contract. */
  starts: Count | null;
  exists: Count | null;
  behaves: Count | null;
  accepted: Accepted;
  latencyMs: { p50: number; p95: number; of: number } | null;
  /** Tokens of one answer in the middle, and of all. */
  tokens: { input: number; output: number; total: number; of: number } | null;
  refused: number;
  truncated: number;
  /** Answers that are whole and whose files could be taken out. */
  form: Count;
  /** Of these, those that pass. */
  behaviour: Count;
}

/** Where a model stands among three or more. */
export interface Rank {
  model: string;
  rate: number;
  /** The best and the worst place that the answers leave open, counted from 1. */
  best: number;
  worst: number;
  /** Models that share a letter cannot be told apart. */
  groups: string;
}

/** Two models, and whether the answers tell them apart: the interval is simultaneous over all pairs. */
export interface Pair {
  one: string;
  other: string;
  difference: number;
  interval: readonly [low: number, high: number];
  apart: boolean;
}

/** The code of one answer at a place. */
export interface CodeExcerpt {
  run: string;
  key: string;
  verdict: Verdict;
  reasons: string[];
  /** The file, and its lines from `from` on; null where the answer has none. */
  file: string | null;
  from: number;
  lines: string[];
}

/** A scenario whose answers fail with one model and pass with another. */
export interface Turned {
  kind: 'breaks' | 'mended';
  model: string;
  scenario: string;
  base: Count;
  head: Count;
  before: CodeExcerpt;
  after: CodeExcerpt;
}

/** What the answers recommend. */
export interface Recommendation {
  /** `change`: to `models[0]`; `choose`: one of `models`, which cannot be told apart; `stay`; `open`: not decided. */
  kind: 'change' | 'choose' | 'stay' | 'open';
  models: string[];
  headline: string;
  why: string[];
}

/** The page on which a change of models is decided. */
export interface Upgrade {
  format: 1;
  recommendation: Recommendation;
  /** The model of today first. */
  sides: UpgradeSide[];
  /** Each candidate against the model of today, in the order of the sides. */
  comparisons: Comparison[];
  /** Null for two models. */
  ranking: { ranks: Rank[]; pairs: Pair[] } | null;
  turned: Turned[];
  /** What it rests on, in sentences; then what would settle what is open. */
  restsOn: string[];
  settles: string[];
}
