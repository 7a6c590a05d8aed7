import { ToolCrashedError, ToolMissingError } from '../../src/contract/runner.ts';
import type { Execution } from '../../src/contract/sandbox.ts';
import { endOf, evidenceOf } from './evidence.ts';

// env, sh and execvp: 127 no such program, 126 not executable
/** Rejects when a tool of ours was not there to be run. */
export function toolMissing(tool: string, execution: Execution): void {
  if (execution.exitCode === 127 || execution.exitCode === 126) {
    throw new ToolMissingError(
      `${tool} is missing from Cupel's tools (${execution.stderr.trim()}); remove the state folder (.cupel by default) and run npm start to install it again`,
    );
  }
}

/** Rejects because a tool of ours ended in a way that its documentation does not know. */
export function toolCrashed(tool: string, execution: Execution): never {
  const text = (execution.stderr.trim() || execution.stdout.trim()).slice(-1000);
  throw new ToolCrashedError(`${tool} failed on this code (${endOf(execution)}): ${text}`, evidenceOf(execution));
}
