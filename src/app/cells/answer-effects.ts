import type { Answer } from '../../domain/grading/answer.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import type { AnswerEffects } from '../../stages/5-check/effects.ts';
import { answerResolutions } from '../../store/state/resolutions.ts';
import type { AnswerResolutions } from '../../store/state/resolutions.ts';
import type { Services } from '../services/services.ts';
import { drawnFrom, lotsOf } from './lots.ts';

/** What is there of an answer besides its text, and where its files go. */
export interface AnswerPlace {
  /** Key from which lots were drawn when the answer was graded before. */
  lots?: string | null;
  /** Path of a resolution that its owner keeps beside the answer; null for none. */
  resolutionFile?: string | null;
  /** Texts of answers that declare the same dependencies: what these resolved to is taken where nothing is known. */
  resolvedLike?: readonly string[];
  keepFiles?(files: readonly AnswerFile[]): Promise<void>;
}

/**
 * The effects for one answer; its `resolutions` fill while it is checked, and are to be saved afterwards.
 * `lots` is the key from which its lots are drawn.
 */
export async function answerEffects(
  { grading, library, lotsSecret, state, warn }: Services,
  cell: Cell,
  { text }: Answer,
  listener: RunListener,
  { lots: earlierLots = null, resolutionFile = null, resolvedLike = [], keepFiles }: AnswerPlace = {},
): Promise<AnswerEffects & { resolutions: AnswerResolutions; lots: string }> {
  const lots = earlierLots ?? lotsOf(lotsSecret, cell);
  const resolutions = await answerResolutions(text, {
    state: state.folder,
    resolutionFile,
    like: resolvedLike,
    committed: (hash) => library.resolution(hash),
    note: warn,
  });
  return {
    grading,
    lots,
    draw: (purpose) => drawnFrom(lots, purpose),
    resolutions,
    history: {
      expected: (id) => state.history.expected(cell.scenario, id),
      learn: (id, used) => state.history.learn(cell.scenario, id, used),
    },
    listener: {
      extracted: async (files) => keepFiles?.(files),
      checkStarted: (id) => listener.checkStarted?.(cell, id),
      checkEnded: (result, cached) => listener.checkEnded?.(cell, result, cached),
    },
  };
}
