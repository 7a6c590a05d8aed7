import { ProviderError } from '../contract/provider.ts';
import { ToolMissingError } from '../contract/runner.ts';
import { SandboxError } from '../contract/sandbox.ts';
import { UsageError } from '../domain/usage-error.ts';
import { PromptError, PromptValuesError } from '../formats/prompt/index.ts';
import { exit } from './exit.ts';

/** The status and the message for an error that ends a command; null for one that nobody foresaw. */
export function explain(error: unknown): { status: number; message: string } | null {
  if (error instanceof UsageError || error instanceof PromptError || error instanceof PromptValuesError) {
    return { status: exit.usage, message: error.message };
  }
  if (error instanceof SandboxError || error instanceof ToolMissingError || error instanceof ProviderError) {
    return { status: exit.unmeasured, message: error.message };
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES') {
    return { status: exit.unmeasured, message: `${(error as Error).message}; expected a disk that can be written.` };
  }
  return null;
}
