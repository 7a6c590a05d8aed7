import { execa } from 'execa';
import { parse } from 'shell-quote';
import { z } from 'zod';
import { stopReasons } from '../domain/grading/answer.ts';
import type { Answer, StopReason, Usage } from '../domain/grading/answer.ts';
import type { ModelSettings } from '../domain/runs/models.ts';
import type { Request } from '../domain/grading/prompt.ts';
import { keptOutput } from '../formats/program-output.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Enclose } from '../ports/model-program.ts';
import { ProviderError } from '../ports/provider.ts';
import type { LiveProvider } from '../ports/provider.ts';

/** sysexits.h: a failure that may pass. Any other status but 0: the command failed. */
const EX_TEMPFAIL = 75;

/** Characters of the longest report of usage that is read. */
const MOST_REPORT = 4096;

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

/** A command as it is started: its environment is ours where none is given. */
interface Start {
  command: string;
  words: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, to the signal or to the limit; `late` when that was what ended it. */
async function runCommand({ command, words, env }: Start, input: string, limitMs: number, signal: AbortSignal) {
  const running = execa(command, words, {
    input,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MOST_BYTES,
    detached: true, // a group of its own, which ends as a whole
    ...(env === undefined ? {} : { env, extendEnv: false }),
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

/** Characters of what a command printed that a message has: its end says most. */
const SHOWN = 1000;

/** How a command that failed has ended, in words. */
function endOf({ isMaxBuffer, exitCode, signal, originalMessage }: Ended): string {
  if (isMaxBuffer) return `it wrote more than ${MOST_BYTES} bytes`;
  // A shell's convention, which the enclosure follows: 128 + signal.
  const ended = signal ?? (exitCode === 137 ? 'SIGKILL' : exitCode === 143 ? 'SIGTERM' : undefined);
  if (ended === 'SIGKILL') return 'it was ended by SIGKILL, as the system does when memory runs out';
  if (ended !== undefined) return `it was ended by ${ended}`;
  if (exitCode === undefined) return `it could not be started: ${originalMessage ?? 'nobody says why'}`;
  return `status ${exitCode}`;
}

/** The end of a text, where it is long. */
function tail(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= SHOWN ? trimmed : `… ${trimmed.slice(-SHOWN)}`;
}

/** Why there is no answer of a command that failed; what it printed is kept and shown. */
function failureOf(model: string, ended: Ended, durationMs: number): ProviderError {
  const { stdout, stderr, exitCode, signal } = ended;
  const printed = [
    ['standard error', stderr],
    ['standard output', stdout],
  ].filter(([, text]) => text?.trim() !== '');
  const shown = printed.map(([stream, text]) => `; ${stream}: ${tail(text ?? '')}`).join('');
  return new ProviderError(`${model}: the command failed: ${endOf(ended)}${shown}`, {
    problem: exitCode === EX_TEMPFAIL ? 'server' : 'rejected',
    mayCost: true,
    evidence: {
      command: model.slice('exec:'.length),
      exitCode: exitCode ?? null,
      signal: signal ?? null,
      limit: null,
      durationMs: Math.round(durationMs),
      cpuMs: 0,
      output: keptOutput(printed.map(([, text]) => text).join('\n')),
    },
  });
}

const tokens = z.int().nonnegative().default(0);

/** What a command may say of its answer: `{"cupel": {…}}` as the last line of standard error. */
const reportSchema = z.object({
  cupel: z.strictObject({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    costUsd: z.number().nonnegative().nullable().default(null),
    model: z.string().nullable().default(null),
    stopReason: z.enum(stopReasons).default('unknown'),
  }),
});

interface CommandReport {
  usage: Usage | null;
  costUsd: number | null;
  model: string | null;
  stopReason: StopReason;
}

/** The report on the last line of what a command printed on standard error; what is no report says nothing. */
function reportIn(printed: string): CommandReport {
  const silent = { usage: null, costUsd: null, model: null, stopReason: 'unknown' } as const;
  const last = printed.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (!last.startsWith('{') || last.length > MOST_REPORT) return silent;
  let value: unknown;
  try {
    value = JSON.parse(last);
  } catch {
    return silent;
  }
  const read = reportSchema.safeParse(value).data?.cupel;
  if (read === undefined) return silent;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd, model, stopReason } = read;
  const counted = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens > 0;
  return {
    usage: counted ? { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } : null,
    costUsd,
    model,
    stopReason,
  };
}

/**
 * Any command as a model: the request on standard input, the answer on standard output, all of it. `enclose` keeps
 * the project from it, unless its settings say `exposed`. Throws `UsageError` for a command that cannot be had.
 */
export function exec(
  model: string,
  settings: ModelSettings,
  limitMs: number,
  clock: Clock,
  enclose: Enclose,
): LiveProvider {
  const words = wordsOf(model);
  const { environment = [], reads = [], exposed = false } = settings;
  const [command, ...rest] = words;
  const start: Start = exposed ? { command, words: rest } : enclose({ words, environment, reads }, model);
  return {
    id: 'exec',
    model,
    // Answers of commands that could see the project are not those of commands that could not.
    settings: { model, ...settings, exposed },
    worstCase: () => Promise.resolve({ tokens: null, costUsd: null }),
    async answer(request, _cell, signal): Promise<Answer> {
      signal.throwIfAborted();
      const startedAt = clock.now();
      const { result, late } = await runCommand(start, inputOf(model, request, settings.input), limitMs, signal);
      signal.throwIfAborted();
      if (late)
        throw new ProviderError(`${model}: no answer within ${limitMs / 1000} s`, {
          problem: 'stalled',
          mayCost: true,
        });
      if (result.failed) throw failureOf(model, result, clock.now() - startedAt);
      const report = reportIn(result.stderr);
      return {
        text: result.stdout,
        stopReason: report.stopReason,
        usage: report.usage,
        costUsd: report.costUsd,
        latencyMs: clock.now() - startedAt,
        firstTokenMs: null,
        reportedModel: report.model,
        date: new Date().toISOString().slice(0, 10),
      };
    },
  };
}
