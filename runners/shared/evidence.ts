import type { Evidence } from '../../src/domain/grading/check.ts';
import { keptOutput } from '../../src/formats/program-output.ts';
import type { Execution } from '../../src/ports/sandbox.ts';

/** What to keep of a program's end. Control characters that could command a terminal are shown, not sent. */
export function evidenceOf(execution: Execution): Evidence {
  const output = [execution.stdout, execution.stderr].filter((part) => part !== '').join('\n');
  return {
    command: execution.command,
    exitCode: execution.exitCode,
    signal: execution.signal,
    limit: execution.limit,
    durationMs: Math.round(execution.durationMs),
    cpuMs: Math.round(execution.cpuMs),
    output: keptOutput(output),
  };
}

/** A limit in words. */
export const limitWords: Readonly<Record<NonNullable<Evidence['limit']>, string>> = {
  cpu: 'used up its CPU time',
  wall: 'did not end within its wall-clock time',
  memory: 'used more memory than allowed',
  output: 'printed more than allowed',
  'file-size': 'wrote a larger file than allowed',
  disk: 'wrote more than allowed in all',
  processes: 'started more processes than allowed',
};

/** How a program ended, in words. */
export function endOf(execution: Pick<Execution, 'exitCode' | 'signal' | 'limit'>): string {
  if (execution.limit !== null) return limitWords[execution.limit];
  if (execution.signal !== null) return `was ended by ${execution.signal}`;
  return `exit status ${execution.exitCode ?? 'unknown'}`;
}
