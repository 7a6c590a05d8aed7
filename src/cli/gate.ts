/** The gate of a suite, as `cupel run` decides it: once at the end, or again and again until it is settled. */
import { join } from 'node:path';
import { cellKey } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { PlannedCell } from '../domain/grading/question.ts';
import type { Results } from '../domain/runs/run.ts';
import type { Suite } from '../domain/runs/suite.ts';
import type { RunSummary } from '../domain/runs/summary.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { Open } from '../compare/allocate.ts';
import { helpfulFirst } from '../compare/compare.ts';
import { ALPHA, dimensionAlphas } from '../compare/decide.ts';
import type { Sides } from '../compare/match.ts';
import { outlook, outlookText } from '../compare/sight.ts';
import { alphaSpending } from '../compare/statistics/spending.ts';
import { baselineNames, readBaseline } from '../store/runs/baselines.ts';
import { runIds } from '../store/runs/run-store.ts';
import { readRunSummary } from '../store/runs/run-summary.ts';
import { comparison } from './comparison.ts';
import type { Services } from './services.ts';

const summaryOf = (root: string, run: string): Promise<RunSummary> =>
  readRunSummary(join(root, 'reports', 'runs', run));

/** What a suite's runs are compared with, and how the two sides are told apart. */
interface Opponent {
  /** Null where both sides are in the run itself. */
  baseline: RunSummary | null;
  sides: Sides;
  open: Open;
}

/** Reads `gate: base` of a suite; null when there is none. Throws `UsageError` when it names nothing. */
async function opponentOf({ id, gate, prompts, models }: Suite, root: string): Promise<Opponent | null> {
  const base = gate?.base;
  if (base === undefined) return null;
  if (base === 'baseline')
    return {
      baseline: await readBaseline(root, id),
      sides: { prompt: null, model: null, common: false },
      open: 'head',
    };
  for (const [factor, names] of [
    ['prompt', prompts],
    ['model', models],
  ] as const) {
    if (!names.includes(base)) continue;
    const [head, third] = names.filter((name) => name !== base);
    if (head === undefined || third !== undefined)
      throw new UsageError(
        `suite ${id}: gate.base: expected two ${factor}s, ${base} and the one to be judged, found ${names.join(', ')}.`,
      );
    return {
      baseline: null,
      sides: { prompt: null, model: null, common: false, [factor]: [base, head] },
      open: 'both',
    };
  }
  throw new UsageError(
    `suite ${id}: gate.base: expected baseline, or one of ${[...prompts, ...models].join(', ')}, found ${base}.`,
  );
}

async function look(
  suite: Suite,
  opponent: Opponent,
  run: string,
  head: RunSummary,
  wired: Services,
  reporter: Reporter,
  alpha?: number,
): Promise<Comparison> {
  return comparison(
    { base: opponent.baseline === null ? run : `baseline:${suite.id}`, head: run },
    { base: opponent.baseline ?? head, head },
    opponent.sides,
    suite.gate ?? defaultGate,
    wired,
    reporter,
    alpha,
  );
}

/** The comparison that decides a run's gate; null where the suite does not say with what. */
export async function gatedComparison(
  suite: Suite,
  results: Results,
  wired: Services,
  reporter: Reporter,
): Promise<Comparison | null> {
  const opponent = await opponentOf(suite, wired.root);
  return opponent === null
    ? null
    : look(suite, opponent, results.run.id, await summaryOf(wired.root, results.run.id), wired, reporter);
}

/** Reads `--until-settled [answers]`: how many answers may be added in all. Throws `UsageError`. */
export function mostAdded({ id, gate }: Suite, cells: readonly PlannedCell[], option: true | string): number {
  if (gate?.base === undefined)
    throw new UsageError(
      `--until-settled: expected the suite ${id} to say what is to be settled (gate: base), found nothing.`,
    );
  const most = option === true ? cells.length : Number(option);
  if (!Number.isInteger(most) || most < 1)
    throw new UsageError(`--until-settled: expected a number of answers from 1, found ${option}.`);
  return most;
}

/** The next repeat of the strata that help most, on the sides that are open, as far as there is room. */
function nextCells(base: RunSummary, head: RunSummary, { sides, open }: Opponent, suite: Suite, room: number): Cell[] {
  const strata = helpfulFirst(base, head, sides, suite.gate ?? defaultGate, open);
  const next: Cell[] = [];
  for (const stratum of strata.slice(0, Math.ceil(strata.length / 2))) {
    const grown = (open === 'both' ? [stratum.base, stratum.head] : [stratum.head]).map((cells) =>
      cells.map(({ cell }) => cell),
    );
    const added = grown.flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [{ ...first, repeat: Math.max(first.repeat, ...rest.map(({ repeat }) => repeat)) + 1 }],
    );
    if (next.length + added.length > room) break;
    next.push(...added);
  }
  return next;
}

