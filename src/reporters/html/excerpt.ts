import type { Finding } from '../../domain/grading/finding.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { gravestFirst } from '../culprit.ts';
import { visible } from '../harmless.ts';
import type { ExcerptLine, Excerpts } from './data.ts';

/** The texts of a cell: its answer and its files by path; null and absent where they are no longer there. */
export interface Texts {
  answer: string | null;
  files: ReadonlyMap<string, string>;
}

/** Lines before and after the one that a finding points to. */
export const MOST_CONTEXT = 3;
/** Findings of one check that get an excerpt. */
const MOST_FINDINGS = 25;
const LONGEST_LINE = 200;

const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);

/** The name of the place that a finding points to; null when that is no line. */
export function placeKey({ file, line, answer_line }: Pick<Finding, 'file' | 'line' | 'answer_line'>): string | null {
  if (file !== null) return line === null ? null : `${file}:${line}`;
  return answer_line === null ? null : `:${answer_line}`;
}

function around(lines: readonly string[], line: number): { number: number; text: string }[] {
  const first = Math.max(1, line - MOST_CONTEXT);
  return lines.slice(first - 1, line + MOST_CONTEXT).map((text, index) => ({ number: first + index, text }));
}

/** A number of the answer stands beside a line of the file only where the two lines are the same. */
function fromFile(
  file: readonly string[],
  answer: readonly string[],
  line: number,
  answerLine: number | null,
): ExcerptLine[] {
  return around(file, line).map(({ number, text }) => {
    const inAnswer = answerLine === null ? 0 : answerLine + number - line;
    const same = inAnswer > 0 && answer[inAnswer - 1]?.trim() === text.trim();
    return [number, same || number === line ? Math.max(0, inAnswer) : 0, visible(text, LONGEST_LINE)];
  });
}

/** The lines around every place that a grade's findings point to. */
export function excerptsOf({ checks }: Grade, { answer, files }: Texts): Excerpts {
  const answerLines = answer === null ? [] : linesOf(answer);
  const linesByPath = new Map<string, string[]>();
  const fileLines = (path: string): string[] => {
    const lines = linesByPath.get(path) ?? linesOf(files.get(path) ?? '');
    linesByPath.set(path, lines);
    return lines;
  };
  const excerpts: Record<string, readonly ExcerptLine[]> = {};
  for (const finding of checks.flatMap(({ findings }) => gravestFirst(findings).slice(0, MOST_FINDINGS))) {
    const key = placeKey(finding);
    if (key === null || key in excerpts) continue;
    const { file, line, answer_line } = finding;
    const lines =
      file !== null && line !== null
        ? fromFile(fileLines(file), answerLines, line, answer_line)
        : around(answerLines, answer_line ?? 1).map(({ number, text }): ExcerptLine => [
            0,
            number,
            visible(text, LONGEST_LINE),
          ]);
    if (lines.some(([inFile, inAnswer]) => (file === null ? inAnswer === answer_line : inFile === line)))
      excerpts[key] = lines;
  }
  return excerpts;
}

/** The files that a grade's findings point to, of those that the answer has. */
export function filesToRead({ checks, projects }: Grade): string[] {
  const present = new Set(projects.flatMap(({ files }) => files.map(({ path }) => path)));
  const paths = checks.flatMap(({ findings }) =>
    findings.flatMap(({ file, line }) => (file === null || line === null ? [] : [file])),
  );
  return [...new Set(paths)].filter((path) => present.has(path));
}
