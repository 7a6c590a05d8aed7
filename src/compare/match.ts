import type { CellSummary, RunSummary } from '../domain/runs/summary.ts';
import type { Gate } from '../domain/runs/gate.ts';
import { UsageError } from '../domain/usage-error.ts';

/** The two cannot be compared: what was expected, what was found, what to do. */
export class NotComparableError extends Error {
  override name = 'NotComparableError';
}

/** Which prompts or models are to be compared, where that is not clear by itself: base's, head's. */
export interface Sides {
  prompt: readonly [base: string, head: string] | null;
  model: readonly [base: string, head: string] | null;
  /** Leave out scenarios that only one side has, or that differ. */
  common: boolean;
}

/** Answers to one scenario (and one prompt or model, where both sides have several), graded, of both sides. */
export interface Matched {
  scenario: string;
  base: CellSummary[];
  head: CellSummary[];
}

export interface Match {
  strata: Matched[];
  base: { cells: CellSummary[]; ungraded: number };
  head: { cells: CellSummary[]; ungraded: number };
  /** Scenarios that were left out, and why. */
  left: string[];
}

type Factor = 'prompt' | 'model';

const valuesOf = (cells: readonly CellSummary[], factor: Factor): string[] => [
  ...new Set(cells.map(({ cell }) => cell[factor] ?? 'none')),
];
const listed = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');

/**
 * Which value of a factor each side has; null when both have the same several ones, which are then matched one by one.
 */
function choose(
  factor: Factor,
  base: RunSummary,
  head: RunSummary,
  wanted: readonly [string, string] | null,
  soleFactor: boolean,
): readonly [string, string] | null {
  const [inBase, inHead] = [valuesOf(base.cells, factor), valuesOf(head.cells, factor)];
  if (wanted !== null) {
    const [one, other] = wanted;
    if (!inBase.includes(one))
      throw new UsageError(`--${factor}: expected one of ${listed(inBase)} of the base, found ${one}.`);
    if (!inHead.includes(other))
      throw new UsageError(`--${factor}: expected one of ${listed(inHead)} of the head, found ${other}.`);
    return wanted;
  }
  if (base.run === head.run) {
    const [one, other] = inBase;
    return soleFactor && inBase.length === 2 && one !== undefined && other !== undefined ? [one, other] : null;
  }
  const same = inBase.length === inHead.length && inBase.every((value) => inHead.includes(value));
  if (same) return null;
  const [one, other] = [inBase[0], inHead[0]];
  if (inBase.length === 1 && inHead.length === 1 && one !== undefined && other !== undefined) return [one, other];
  throw new UsageError(
    `the ${factor}s differ: ${listed(inBase)} in the base, ${listed(inHead)} in the head. Expected to know which ` +
      `to compare: --${factor} <base> <head>.`,
  );
}

const of = (cells: readonly CellSummary[], factor: Factor, value: string | undefined): CellSummary[] =>
  value === undefined ? [...cells] : cells.filter(({ cell }) => (cell[factor] ?? 'none') === value);

/** The graded cells of a side. Refuses a side of which too many are ungraded. */
function graded(side: string, cells: readonly CellSummary[], gate: Gate): { cells: CellSummary[]; ungraded: number } {
  const measured = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const ungraded = cells.length - measured.length;
  if (ungraded > gate.ungraded) {
    throw new NotComparableError(
      `the ${side} is void: expected at most ${gate.ungraded} ungraded cells, found ${ungraded} of ` +
        `${cells.length}. Measure them first (cupel run --resume), or allow more (gate: ungraded).`,
    );
  }
  return { cells: measured, ungraded };
}

const scenarioOf = ({ cell }: CellSummary): string => cell.scenario ?? 'answer';

/** Why a scenario cannot be compared; null when it can. */
function wrongScenario(base: readonly CellSummary[], head: readonly CellSummary[]): string | null {
  if (base.length === 0) return 'only in the head';
  if (head.length === 0) return 'only in the base';
  const hashes = new Set(
    [...base, ...head].map(({ fingerprint: { scenario, variables } }) => JSON.stringify([scenario, variables])),
  );
  return hashes.size > 1 ? 'not the same on both sides' : null;
}

/**
 * Pairs two sides by identity: scenario, and whatever of prompt and model does not itself differ. Repeats have no
 * partner: they are draws.
 */
export function match(base: RunSummary, head: RunSummary, sides: Sides, gate: Gate): Match {
  const several = (['prompt', 'model'] as const).filter((factor) => valuesOf(base.cells, factor).length > 1);
  const sole = (factor: Factor): boolean =>
    several.length === 1 && several[0] === factor && sides.prompt === null && sides.model === null;
  const prompts = choose('prompt', base, head, sides.prompt, sole('prompt'));
  const models = choose('model', base, head, sides.model, sole('model'));
  if (base.run === head.run && prompts === null && models === null) {
    throw new UsageError(
      `${base.run} against itself: expected two sides; name two of its prompts (--prompt <base> <head>: ` +
        `${listed(valuesOf(base.cells, 'prompt'))}) or models (--model <base> <head>: ` +
        `${listed(valuesOf(base.cells, 'model'))}).`,
    );
  }
  const baseSide = graded('base', of(of(base.cells, 'prompt', prompts?.[0]), 'model', models?.[0]), gate);
  const headSide = graded('head', of(of(head.cells, 'prompt', prompts?.[1]), 'model', models?.[1]), gate);
  const key = ({ cell }: CellSummary): string =>
    JSON.stringify([cell.scenario, prompts === null ? cell.prompt : null, models === null ? cell.model : null]);
  const [inBase, inHead] = [Map.groupBy(baseSide.cells, key), Map.groupBy(headSide.cells, key)];
  const [scenariosOfBase, scenariosOfHead] = [
    Map.groupBy(baseSide.cells, scenarioOf),
    Map.groupBy(headSide.cells, scenarioOf),
  ];

  const scenarios = [...new Set([...scenariosOfBase.keys(), ...scenariosOfHead.keys()])].sort();
  const wrong = new Map(
    scenarios.flatMap((scenario) => {
      const why = wrongScenario(scenariosOfBase.get(scenario) ?? [], scenariosOfHead.get(scenario) ?? []);
      return why === null ? [] : [[scenario, why] as const];
    }),
  );
  const unequal = [...wrong].map(([scenario, why]) => `${scenario} (${why})`);
  if (scenarios.length === wrong.size)
    throw new NotComparableError(
      `no scenario is the same on both sides, so nothing can be said: ${listed(unequal)}. Run the same suite again.`,
    );
  if (unequal.length > 0 && !sides.common) {
    throw new NotComparableError(
      `expected the same scenarios on both sides, found ${listed(unequal)}. Run the same suite on both, or compare ` +
        'what they have in common with --common.',
    );
  }
  const strata = [...inBase].flatMap(([name, baseCells]): Matched[] => {
    const other = inHead.get(name);
    const scenario = baseCells[0] === undefined ? '' : scenarioOf(baseCells[0]);
    return other === undefined || wrong.has(scenario) ? [] : [{ scenario, base: baseCells, head: other }];
  });
  return { strata, base: baseSide, head: headSide, left: unequal };
}
