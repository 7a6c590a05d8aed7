/** What the page embeds as JSON: the renderer writes it, the page's script reads it. */
import type { CellRow } from '../../domain/runs/comparison.ts';

export interface ScenarioData {
  scenario: string;
  base: CellRow[];
  head: CellRow[];
}

export interface ComparisonData {
  /** Folders of the two runs, relative to reports/, for links. */
  runs: { base: string; head: string };
  scenarios: ScenarioData[];
  /** By index: what, and how many answers of base and head have it. */
  findings: { text: string; base: number; head: number; example: string }[];
  /** Answers by `<run>/<key>`, as far as there is room. */
  answers: Record<string, string>;
}
