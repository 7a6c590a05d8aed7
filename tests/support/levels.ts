/**
 * How often a property is tried at each level: `npm run test:fast`, `npm test`, and `.ci/run`, where each is tried in
 * full.
 */
const shares: Readonly<Record<string, number>> = { fast: 0.1, test: 0.3, all: 1 };

/** How often to try a property of which `full` tries are wanted; fewer at the faster levels, never fewer than 10. */
export function runs(full: number): number {
  const share = shares[process.env['CUPEL_TEST_LEVEL'] ?? 'all'] ?? 1;
  return Math.min(full, Math.max(10, Math.round(full * share)));
}

/**
 * The rows of a table to try: all of them, but at the level of `npm test` one in `share`, at least one. Which these are
 * depends on what the table is called, so that it is not always the first language of three.
 */
export function rowsOf<Row>(rows: readonly Row[], name: string, share: number): readonly Row[] {
  if (process.env['CUPEL_TEST_LEVEL'] !== 'test' || rows.length === 0) return rows;
  const first = Array.from(name).reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % Math.min(share, rows.length);
  return rows.filter((_, index) => index % share === first);
}
