import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import type { Results } from '../domain/runs/run.ts';

/** What a reporter can read of a run besides its results. */
export interface RunFiles {
  /** The run's folder, relative to the project's. */
  path: string;
  /** An answer with all that is known of it; rejects where it is gone. Absent where only texts can be read. */
  answer?(cell: Cell): Promise<Answer>;
  /** The text of an answer and of some of its files, as the run kept them; what is gone is null or absent. */
  texts(cell: Cell, paths: readonly string[]): Promise<{ answer: string | null; files: Map<string, string> }>;
}

/** A rendered run. */
export interface Report {
  text: string;
  /** What belongs on the summary page of a CI job; where there is none, it comes after the text. */
  jobSummary?: string;
}

/**
 * Renders a finished run in one format. What answers and tools wrote is hostile: it never reaches the text as it is.
 */
export interface Reporter {
  /** Name of the file that every finished run has in this format; absent when it is only rendered on demand. */
  file?: string;
  /** `catalog` describes the checks, and tells their facts in words. */
  render(results: Results, run: RunFiles, catalog: CheckCatalog): Promise<Report>;
}

/** Renders a comparison in one format. */
export interface ComparisonReporter {
  /** `answers` reads the texts of the compared answers, by `<run>/<cell key>`, as far as there is room for them. */
  render(comparison: Comparison, answers: () => Promise<ReadonlyMap<string, string>>): Promise<string>;
}
