/** The gate of a suite: what its runs are compared with, and what comes of that. */
import { join } from 'node:path';
import type { AbsoluteGate } from '../domain/runs/absolute.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Results } from '../domain/runs/run.ts';
import type { Suite } from '../domain/runs/suite.ts';
import type { RunSummary } from '../domain/runs/summary.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { absoluteGate } from '../compare/absolute.ts';
import type { Open } from '../compare/allocate.ts';
import type { Sides } from '../compare/match.ts';
import { readBaseline } from '../store/runs/baselines.ts';
import { readRunSummary } from '../store/runs/run-summary.ts';
import { compareSides } from './compare.ts';
import type { Services } from './services/services.ts';

/** A run as comparisons read it. */
export const summaryOf = (root: string, run: string): Promise<RunSummary> =>
  readRunSummary(join(root, 'reports', 'runs', run));

/** What a suite's runs are compared with, and how the two sides are told apart. */
export interface Opponent {
  /** Null where both sides are in the run itself. */
  baseline: RunSummary | null;
  sides: Sides;
  /** The sides to which answers can be added. */
  open: Open;
}

/** The two names of a factor of which the gate names one as the base. Throws `UsageError` when there are not two. */
function sidesOf(suite: string, factor: 'prompt' | 'model', base: string, names: readonly string[]): Sides {
  const [head, third] = names.filter((name) => name !== base);
  if (head === undefined || third !== undefined)
    throw new UsageError(
      `suite ${suite}: gate.base: expected two ${factor}s, ${base} and the one to be judged, found ` +
        `${names.join(', ')}.`,
    );
  return { prompt: null, model: null, common: false, [factor]: [base, head] };
}

/** Reads `gate: base` of a suite; null when there is none. Throws `UsageError` when it names nothing that is there. */
export async function opponentOf({ id, gate, prompts, models }: Suite, root: string): Promise<Opponent | null> {
  const base = gate?.base;
  if (base === undefined || base === 'none') return null;
  if (base === 'baseline')
    return {
      baseline: await readBaseline(root, id),
      sides: { prompt: null, model: null, common: false },
      open: 'head',
    };
  if (prompts.includes(base)) return { baseline: null, sides: sidesOf(id, 'prompt', base, prompts), open: 'both' };
  if (models.includes(base)) return { baseline: null, sides: sidesOf(id, 'model', base, models), open: 'both' };
  throw new UsageError(
    `suite ${id}: gate.base: expected baseline, none, or one of ${[...prompts, ...models].join(', ')}, found ${base}.`,
  );
}

/**
 * Compares a run of a suite with its opponent. `alpha`: the chance of a false "worse" that this comparison may spend.
 */
export function compareWith(
  services: Services,
  suite: Suite,
  opponent: Opponent,
  head: RunSummary,
  listener: RunListener,
  alpha?: number,
): Promise<Comparison> {
  return compareSides(
    services,
    {
      names: { base: opponent.baseline === null ? head.run : `baseline:${suite.id}`, head: head.run },
      runs: { base: opponent.baseline ?? head, head },
      sides: opponent.sides,
      gate: suite.gate ?? defaultGate,
      alpha,
    },
    listener,
  );
}

/** The comparison that decides a run's gate; null where the suite does not say with what. */
export async function gatedComparison(
  services: Services,
  suite: Suite,
  { run }: Results,
  listener: RunListener,
): Promise<Comparison | null> {
  const opponent = await opponentOf(suite, services.root);
  if (opponent === null) return null;
  return compareWith(services, suite, opponent, await summaryOf(services.root, run.id), listener);
}

/** What the absolute parts of a suite's gate say of a run; of its head where both sides are in it. Null without any. */
export function absoluteOf({ gate, prompts, models }: Suite, { cells }: RunSummary): AbsoluteGate | null {
  if (gate === undefined) return null;
  const base = gate.base ?? 'none';
  const ofBase = ({ prompt, model }: { prompt: string | null; model: string | null }): boolean =>
    prompts.includes(base) ? prompt === base : models.includes(base) && model === base;
  return absoluteGate(
    cells.filter(({ cell }) => !ofBase(cell)),
    gate,
    base !== 'none',
  );
}
