import { UsageError } from '../domain/usage-error.ts';
import { promote } from '../store/runs/baselines.ts';
import { readSide } from './compare.ts';

/** Which answers of a run become a baseline. */
export interface PromoteRequest {
  /** Id of a run, or `latest`. */
  run: string;
  /** The baseline's name; that of the run's suite when absent. */
  name?: string | undefined;
  /** Only the answers to this prompt, or of this model. */
  prompt?: string | undefined;
  model?: string | undefined;
}

/** A baseline that was written. */
export interface Promoted {
  name: string;
  path: string;
  run: string;
  /** How many answers it has. */
  cells: number;
}

/**
 * Makes a run the baseline of a name. Throws `UsageError` when it has ungraded cells, or none of those that are wanted.
 */
export async function promoteBaseline(root: string, { run, name, prompt, model }: PromoteRequest): Promise<Promoted> {
  const whole = await readSide(root, run);
  const cells = whole.cells.filter(
    ({ cell }) => (prompt === undefined || cell.prompt === prompt) && (model === undefined || cell.model === model),
  );
  if (cells.length === 0)
    throw new UsageError(
      `${run}: expected cells of ${[prompt, model].filter((part) => part !== undefined).join(' and ')}, found none.`,
    );
  const ungraded = cells.filter(({ verdict }) => verdict === 'ungraded').length;
  if (ungraded > 0)
    throw new UsageError(
      `${run}: expected a run without ungraded cells, found ${ungraded}; a baseline must be known. Resume the run ` +
        'first.',
    );
  const nameOfBaseline = name ?? whole.suite ?? 'default';
  const kept = new Set(cells.map(({ fingerprint }) => fingerprint.prompt));
  const prompts = Object.entries(whole.prompts ?? {}).filter(([hash]) => kept.has(hash));
  const path = await promote(root, nameOfBaseline, {
    ...whole,
    ...(prompts.length === 0 ? {} : { prompts: Object.fromEntries(prompts) }),
    cells,
  });
  return { name: nameOfBaseline, path, run: whole.run, cells: cells.length };
}
