import { withDetail } from '../../src/formats/words.ts';
import { existsSync } from 'node:fs';
import { ToolCrashedError, ToolMissingError } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import type { z } from 'zod';
import { endOf, evidenceOf } from './evidence.ts';
import { readReport, readReportLines } from './report.ts';

/**
 * Versions of tools as their locks pin them, by name; `missing` for one whose program is not where its layer has it.
 */
export function pinnedVersions(
  tools: readonly { name: string; version: string | undefined; program: string }[],
): Record<string, string> {
  return Object.fromEntries(
    tools.map(({ name, version, program }) => [name, existsSync(program) ? (version ?? 'missing') : 'missing']),
  );
}

// env, sh and execvp: 127 no such program, 126 not executable
/** Rejects when a tool of ours was not there to be run. */
export function toolMissing(tool: string, execution: Execution): void {
  if (execution.exitCode === 127 || execution.exitCode === 126) {
    throw new ToolMissingError(
      `${tool} is missing from Cupel's tools (${execution.stderr.trim()}); ` +
        'remove layers and seals in the state folder (.cupel by default) and run npm start to install it again',
    );
  }
}

/**
 * Rejects because a tool of ours ended in a way that its documentation does not know; `how` says it where its end does
 * not.
 */
export function toolCrashed(tool: string, execution: Execution, how: string = endOf(execution)): never {
  const text = (execution.stderr.trim() || execution.stdout.trim()).slice(-1000);
  throw new ToolCrashedError(withDetail(`${tool} failed on this code (${how})`, text), evidenceOf(execution));
}

const UNREADABLE = 'what it printed is no report of its own';

/**
 * What a tool of ours printed as JSON, out of reach of the answer's code. Rejects with `ToolCrashedError` when it does
 * not fit: a control decides.
 */
export function toolReport<T>(tool: string, schema: z.ZodType<T>, execution: Execution): T {
  return readReport(schema, execution.stdout) ?? toolCrashed(tool, execution, UNREADABLE);
}

/** The same of a tool that prints one value a line. */
export function toolReportLines<T>(tool: string, schema: z.ZodType<T>, execution: Execution): T[] {
  return readReportLines(schema, execution.stdout) ?? toolCrashed(tool, execution, UNREADABLE);
}
