/** Runs what a change touches, on both sides. */
import { cellKey } from '../../domain/grading/cell.ts';
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { summaryOf } from '../gate.ts';
import { planRun } from '../plan.ts';
import { runPlanned } from '../run.ts';
import type { RunUsage } from '../run.ts';
import type { Services } from '../services/services.ts';
import type { IdentifiedCell, TouchedQuestion } from './identity.ts';
import { knownCells } from './known.ts';

/** How both sides are measured. */
export interface MeasureOptions {
  replay: boolean;
  /** Dollars for both sides together. */
  budgetUsd: number | undefined;
  /** The project at the base. */
  baseRoot: string;
}

/** Both sides of the questions that a change touches, measured. */
export interface MeasuredSides {
  head: RunSummary;
  /** Null where every question is new. */
  base: RunSummary | null;
  plan: string | null;
  sandbox: string;
  usage: RunUsage;
  fromBaseline: number;
}

const none: RunUsage = { asked: 0, cached: 0, tokens: 0, costUsd: 0, unpriced: 0 };

const sum = (one: RunUsage, other: RunUsage): RunUsage => ({
  asked: one.asked + other.asked,
  cached: one.cached + other.cached,
  tokens: one.tokens + other.tokens,
  costUsd: one.costUsd + other.costUsd,
  unpriced: one.unpriced + other.unpriced,
});

async function runSide(
  services: Services,
  suite: string,
  cells: readonly IdentifiedCell[],
  { replay }: MeasureOptions,
  budgetUsd: number | undefined,
  listener: RunListener,
) {
  const wanted = new Set(cells.map(({ cell }) => cellKey(cell)));
  const planned = await planRun(services, {
    suite,
    folder: services.library.root,
    replay,
    budgetUsd,
    withoutGate: true,
    withoutControls: replay,
    only: ({ cell }) => wanted.has(cellKey(cell)),
  });
  const { results, usage } = await runPlanned(planned, listener);
  return { summary: await summaryOf(services.root, results.run.id), run: results.run, usage };
}

/** A cell of the base under the names that its counterpart in the head has. */
function renamed(cells: readonly CellSummary[], questions: readonly TouchedQuestion[]): CellSummary[] {
  const byKey = new Map(cells.map((cell) => [cellKey(cell.cell), cell]));
  return questions.flatMap(({ head, base }) =>
    (base?.cells ?? []).flatMap(({ cell }) => {
      const found = byKey.get(cellKey(cell));
      if (found === undefined) return [];
      return [{ ...found, cell: { ...found.cell, prompt: head.prompt, model: head.model } }];
    }),
  );
}

/**
 * Measures both sides. The base's answers are those of a baseline or a run with the same identity where there are some;
 * the others are run, which asks nobody where the answers are known.
 */
export async function measure(
  services: { head: Services; base: Services },
  suite: string,
  questions: readonly TouchedQuestion[],
  options: MeasureOptions,
  listener: RunListener,
): Promise<MeasuredSides> {
  const headCells = questions.flatMap(({ head }) => head.cells);
  const ours = await runSide(services.head, suite, headCells, options, options.budgetUsd, listener);
  const { level, driver, version } = ours.run.sandbox;
  const measured = {
    head: ours.summary,
    plan: ours.run.plan ?? null,
    sandbox: `${driver} ${version}, ${level}`,
    usage: ours.usage,
  };
  const wanted = [
    ...new Map(
      questions.flatMap(({ base }) => base?.cells ?? []).map((cell) => [cellKey(cell.cell), cell] as const),
    ).values(),
  ];
  if (wanted.length === 0) return { ...measured, base: null, fromBaseline: 0 };
  const places = { root: services.head.root, baseRoot: options.baseRoot };
  const known = await knownCells(wanted, places, ours.summary);
  const missing = wanted.filter(({ identity }) => !known.has(identity));
  const left = options.budgetUsd === undefined ? undefined : Math.max(0, options.budgetUsd - ours.usage.costUsd);
  const theirs = missing.length === 0 ? null : await runSide(services.base, suite, missing, options, left, listener);
  const taken = wanted.flatMap(({ cell, identity }) => {
    const found = known.get(identity);
    return found === undefined ? [] : [{ ...found, cell }];
  });
  const template = theirs?.summary ?? { ...ours.summary, run: `${ours.summary.run}-base` };
  return {
    ...measured,
    base: { ...template, cells: renamed([...(theirs?.summary.cells ?? []), ...taken], questions) },
    usage: sum(ours.usage, theirs?.usage ?? none),
    fromBaseline: taken.length,
  };
}
