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
