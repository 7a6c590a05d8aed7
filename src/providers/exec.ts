import { execa } from 'execa';
import { parse } from 'shell-quote';
import type { Answer } from '../domain/grading/answer.ts';
import type { ModelSettings } from '../domain/runs/models.ts';
import type { Request } from '../domain/grading/prompt.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Clock } from '../ports/clock.ts';
import { ProviderError } from '../ports/provider.ts';
import type { LiveProvider } from '../ports/provider.ts';

/** sysexits.h: a failure that may pass. Any other status but 0: the command failed. */
const EX_TEMPFAIL = 75;

/** Longer answers than this are no answers. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The words of a command; no shell has a part in it. Throws `UsageError`. */
function wordsOf(model: string): [string, ...string[]] {
  const [command, ...words] = parse(model.slice('exec:'.length)).map((word) => {
    if (typeof word === 'string') return word;
    throw new UsageError(
      `model ${model}: expected a command and its words, found something for a shell; put it into a script.`,
    );
  });
  if (command === undefined) throw new UsageError(`model ${model}: expected exec:<command>.`);
  return [command, ...words];
}

/** What stands on standard input: the system message, an empty line, the user message; or all messages as JSON. */
function inputOf(model: string, { system, user, turns = [] }: Request, form: ModelSettings['input']): string {
  if (form === 'json') return JSON.stringify({ system, user, ...(turns.length === 0 ? {} : { turns }) });
  if (turns.length > 0)
    throw new UsageError(
      `model ${model}: expected input: json in evals/models.yaml, for the prompt has more messages than one, ` +
        'found text.',
    );
  return system === '' ? user : `${system}\n\n${user}`;
}

/** Ends a command with all that it started: it has a process group of its own. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** Runs a command to its end, to the signal or to the limit; `late` when that was what ended it. */
async function runCommand(
  [command, ...words]: readonly [string, ...string[]],
  input: string,
  limitMs: number,
  signal: AbortSignal,
) {
  const running = execa(command, words, {
    input,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MOST_BYTES,
    detached: true, // a group of its own, which ends as a whole
  });
  let late = false;
  const end = (): void => endGroup(running.pid);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, limitMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    return { result: await running, late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

type Ended = Awaited<ReturnType<typeof runCommand>>['result'];

/** Why there is no answer of a command that failed. */
function failureOf(model: string, { isMaxBuffer, exitCode, originalMessage, stderr }: Ended): ProviderError {
  const lastLines = stderr.trim().split('\n').slice(-3).join(' ');
  const status = exitCode === undefined ? (originalMessage ?? 'it could not be started') : `status ${exitCode}`;
  const how = isMaxBuffer ? `it wrote more than ${MOST_BYTES} bytes` : status;
  return new ProviderError(`${model}: the command failed: ${how}${lastLines === '' ? '' : `: ${lastLines}`}`, {
    problem: exitCode === EX_TEMPFAIL ? 'server' : 'rejected',
    mayCost: true,
  });
}

/** Any command as a model: the request on standard input, the answer on standard output, all of it. */
export function exec(model: string, settings: ModelSettings, limitMs: number, clock: Clock): LiveProvider {
  const words = wordsOf(model);
  return {
    id: 'exec',
    model,
    settings: { model, ...settings },
    worstCase: () => Promise.resolve({ tokens: null, costUsd: null }),
    async answer(request, _cell, signal): Promise<Answer> {
      signal.throwIfAborted();
      const started = clock.now();
      const { result, late } = await runCommand(words, inputOf(model, request, settings.input), limitMs, signal);
      signal.throwIfAborted();
      if (late)
        throw new ProviderError(`${model}: no answer within ${limitMs / 1000} s`, {
          problem: 'stalled',
          mayCost: true,
        });
      if (result.failed) throw failureOf(model, result);
      return {
        text: result.stdout,
        stopReason: 'unknown',
        usage: null,
        costUsd: null,
        latencyMs: clock.now() - started,
        firstTokenMs: null,
        reportedModel: null,
        date: new Date().toISOString().slice(0, 10),
      };
    },
  };
}
