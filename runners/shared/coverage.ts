import { errored, failed, notApplicable, passed } from '../../src/domain/grading/check.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { finding } from './job.ts';

/** Lines of one file that count, and those of them that ran. */
export interface FileCoverage {
  /** Path relative to the answer's root. */
  path: string;
  total: number;
  covered: number;
  /** Lines that never ran, in order. */
  missing: readonly number[];
}

/** Coverage of all non-test code, and with the answer's own exclusions. */
export interface Coverage {
  all: readonly FileCoverage[];
  own: readonly FileCoverage[];
  /** What is counted: lines, or statements where the tool knows no lines. */
  unit: 'lines' | 'statements';
}

/** Share (0 to 1) of what counts that ran; 0 when there is nothing to run. */
export function share(files: readonly FileCoverage[]): number {
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  return total === 0 ? 0 : covered / total;
}

/** Ends of lines, in any language: more of them than a tool counts do no harm. */
const lineEnd = /\r\n|[\n\r\u2028\u2029]/;

/**
 * Why what a coverage report says cannot be true of the answer's files; null when it can. `places` are lines of which
 * the report speaks, by path relative to the answer's root.
 */
export function impossibleCoverage(
  files: readonly Pick<AnswerFile, 'path' | 'text'>[],
  places: Iterable<{ path: string; line: number }>,
): string | null {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const ends = new Map<string, number>();
  for (const { path, line } of places) {
    const end = ends.get(path) ?? (texts.get(path) ?? '').split(lineEnd).length;
    ends.set(path, end);
    if (line > end) return `the coverage report speaks of line ${line} of ${path}, which has ${end}`;
  }
  return null;
}

/**
 * The verdict on a run of which there is no coverage that can be true, where `works` says whether there is of a test of
 * ours.
 */
export async function unmeasured(reason: string, works: () => Promise<boolean>): Promise<Outcome> {
  return (await works())
    ? failed({ reason })
    : errored({ reason: `${reason}; nor is the coverage of a test of ours measured` });
}

/**
 * A coverage check's outcome where a scenario may have set no target: without one, what cannot be measured is no
 * failure.
 */
export function whereAsked(target: number | null, outcome: Outcome): Outcome {
  if (target !== null || outcome.status !== 'failed') return outcome;
  const { facts, findings, evidence } = outcome;
  return { ...notApplicable('no target was set'), facts, findings, evidence };
}

/** The reason for a file that should be a coverage report and cannot be read as one. */
export const UNREADABLE_COVERAGE = 'the coverage report cannot be read: it is torn, or not what the tool writes';

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

/** Consecutive numbers as ranges: `3-5, 9`. */
function ranges(lines: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < lines.length;) {
    let end = start;
    while (lines[end + 1] === (lines[end] ?? 0) + 1) end += 1;
    parts.push(start === end ? `${lines[start]}` : `${lines[start]}-${lines[end]}`);
    start = end + 1;
  }
  return parts.join(', ');
}

/**
 * Findings for lines that nothing runs (the changed copy has them), by path relative to the answer's root, and that are
 * reported as run all the same.
 */
export function forgedCoverage(
  tool: string,
  counter: readonly FileCoverage[],
  never: ReadonlyMap<string, number>,
): Finding[] {
  const line = (path: string): number => never.get(path) ?? 0;
  return counter
    .filter(({ path, missing }) => never.has(path) && !missing.includes(line(path)))
    .map(({ path }) =>
      finding({ tool, rule: 'forged', file: path, message: 'code that nothing runs is reported as run' }),
    );
}

/** The verdict on coverage against the scenario's target; without a target it is measured and not judged. */
export function judgeCoverage(tool: string, coverage: Coverage, target: number | null, forged: Finding[]): Outcome {
  const lines = share(coverage.all);
  const facts = {
    lines: round(lines),
    lines_own: round(share(coverage.own)),
    unit: coverage.unit,
    ...(target === null ? {} : { target }),
  };
  const uncovered = coverage.all
    .filter((file) => file.missing.length > 0)
    .map((file) =>
      finding({
        tool,
        rule: 'uncovered',
        severity: 'info',
        file: file.path,
        line: file.missing[0] ?? null,
        message: `${file.missing.length} ${coverage.unit} never ran: ${ranges(file.missing)}`,
      }),
    );
  const details = { facts, findings: [...forged, ...uncovered] };
  if (target === null) return { ...notApplicable('no target was set'), ...details };
  if (forged.length > 0) return failed({ ...details, reason: 'the coverage report is forged' });
  if (round(lines) >= target) return passed(details);
  return failed(
    { ...details, reason: `${percent(lines)} of ${coverage.unit} ran, the target is ${percent(target)}` },
    lines / target,
  );
}
