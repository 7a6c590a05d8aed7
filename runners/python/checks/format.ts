import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { judgeFormat, wouldReformat } from '../../shared/format.ts';
import { suppressions } from '../../shared/lint.ts';
import { lineIn } from '../../shared/report.ts';
import { toolMissing, toolCrashed } from '../../shared/tools.ts';
import { keepsQuotes, lineWidth } from '../settings.ts';
import { inside, toolchainOf } from '../toolchain.ts';

/** Black with the answer's width of a line and its choice of quotes, and nothing else of its configuration. */
function commandFor({ project }: Pick<CheckContext, 'project'>): string[] {
  return [
    ...[inside.black, '--check', '--config', '/dev/null', '--target-version', 'py311'],
    ...['--line-length', String(lineWidth(project))],
    ...(keepsQuotes(project) ? ['--skip-string-normalization'] : []),
    ...['--no-cache', '--exclude', '^$', '--force-exclude', '^$', '.'],
  ];
}

const complaint =
  /^error: cannot (?:format (?<file>.+?): (?<why>.+)|(?<parse>parse .+?): (?<place>.+?):(?<line>\d+):\d+)$/gm;

/** What black prints, as findings. */
function readFindings({ project }: Pick<CheckContext, 'project'>, printed: string): Finding[] {
  const differing = [...printed.matchAll(/^would reformat (.+)$/gm)];
  return [
    ...differing.map((match) => wouldReformat('black', answerPath(project, match[1] ?? ''))),
    ...[...printed.matchAll(complaint)].map(({ groups: { file, why, parse, place, line } = {} }) =>
      finding({
        tool: 'black',
        rule: 'cannot-format',
        message: why ?? `cannot ${parse}`,
        file: answerPath(project, file ?? place ?? ''),
        line: lineIn(line),
      }),
    ),
  ];
}

// black: 0 nothing to do, 1 files would be reformatted, 123 black failed on a file (a syntax error), else black itself
// failed
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const program = { command: commandFor(context), mounts: toolchain.mounts, workspace: context.draft };
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('black', execution);
    const findings = readFindings(context, execution.stderr);
    if (execution.exitCode !== 0 && findings.length === 0) toolCrashed('black', execution);
    const { files } = context.project;
    return judgeFormat({
      execution,
      findings,
      unformatted: findings.length,
      files: files.filter(({ path }) => /\.pyi?$/.test(path)).length,
      facts: { suppressions: suppressions(files, /#\s*fmt:\s*(?:off|skip)/g) },
    });
  });
}

/** Is every file formatted as black would? */
export const format: Check = {
  ...formatKind,
  question: 'Is every file formatted as black would?',
  standards: ['black'],
  needs: [],
  drafts: true,
  cost: 1,
  reads: (path) => /\.pyi?$|pyproject\.toml$|ruff\.toml$/.test(path),
  run,
};
