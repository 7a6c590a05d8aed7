import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { judgeFormat, wouldReformat } from '../../shared/format.ts';
import { answerPath, inSandbox } from '../../shared/job.ts';
import { toolCrashed, toolMissing } from '../../shared/tools.ts';
import { parseGo } from '../packages.ts';
import { goEnvironment } from '../compiling.ts';
import { toolchainOf } from '../toolchain.ts';

// gofmt -l: 0 done (the files that differ are listed), 2 a file does not parse
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const program = {
    command: ['/golang/go/bin/gofmt', '-l', '.'],
    mounts: toolchain.mounts,
    env: goEnvironment,
    workspace: context.draft,
  };
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('gofmt', execution);
    const listed = execution.stdout.split('\n').filter((line) => line !== '');
    const unreadable = parseGo(context, 'gofmt', 'cannot-format', execution.stderr);
    if (execution.exitCode !== 0 && unreadable.length === 0) toolCrashed('gofmt', execution);
    const findings = [
      ...listed.map((path) => wouldReformat('gofmt', answerPath(context.project, path))),
      ...unreadable,
    ];
    const unformatted = new Set(findings.map(({ file }) => file)).size;
    const files = context.project.files.filter(({ path }) => path.endsWith('.go')).length;
    return judgeFormat({ execution, findings, unformatted, files });
  });
}

/** Is every file formatted as gofmt would? */
export const format: Check = {
  ...formatKind,
  question: 'Is every file formatted as gofmt would?',
  standards: ['gofmt'],
  needs: [],
  drafts: true,
  cost: 1,
  reads: (path) => path.endsWith('.go'),
  run,
};
