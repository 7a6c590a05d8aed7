import { blocked, errored } from '../../domain/grading/check.ts';
import type { CheckResult, Outcome } from '../../domain/grading/check.ts';
import { checkIdText } from '../../domain/grading/check-id.ts';
import { SCENARIO_CHECK } from '../../domain/grading/command-check.ts';
import type { CommandCheck } from '../../domain/grading/command-check.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Asked } from '../../domain/grading/question.ts';
import type { CommandContext } from '../../ports/checks.ts';
import { controlFiles } from './crash.ts';
import { withFiles } from './effects.ts';
import type { AnswerEffects } from './effects.ts';
import { locate } from './project-checks.ts';

/** MiB that a command is assumed to need. */
const ASSUMED_MIB = 1024;

/** The control projects of all languages that are asked for, in one folder. */
function controlOf({ runners }: AnswerEffects['grading'], { languages }: Asked): AnswerFile[] {
  const asked = runners.filter(({ language }) => language in languages);
  const files = asked.flatMap((runner) => controlFiles(runner, '.'));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** The outcome of one command. What it rejects with is our failure, unless we were asked to stop. */
async function outcomeOf(
  check: CommandCheck,
  context: CommandContext,
  { grading }: Pick<AnswerEffects, 'grading'>,
): Promise<Outcome> {
  const run = grading.sharedChecks.command;
  if (run === undefined) return errored({ reason: 'checks of scenarios cannot be run here' });
  try {
    return await run(check, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return errored({ reason: (await grading.trouble()) ?? message });
  }
}

/**
 * Runs the checks that the scenario brings, each on a copy of the whole answer. Their outcomes are not kept: they
 * depend on programs of this machine, of which Cupel knows no version.
 */
export async function commandChecks(
  files: readonly AnswerFile[],
  asked: Asked,
  effects: AnswerEffects,
): Promise<CheckResult[]> {
  const { commands = [], limits } = asked;
  const { grading, listener } = effects;
  const resultOf = (check: CommandCheck, outcome: Outcome): CheckResult => {
    const id = checkIdText({ language: SCENARIO_CHECK, name: check.id, root: null });
    const result = { id, ...outcome, findings: locate(outcome.findings, files) };
    listener.checkEnded(result, false);
    return result;
  };
  if (commands.length === 0) return [];
  if (files.length === 0) return commands.map((check) => resultOf(check, blocked('the answer has no file')));
  const ran = withFiles(grading, files, (workspace) => {
    const onControl: CommandContext['onControl'] = (use) => withFiles(grading, controlOf(grading, asked), use);
    const run = async (check: CommandCheck): Promise<CheckResult> => {
      listener.checkStarted(checkIdText({ language: SCENARIO_CHECK, name: check.id, root: null }));
      return resultOf(check, await outcomeOf(check, { ...grading.kit, workspace, limits, onControl }, effects));
    };
    const load = { seconds: 1, memoryMiB: ASSUMED_MIB };
    return Promise.all(commands.map((check) => grading.lanes.run(load, () => run(check))));
  });
  return ran.catch((error: unknown) => {
    grading.kit.signal?.throwIfAborted();
    // A full disk, mostly: nothing could be measured, and other cells go on.
    const reason = `the answer could not be laid out: ${error instanceof Error ? error.message : String(error)}`;
    return commands.map((check) => resultOf(check, errored({ reason })));
  });
}
