import { expect } from 'vitest';
import type { Project } from '../../src/domain/grading/project.ts';
import type { TestReport } from '../../runners/shared/testing/report.ts';

/** A project of empty files, by their paths from the answer's root. */
export function projectOf(language: string, paths: readonly string[], root = '.'): Project {
  return {
    language,
    root,
    files: paths.map((path) => ({ path, text: '', line: 1, lines: [], namedBy: 'heading' })),
  };
}

/** Whatever report was read: what it says of tests can stand in a result. */
export function soundReport(report: Pick<TestReport, 'tests' | 'problems'> | null): void {
  for (const { name, file, line, message } of [...(report?.tests ?? []), ...(report?.problems ?? [])]) {
    expect([typeof name, typeof message]).toEqual(['string', 'string']);
    if (line !== null) expect(Number.isSafeInteger(line) && line > 0).toBe(true);
    if (file !== null) expect(file).not.toMatch(/^(?:\/|\.\.)/);
  }
  for (const { status } of report?.tests ?? []) expect(['passed', 'failed', 'skipped']).toContain(status);
}
