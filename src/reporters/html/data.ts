/** What the page embeds as JSON: the renderer writes it, the page's script reads it. Absent means empty or none. */
import type { CheckStatus } from '../../domain/grading/check.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Verdict } from '../../domain/grading/grade.ts';

/**
 * One line of an excerpt: its number in the file (0: it is no file's), its number in the answer (0: not known), its
 * text.
 */
export type ExcerptLine = readonly [file: number, answer: number, text: string];

/** The lines around each place that findings of a cell point to, by `placeKey`. */
export type Excerpts = Readonly<Record<string, readonly ExcerptLine[]>>;

export interface FindingData {
  tool: string;
  rule: string;
  severity: Finding['severity'];
  message: string;
  file?: string;
  /** Address of the file beside the page; absent when a browser might run it. */
  href?: string;
  line?: number;
  answerLine?: number;
  /** Key of the excerpt in the cell's `excerpts`. */
  at?: string;
  /** A request to the running program and its reply. */
  exchange?: { request: string; reply: string };
}

export interface EvidenceData {
  command: string;
  /** How the program ended, in words. */
  ended: string;
  output: string;
}

export interface CheckData {
  id: string;
  /** The id without the project's root, where it has one. */
  inProjects?: string;
  status: CheckStatus;
  /** The status with its sign. */
  word: string;
  score: string;
  required: boolean;
  measured?: string;
  reason?: string;
  findings?: FindingData[];
  /** Findings that are not embedded. */
  more?: number;
  evidence?: EvidenceData[];
  evidenceHref?: string;
}

export interface CellData {
  name: string;
  verdict: Verdict;
  reasons: string[];
  assumptions?: string[];
  flags?: { line: number; text: string }[];
  answerHref: string;
  checks: CheckData[];
  excerpts: Excerpts;
}

export interface PageData {
  cells: CellData[];
}
