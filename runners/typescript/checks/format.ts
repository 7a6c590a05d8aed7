import { failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { suppressions } from '../../shared/lint.ts';
import { toolCrashed, toolMissing } from '../../shared/tools.ts';
import { isConfiguration, isSource } from '../files.ts';
import { prettierChoices } from '../settings.ts';
import { inside, toolchainOf } from '../toolchain.ts';
import { packagesWithin } from '../workspaces.ts';

/** Program and test files; the configuration files of tools are not what the standard is about. */
const globs = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

// prettier --list-different: 0 nothing to do, 1 files would be reformatted, 2 prettier failed on a file or as a whole
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const chosen = JSON.stringify(prettierChoices(context.project));
  const script = `printf '%s' "$1" > /tmp/prettier.json && shift && exec "$@"`;
  const options = [
    '--list-different',
    '--config',
    '/tmp/prettier.json',
    '--ignore-path',
    '/dev/null',
    '--no-editorconfig',
  ];
  const command = [
    'sh',
    '-c',
    script,
    'sh',
    chosen,
    inside.node,
    inside.prettier,
    ...options,
    globs,
    ...packagesWithin(context).map((folder) => `!${folder}/**`),
  ];
  return inSandbox(context, { command, mounts: toolchain.mounts, workspace: context.draft }, ({ execution }) => {
    toolMissing('prettier', execution);
    const listed = execution.stdout.split('\n').filter((line) => line !== '' && !isConfiguration(line));
    const broken = [...execution.stderr.matchAll(/^\[error\] ([^\s:]+): (\w*Error.*)$/gm)];
    const findings = [
      ...listed.map((path) =>
        finding({
          tool: 'prettier',
          rule: 'format',
          message: 'prettier would reformat this file',
          file: answerPath(context.project, path),
        }),
      ),
      ...broken.map((match) =>
        finding({
          tool: 'prettier',
          rule: 'cannot-format',
          message: match[2] ?? '',
          file: answerPath(context.project, match[1] ?? ''),
        }),
      ),
    ];
    const understood =
      execution.exitCode === 0 || (execution.exitCode === 1 && execution.stdout !== '') || broken.length > 0;
    if (!understood) toolCrashed('prettier', execution);
    const files =
      context.project.files.filter(
        ({ path }) => isSource(path) && !isConfiguration(withinProject(context.project, path)),
      ).length || findings.length;
    const details = {
      facts: {
        files,
        unformatted: findings.length,
        suppressions: suppressions(context.project.files, /(?:\/\/|\/\*)\s*prettier-ignore/g),
        options: chosen,
      },
      findings,
      evidence: [evidenceOf(execution)],
    };
    if (findings.length === 0) return passed(details);
    return failed(
      { ...details, reason: `${findings.length} of ${files} files are not formatted` },
      1 - findings.length / files,
    );
  });
}

/** Is every file formatted as prettier would, with the answer's own options? */
export const format: Check = {
  ...formatKind,
  question: "Is every file formatted as prettier would, with the answer's own options?",
  standards: ['prettier'],
  needs: [],
  drafts: true,
  cost: 2,
  reads: (path) => isSource(path) || /prettierrc|package\.json$/.test(path),
  run,
};
