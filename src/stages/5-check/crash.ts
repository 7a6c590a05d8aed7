import { errored, failed, passed } from '../../domain/grading/check.ts';
import type { Outcome } from '../../domain/grading/check.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import { fromProject } from '../../domain/grading/project.ts';
import type { ToolCrashedError } from '../../ports/runner.ts';
import type { Check, CheckContext, Runner } from '../../ports/runner.ts';
import { withFiles } from './effects.ts';
import type { Grading } from './effects.ts';

/** The control project of a runner, laid out at a root. */
export function controlFiles(runner: Runner, root: string): AnswerFile[] {
  return Object.entries(runner.control).map(([path, text]) => ({
    path: fromProject({ root }, path),
    text,
    line: 1,
    lines: [],
    namedBy: 'inferred',
  }));
}

/** Whether the check comes to a verdict on the runner's control project, in the same environment. */
async function worksOnControl(
  runner: Runner,
  context: CheckContext,
  check: Check,
  grading: Pick<Grading, 'layOut'>,
): Promise<boolean> {
  const files = controlFiles(runner, context.project.root);
  return withFiles(grading, files, async (folder) => {
    try {
      // The answer's environment is what is to be tried; everything else that was kept came from the answer's files.
      const once: CheckContext['once'] = (name, make) =>
        context.once(name.endsWith('-environment') ? name : `control ${name}`, make);
      const outcome = await check.run({
        ...context,
        once,
        project: { ...context.project, files },
        files,
        workspace: folder,
        draft: folder,
      });
      return outcome.status !== 'errored';
    } catch {
      context.signal?.throwIfAborted();
      return false;
    }
  });
}

/**
 * The verdict on a tool that crashed on an answer, or ran into a limit on it: the code's failure when the same tool
 * copes with a control project, else ours. So neither a broken tool is scored as the code's, nor can code make itself
 * ungraded. A check that only warns does not fail for that either: it warns that it could not look.
 */
export async function judgeToolCrash(
  error: ToolCrashedError,
  runner: Runner,
  context: CheckContext,
  check: Check,
  grading: Pick<Grading, 'layOut'>,
): Promise<Outcome> {
  const details = { reason: error.message, evidence: [error.evidence] };
  if (!(await worksOnControl(runner, context, check, grading))) return errored(details);
  const onlyWarns = check.weight === 0;
  const finding: Finding = {
    tool: check.name,
    rule: 'tool-crashed',
    severity: onlyWarns ? 'warning' : 'error',
    message: error.message,
    file: null,
    line: null,
    answer_line: null,
  };
  return (onlyWarns ? passed : failed)({ ...details, findings: [finding] });
}
