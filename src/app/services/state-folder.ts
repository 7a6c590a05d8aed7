import type { Notify } from '../../ports/notice.ts';
import { unreachableAt } from '../../sandbox/identity.ts';
import { diskHistory } from '../../store/state/history.ts';
import type { History } from '../../store/state/history.ts';
import { diskLayers } from '../../store/state/layers.ts';
import type { DiskLayers } from '../../store/state/layers.ts';
import { prune } from '../../store/state/prune.ts';
import { readSize, sizeText } from '../../store/state/size.ts';
import { stateFolder } from '../../store/state/state.ts';
import type { State } from '../../store/state/state.ts';
import { diskVerdicts, noVerdicts } from '../../store/state/verdict-cache.ts';
import type { DiskVerdicts } from '../../store/state/verdict-cache.ts';

/** Where the state folder is, and how it is used. */
export interface StateOptions {
  /** Folder for layers, caches and verdicts; that of the project when absent. */
  state?: string | undefined;
  /** What that folder may take (`10GB`). */
  stateSize?: string | undefined;
  /** Whether outcomes of checks are taken from earlier runs where nothing has changed; true when absent. */
  cache?: boolean | undefined;
}

/** The folder for what outlives a run, and its parts that grading uses. */
export interface StateFolder extends State {
  layers: DiskLayers;
  verdicts: DiskVerdicts;
  history: History;
  /** Keeps what was learnt about checks, and removes what is over the folder's size. Never rejects. */
  tidy(): Promise<void>;
}

/**
 * Opens the state folder: `usual`, where none is named. Throws `UsageError` when it cannot be entered, or for a size
 * that cannot be read.
 */
export async function openStateFolder(
  usual: string,
  { state, stateSize, cache }: StateOptions,
  notify: Notify,
  signal: AbortSignal,
): Promise<StateFolder> {
  const place = await stateFolder(usual, state ?? null, unreachableAt);
  const most = readSize(stateSize ?? '10GB', '--state-size');
  const warn = (text: string): void => notify({ kind: 'warning', text });
  const making = (layer: string): void => notify({ kind: 'layer-setup', layer });
  const layers = diskLayers(place.folder, { making, note: warn }, signal);
  const verdicts = cache === false ? noVerdicts : diskVerdicts(place.folder, warn);
  const history = await diskHistory(place.folder);
  async function tidy(): Promise<void> {
    await history.save();
    if (stateSize === undefined && !layers.grown() && !verdicts.grown()) return;
    const pruned = await prune(place.folder, most);
    if (pruned === null || pruned.after <= most) return;
    warn(
      `${place.folder} takes ${sizeText(pruned.after)}, more than ${sizeText(most)} (--state-size): the rest is ` +
        'in use, or cannot be made again',
    );
  }
  return {
    ...place,
    layers,
    verdicts,
    history,
    // The run is done; a failure here changes nothing of it.
    tidy: () =>
      tidy().catch((error: unknown) => warn(`${place.folder} could not be tidied: ${(error as Error).message}`)),
  };
}
