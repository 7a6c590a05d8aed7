import { cellKey } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import { checkIdText, withoutRoot } from '../../domain/grading/check-id.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import type { Services } from './services.ts';

/** What a cell will probably take: seconds by the name of the check (`python/tests`). */
export interface Expectation {
  cell: Cell;
  checks: Readonly<Record<string, number>>;
}

/** Says when a run will probably end, from what its checks took in earlier runs. It listens to the run. */
export class Forecast implements RunListener {
  readonly #lanes: number;
  /** Seconds of what is still to be done, by cell and check, with the time at which it was started. */
  readonly #open = new Map<string, Map<string, { seconds: number; since: number | null }>>();
  #ran = 0;
  #ended = 0;

  /** `lanes`: how many checks run side by side. */
  constructor(lanes: number, expected: readonly Expectation[]) {
    this.#lanes = lanes;
    for (const { cell, checks } of expected) {
      this.#open.set(
        cellKey(cell),
        new Map(Object.entries(checks).map(([name, seconds]) => [name, { seconds, since: null }])),
      );
    }
  }

  checkStarted(cell: Cell, id: string): void {
    const check = this.#open.get(cellKey(cell))?.get(withoutRoot(id));
    if (check !== undefined) check.since = performance.now();
  }

  checkEnded(cell: Cell, { id }: CheckResult, cached: boolean): void {
    const check = this.#open.get(cellKey(cell));
    const started = check?.get(withoutRoot(id))?.since ?? null;
    if (check?.delete(withoutRoot(id)) !== true || started === null) return; // blocked and not asked: it takes no time
    this.#ended += 1;
    if (!cached) this.#ran += 1;
  }

  cellEnded(grade: Grade): void {
    this.#open.delete(cellKey(grade.cell));
  }

  /** Seconds until the end, probably; null when nothing like the rest has run before. */
  secondsLeft(): number | null {
    const remaining = [...this.#open.values()]
      .flatMap((checks) => [...checks.values()])
      .map(({ seconds, since }) => {
        const spent = since === null ? 0 : (performance.now() - since) / 1000;
        return Math.max(0, seconds - spent);
      });
    const sum = remaining.reduce((total, seconds) => total + seconds, 0);
    if (sum === 0) return null;
    // As many of the rest will be known already as of those that have ended.
    const share = (this.#ran + 1) / (this.#ended + 1);
    return Math.max((sum * share) / this.#lanes, share === 1 ? Math.max(...remaining) : 0);
  }
}

/** A forecast for cells whose answers probably are in these languages. */
export function forecastFor(
  { grading: { runners, sharedChecks }, state: { history }, jobs }: Services,
  cells: readonly { cell: Cell; languages: readonly string[] }[],
): Forecast {
  const checksOf = (languages: readonly string[]): string[] =>
    runners
      .filter(({ language }) => languages.includes(language))
      .flatMap(({ language, checks }) =>
        [...checks, ...sharedChecks.everyLanguage].map(({ name }) => checkIdText({ language, name, root: null })),
      );
  const expected = cells.map(({ cell, languages }): Expectation => ({
    cell,
    checks: Object.fromEntries(
      checksOf(languages).map((id) => [id, history.expected(cell.scenario, id)?.seconds ?? 0]),
    ),
  }));
  return new Forecast(jobs, expected);
}
