import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { rowsOf } from './levels.ts';

/** Whether Go is installed: it is the one toolchain that a machine may lack. */
export const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

/** `test` for what needs Go: skipped where it is not installed. */
export const goTest = test.skipIf(!hasGo);

/**
 * `test.each` for rows that name their language: a row that has 'go' as one of its elements is skipped where Go is not
 * installed. At the level of `npm test` one row in three is tried.
 */
export function languageTests<Row extends readonly unknown[] | [unknown]>(
  rows: readonly Row[],
): (title: string, options: { timeout: number; concurrent?: boolean }, run: (...row: Row) => Promise<void>) => void {
  return (title, options, run) =>
    test.for<Row>(rowsOf(rows, title, 3))(title, options, async (row, { skip }) => {
      skip(!hasGo && (row as readonly unknown[]).includes('go'), 'Go is not installed');
      await run(...row);
    });
}
