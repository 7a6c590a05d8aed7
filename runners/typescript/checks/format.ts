import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { withinProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { judgeFormat, wouldReformat } from '../../shared/format.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { suppressions } from '../../shared/lint.ts';
import { toolCrashed, toolMissing } from '../../shared/tools.ts';
import { isConfiguration, isSource } from '../files.ts';
import { prettierChoices } from '../settings.ts';
import { inside, toolchainOf } from '../toolchain.ts';
import { packagesWithin } from '../workspaces/members.ts';

/** Program and test files; the configuration files of tools are not what the standard is about. */
const globs = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

/** The file by which a scenario makes the choices for the answer. The one in standards/ makes none. */
const CONFIGURATION = 'prettier.json';

/** Writes the choices where prettier finds them, then becomes the command. */
const withChoices = `printf '%s' "$1" > /tmp/prettier.json && shift && exec "$@"`;

/** Prettier with the answer's choices (as JSON), and nothing else of its configuration. */
function commandFor(context: CheckContext, choices: string): string[] {
  return [
    ...['sh', '-c', withChoices, 'sh', choices, inside.node, inside.prettier],
    ...['--list-different', '--config', '/tmp/prettier.json', '--ignore-path', '/dev/null', '--no-editorconfig'],
    globs,
    ...packagesWithin(context).map((folder) => `!${folder}/**`),
  ];
}

/** The files that prettier lists as different, as findings. */
function readListed({ project }: Pick<CheckContext, 'project'>, printed: string): Finding[] {
  const listed = printed.split('\n').filter((line) => line !== '' && !isConfiguration(line));
  return listed.map((path) => wouldReformat('prettier', answerPath(project, path)));
}

/** The files that prettier cannot read, as findings. */
function readBroken({ project }: Pick<CheckContext, 'project'>, printed: string): Finding[] {
  return [...printed.matchAll(/^\[error\] ([^\s:]+): (\w*Error.*)$/gm)].map((match) =>
    finding({
      tool: 'prettier',
      rule: 'cannot-format',
      message: match[2] ?? '',
      file: answerPath(project, match[1] ?? ''),
    }),
  );
}

// prettier --list-different: 0 nothing to do, 1 files would be reformatted, 2 prettier failed on a file or as a whole
async function run(context: CheckContext): Promise<Outcome> {
  const { project } = context;
  const toolchain = await toolchainOf(context);
  const choices = context.asked.configuration[CONFIGURATION] ?? JSON.stringify(prettierChoices(project));
  const program = { command: commandFor(context, choices), mounts: toolchain.mounts, workspace: context.draft };
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('prettier', execution);
    const unreadable = readBroken(context, execution.stderr);
    const understood =
      execution.exitCode === 0 || (execution.exitCode === 1 && execution.stdout !== '') || unreadable.length > 0;
    if (!understood) toolCrashed('prettier', execution);
    const findings = [...readListed(context, execution.stdout), ...unreadable];
    return judgeFormat({
      execution,
      findings,
      unformatted: findings.length,
      files: project.files.filter(({ path }) => isSource(path) && !isConfiguration(withinProject(project, path)))
        .length,
      facts: {
        suppressions: suppressions(project.files, /(?:\/\/|\/\*)\s*prettier-ignore/g),
        options: choices,
      },
    });
  });
}

/** Is every file formatted as prettier would, with the answer's own options? */
export const format: Check = {
  ...formatKind,
  question: "Is every file formatted as prettier would, with the answer's own options?",
  standards: ['prettier'],
  configurations: [CONFIGURATION],
  needs: [],
  drafts: true,
  cost: 2,
  reads: (path) => isSource(path) || /prettierrc|package\.json$/.test(path),
  run,
};
