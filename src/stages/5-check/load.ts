import type { Limits } from '../../domain/grading/limits.ts';
import type { Check, CheckContext } from '../../ports/runner.ts';
import type { Load, Used } from './lanes.ts';

/** MiB that a check is assumed to need when no earlier run tells. */
const UNKNOWN_MIB = 1024;
/** Memory varies from answer to answer. */
const MARGIN = 1.25;

/**
 * What one of a project's checks will probably take: the time of it and of the longest of what waits for it, and memory
 * as in earlier runs. `expected` says what a check took in earlier runs; null when none of its name has run.
 */
export function loadOf(
  checks: readonly Check[],
  check: Check,
  limits: Limits,
  expected: (name: string) => Used | null,
): Load {
  const secondsUntilAllDone = (name: string, seconds: number): number => {
    const next = checks.filter(({ needs, after = [] }) => needs.includes(name) || after.includes(name));
    const rest = next.map((one) => secondsUntilAllDone(one.name, expected(one.name)?.seconds ?? one.cost));
    return seconds + Math.max(0, ...rest);
  };
  const earlier = expected(check.name);
  const memoryMiB = earlier === null ? UNKNOWN_MIB : earlier.memoryMiB * MARGIN;
  return {
    seconds: secondsUntilAllDone(check.name, earlier?.seconds ?? check.cost),
    memoryMiB: Math.min(memoryMiB, limits.memoryMiB),
  };
}

/** A context that measures what is done with it; `used` says what that was so far. */
export function measured(context: CheckContext): { context: CheckContext; used(): Used } {
  const startedAt = performance.now();
  let waitedMs = 0;
  let memoryMiB = 0;
  const { sandbox } = context;
  const watched: CheckContext['sandbox'] = {
    async run(job) {
      const execution = await sandbox.run(job);
      memoryMiB = Math.max(memoryMiB, execution.peakMiB);
      return execution;
    },
    async serve(job) {
      const service = await sandbox.serve(job);
      const note = ({ peakMiB }: { peakMiB: number }): void => void (memoryMiB = Math.max(memoryMiB, peakMiB));
      service.ended.then(note, () => {});
      return service;
    },
    probe: () => sandbox.probe(),
  };
  const alone: CheckContext['alone'] = (run) => {
    const since = performance.now();
    return context.alone(() => {
      waitedMs += performance.now() - since;
      return run();
    });
  };
  return {
    context: { ...context, sandbox: watched, alone },
    used: () => ({ seconds: (performance.now() - startedAt - waitedMs) / 1000, memoryMiB }),
  };
}
