import type { Answer } from '../domain/grading/answer.ts';
import type { Cell } from '../domain/grading/cell.ts';
import { cellName } from '../domain/grading/cell.ts';
import { versionIn } from '../domain/runs/prompt-reference.ts';
import { ProviderError } from '../ports/provider.ts';
import type { Provider } from '../ports/provider.ts';

/** Where recordings come from. */
export interface Recordings {
  /** The recorded answer of a cell, null when there is none. */
  recording(cell: Cell): Promise<Answer | null>;
}

/** The `recorded` model: replays answers that a real model gave once. */
export function recorded(recordings: Recordings): Provider {
  return {
    id: 'recorded',
    async answer(_request, cell) {
      const answer = await recordings.recording(cell);
      if (answer !== null) return answer;
      const version = cell.prompt === null ? null : versionIn(cell.prompt);
      const expected =
        version === null
          ? 'a prompt that sends what a released version with recordings sends, for recordings are filed by version'
          : `evals/recordings/${cell.scenario}@${version}.r${cell.repeat}.md`;
      throw new ProviderError(`there is no recording for ${cellName(cell)}; expected ${expected}`);
    },
  };
}
