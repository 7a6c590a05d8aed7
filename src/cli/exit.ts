import { NotComparableError } from '../compare/match.ts';
import { ProviderError } from '../contract/provider.ts';
import { ToolMissingError } from '../contract/runner.ts';
import { SandboxError } from '../contract/sandbox.ts';
import type { Grade } from '../domain/grade.ts';
import { UsageError } from '../domain/usage-error.ts';
import { PromptError, PromptValuesError } from '../formats/prompt/index.ts';

/** Exit statuses of every command. */
export const exit = { held: 0, gate: 1, usage: 2, unmeasured: 3, interrupted: 130 } as const;

/** 3 when more cells could not be graded than are allowed; a failing answer is a result, so 0. */
export function statusOf(grades: readonly Grade[], allowed = 0): number {
  return grades.filter(({ verdict }) => verdict === 'ungraded').length > allowed ? exit.unmeasured : exit.held;
}

/** The status and the message for an error that ends a command; null for one that nobody foresaw. */
export function explain(error: unknown): { status: number; message: string } | null {
  if (error instanceof UsageError || error instanceof PromptError || error instanceof PromptValuesError) {
    return { status: exit.usage, message: error.message };
  }
  if (error instanceof SandboxError || error instanceof ToolMissingError || error instanceof ProviderError || error instanceof NotComparableError) {
    return { status: exit.unmeasured, message: error.message };
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES') {
    return { status: exit.unmeasured, message: `${(error as Error).message}; expected a disk that can be written.` };
  }
  return null;
}
