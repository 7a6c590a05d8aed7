import type { RunListener } from '../../ports/run-listener.ts';

/**
 * Tells several listeners, one after the other. A fault of one goes to `failed`, and stops neither the others nor the
 * run.
 */
export function tellAll(listeners: readonly RunListener[], failed: (error: unknown) => void): Required<RunListener> {
  const tell = (call: (listener: RunListener) => void): void => {
    for (const listener of listeners) {
      try {
        call(listener);
      } catch (error) {
        failed(error);
      }
    }
  };
  return {
    timeLeft: (secondsLeft) => tell((listener) => listener.timeLeft?.(secondsLeft)),
    runStarted: (run) => tell((listener) => listener.runStarted?.(run)),
    checkStarted: (cell, id) => tell((listener) => listener.checkStarted?.(cell, id)),
    checkEnded: (cell, result, cached) => tell((listener) => listener.checkEnded?.(cell, result, cached)),
    cellEnded: (grade) => tell((listener) => listener.cellEnded?.(grade)),
    runEnded: (results, artifacts) => tell((listener) => listener.runEnded?.(results, artifacts)),
  };
}
