/** Reads a folder of corpora: other people's answers and prompts, which are no part of the project. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Block } from '../../src/domain/grading/extraction.ts';

export interface Answer {
  id: string;
  answer: string;
}

/** A block as a reader labelled it by hand. */
export interface GoldBlock {
  line: number;
  role: string;
  path: string | string[] | null;
}

export interface GoldAnswer extends Answer {
  blocks: GoldBlock[];
}

/** A block as a classifier labelled it. */
export interface WeakBlock {
  line: number;
  kind: string;
  name: string | null;
}

export interface WeakLabels {
  id: string;
  blocks: WeakBlock[];
}

/** A prompt file; `path` is the one that it has where it comes from. */
export interface PromptText {
  file: string;
  path: string;
  text: string;
}

export interface Corpora {
  answers: Map<string, Answer>;
  gold: GoldAnswer[];
  weak: WeakLabels[];
  prompts: PromptText[];
}

const records = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** Reads all of it; throws when the folder is none. */
export function readCorpora(folder: string): Corpora {
  const where = join(folder, 'answers');
  const gold = records<GoldAnswer>(join(where, 'gold-multifile.jsonl'));
  const others = readdirSync(where)
    .filter((name) => name.endsWith('.jsonl') && name !== 'gold-multifile.jsonl' && name !== 'weak-labels.jsonl')
    .sort()
    .flatMap((name) => records<Answer>(join(where, name)));
  return {
    answers: new Map([...others, ...gold].map((answer) => [answer.id, answer])),
    gold,
    weak: records<WeakLabels>(join(where, 'weak-labels.jsonl')),
    prompts: readPrompts(join(folder, 'prompts')),
  };
}

function readPrompts(folder: string): PromptText[] {
  const list = join(folder, 'manifest.json');
  const manifest = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { file: string; path: string }[]) : [];
  const origin = new Map(manifest.map(({ file, path }) => [file, path]));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const file = relative(folder, path);
      return { file, path: origin.get(file) ?? file, text: readFileSync(path, 'utf8') };
    });
}

/** The labels count lines from 0 in places: the block whose opener is on the line after, or on the line. */
export const blockAt = (blocks: Block[], line: number): Block | undefined =>
  blocks.find((block) => block.line === line + 1) ?? blocks.find((block) => block.line === line);

export const percent = (part: number, whole: number): string =>
  `${whole === 0 ? '100.0' : ((100 * part) / whole).toFixed(1)} %`;

/** A share and what it is made of. */
export const share = (part: number, whole: number): string => `${percent(part, whole)} (${part}/${whole})`;

/** What one measurement has to say, as Markdown, and whether its thresholds hold. */
export interface Measured {
  holds: boolean;
  /** What does not hold, or should be looked at; printed, not kept in the document. */
  remarks: string[];
  section: string;
}
