import type { Evidence } from '../domain/grading/check.ts';
import { keptOutput } from '../formats/program-output.ts';
import type { Execution } from '../ports/sandbox.ts';

/** Characters of a program's output that are kept. */
const KEPT = 16_000;

/** What to keep of a program's end. Control characters that could command a terminal are shown, not sent. */
export function evidenceOf({ stdout, stderr, ...execution }: Execution): Evidence {
  const output = [stdout, stderr].filter((part) => part !== '').join('\n');
  return {
    command: execution.command,
    exitCode: execution.exitCode,
    signal: execution.signal,
    limit: execution.limit,
    durationMs: Math.round(execution.durationMs),
    cpuMs: Math.round(execution.cpuMs),
    output: keptOutput(output, KEPT),
  };
}