/** Cells that were added and got no answer, by key: the budget is spent, or nothing more is to be had. */
function unanswered({ grades }: Results, first: Results): Set<string> {
  const asked = new Set(first.run.cells.map(cellKey));
  const missing = grades.filter(
    ({ cell, checks }) =>
      !asked.has(cellKey(cell)) && checks.some(({ id, status }) => id === 'answer/received' && status === 'errored'),
  );
  return new Set(missing.map(({ cell }) => cellKey(cell)));
}

/**
 * Adds answers in rounds until the gate is decided, or the room or the budget is used up. How often it will look at most is known
 * beforehand, and each look spends its part of the chance of a false "worse".
 */
export async function untilSettled(
  suite: Suite,
  first: Results,
  most: number,
  grow: (run: string, wanted: ReadonlySet<string>, repeats: number) => Promise<Results>,
  wired: Services,
  reporter: Reporter,
): Promise<{ results: Results; made: Comparison | null; judged: readonly Grade[] }> {
  const opponent = await opponentOf(suite, wired.root);
  if (opponent === null) return { results: first, made: null, judged: first.grades };
  const gate = suite.gate ?? defaultGate;
  const id = first.run.id;
  const scenarios = new Set(first.run.cells.map(({ scenario }) => scenario)).size;
  const begun = await summaryOf(wired.root, id);
  const strata = helpfulFirst(opponent.baseline ?? begun, begun, opponent.sides, gate, opponent.open).length;
  const step = Math.ceil(strata / 2) * (opponent.open === 'both' ? 2 : 1);
  const looks = 1 + Math.ceil(most / step);
  const share = dimensionAlphas(
    1,
    Object.keys(gate.margins).length + Object.keys(gate.limits).length,
    gate.hard.length > 0,
  ).first;
  const spending = alphaSpending(ALPHA, looks, gate.scope === 'suite' ? 0 : 2 ** -scenarios / share);
  let [results, room, spent] = [first, most, 0];
  for (const [index, part] of spending.entries()) {
    const whole = await summaryOf(wired.root, id);
    const without = unanswered(results, first);
    const head = { ...whole, cells: whole.cells.filter(({ cell }) => !without.has(cellKey(cell))) };
    const next =
      index === looks - 1 || without.size > 0 ? [] : nextCells(opponent.baseline ?? head, head, opponent, suite, room);
    // The last look may spend all that the others left.
    const alpha = next.length === 0 ? ALPHA - spent : part;
    const made = await look(suite, opponent, id, head, wired, reporter, alpha);
    process.stderr.write(
      `cupel: look ${index + 1} of at most ${looks}: ${made.outcome}${made.outcome === 'not enough data' && next.length > 0 ? `; ${next.length} answers more` : ''}\n`,
    );
    if (made.outcome !== 'not enough data' || next.length === 0)
      return { results, made, judged: results.grades.filter(({ cell }) => !without.has(cellKey(cell))) };
    spent += alpha;
    room -= next.length;
    const cells = [...results.run.cells, ...next];
    results = await grow(id, new Set(cells.map(cellKey)), Math.max(...cells.map(({ repeat }) => repeat)));
  }
  throw new Error('a last look that was none');
}

/** Share of a suite's answers that passed last, in its baseline or its latest finished run; a guess where there is none. */
async function knownRate(suite: string, root: string): Promise<number> {
  const ids = (await runIds(root)).filter((id) => id.endsWith(`-${suite}`)).toReversed();
  const sources = [
    ...((await baselineNames(root)).includes(suite) ? [() => readBaseline(root, suite)] : []),
    ...ids.slice(0, 3).map((id) => () => summaryOf(root, id)),
  ];
  for (const source of sources) {
    // A run that is damaged or not finished is no matter of an outlook.
    const graded = (await source().catch(() => null))?.cells.filter(({ verdict }) => verdict !== 'ungraded') ?? [];
    if (graded.length > 0) return graded.filter(({ verdict }) => verdict === 'pass').length / graded.length;
  }
  return 0.8;
}

/** What the planned answers can settle, before anything is paid. */
export async function foresight(
  suite: Suite,
  cells: readonly PlannedCell[],
  { root }: Services,
): Promise<{ json: object; text: string }> {
  const scenarios = new Set(cells.map(({ cell }) => cell.scenario)).size;
  const planned = {
    scenarios,
    repeats: Math.max(1, ...cells.map(({ cell }) => cell.repeat)),
    rate: await knownRate(suite.id, root),
  };
  const gate = suite.gate ?? defaultGate;
  return {
    json: { cells: cells.length, ...planned, outlook: outlook(planned, gate) },
    text: `${outlookText(planned, gate)}\n`,
  };
}
