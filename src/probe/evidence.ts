import type { Evidence } from '../domain/grading/check.ts';
import type { Execution } from '../ports/sandbox.ts';

/** Characters of a program's output that are kept: enough to see why, at both ends. */
const KEPT = 16_000;

function shorten(text: string): string {
  if (text.length <= KEPT) return text;
  const half = KEPT / 2;
  return `${text.slice(0, half)}\n[… ${text.length - KEPT} characters left out …]\n${text.slice(-half)}`;
}

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
    output: shorten(output).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/g, '\uFFFD'),
  };
}
