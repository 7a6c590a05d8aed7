import { NotComparableError } from '../../compare/match.ts';
import { ProviderError } from '../../ports/provider.ts';
import { ToolMissingError } from '../../ports/runner.ts';
import { SandboxError } from '../../ports/sandbox.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { VoidRunError } from '../../domain/void-run-error.ts';
import { PromptError, PromptValuesError } from '../../formats/prompt/index.ts';
import { exit } from './exit.ts';

/** Why a disk takes nothing, by the system's code, and what to do. */
const refusals: Readonly<Record<string, string>> = {
  ENOSPC: 'that its disk is full; make room (the state folder may be made smaller with --state-size), and start again',
  EDQUOT: 'that your share of its disk is used up; make room, and start again',
  EROFS: 'a file system that is read-only; make it writable, or start where it is (--state names another state folder)',
  EACCES: 'that we may not; change its permissions, or start as somebody who may (--state names another state folder)',
  EPERM: 'that we may not; change its permissions, or start as somebody who may (--state names another state folder)',
  EIO: 'that its disk fails; look at the disk before anything else',
};

/** The status and the message for an error of writing that the system reports; null for any other. */
function explainRefusal(error: unknown): { status: number; message: string } | null {
  const { code = '', path = 'a file', syscall, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const refusal = refusals[code];
  if (refusal === undefined) return null;
  // Without a call of the system's, one of us looked, and has said what was expected.
  const text =
    syscall === undefined ? `${message} (${code}).` : `expected to write ${path}, found ${refusal} (${code}).`;
  return { status: exit.unmeasured, message: text };
}

/** The exit status and the message for an error that ends a command. */
export function explain(error: unknown): { status: number; message: string } {
  if (error instanceof UsageError || error instanceof PromptError || error instanceof PromptValuesError)
    return { status: exit.usage, message: error.message };
  if (
    error instanceof SandboxError ||
    error instanceof ToolMissingError ||
    error instanceof ProviderError ||
    error instanceof NotComparableError ||
    error instanceof VoidRunError
  )
    return { status: exit.unmeasured, message: error.message };
  const unexpected = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    explainRefusal(error) ?? {
      status: exit.unmeasured,
      message: `this is a fault of Cupel's own, please report it: ${unexpected}`,
    }
  );
}
