import type { Limits } from '../../domain/grading/limits.ts';
import type { Check, CheckContext, Runner } from '../../ports/runner.ts';
import type { Load, Used } from './lanes.ts';

/** MiB that a check is thought to need of which nothing is known. */
const UNKNOWN_MIB = 1024;
/** Memory varies from answer to answer. */
const MARGIN = 1.25;

/**
 * What a check will probably take: as long as it and the longest of what waits for it, and memory as in earlier runs.
 * `expected` says what a check of the runner took in earlier runs; null when none of its name has run.
 */
export function loadOf(runner: Runner, check: Check, limits: Limits, expected: (name: string) => Used | null): Load {
  const secondsUntilAll = (name: string, seconds: number): number => {
    const after = runner.checks.filter(({ needs, after: waits = [] }) => needs.includes(name) || waits.includes(name));
    return (
      seconds +
      Math.max(0, ...after.map((next) => secondsUntilAll(next.name, expected(next.name)?.seconds ?? next.cost)))
    );
  };
  const earlier = expected(check.name);
  const memoryMiB = earlier === null ? UNKNOWN_MIB : earlier.memoryMiB * MARGIN;
  return {
    seconds: secondsUntilAll(check.name, earlier?.seconds ?? check.cost),
    memoryMiB: Math.min(memoryMiB, limits.memoryMiB),
  };
}

/** A context that measures what is done with it; `used` says what that was so far. */
export function measured(context: CheckContext): { context: CheckContext; used(): Used } {
  const started = performance.now();
  let waitedMs = 0;
  let memoryMiB = 0;
  const { sandbox } = context;
  const watched: CheckContext['sandbox'] = {
    async run(job) {
      const execution = await sandbox.run(job);
      memoryMiB = Math.max(memoryMiB, execution.peakMiB);
      return execution;
    },
    probe: () => sandbox.probe(),
  };
  const alone: CheckContext['alone'] = (run) => {
    const asked = performance.now();
    return context.alone(() => {
      waitedMs += performance.now() - asked;
      return run();
    });
  };
  return {
    context: { ...context, sandbox: watched, alone },
    used: () => ({ seconds: (performance.now() - started - waitedMs) / 1000, memoryMiB }),
  };
}
