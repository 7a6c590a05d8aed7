import { failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { suppressions } from '../../shared/lint.ts';
import { lineIn } from '../../shared/report.ts';
import { toolMissing, toolCrashed } from '../../shared/tools.ts';
import { keepsQuotes, lineWidth } from '../settings.ts';
import { inside, toolchainOf } from '../toolchain.ts';

// black: 0 nothing to do, 1 files would be reformatted, 123 black failed on a file (a syntax error), else black itself
// failed
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const command = [
    inside.black,
    ...[
      '--check',
      '--config',
      '/dev/null',
      '--target-version',
      'py311',
      '--line-length',
      String(lineWidth(context.project)),
    ],
    ...(keepsQuotes(context.project) ? ['--skip-string-normalization'] : []),
    ...['--no-cache', '--exclude', '^$', '--force-exclude', '^$', '.'],
  ];
  return inSandbox(context, { command, mounts: toolchain.mounts, workspace: context.draft }, ({ execution }) => {
    toolMissing('black', execution);
    const path = (text: string): string | null => answerPath(context.project, text);
    const reformatted = [...execution.stderr.matchAll(/^would reformat (.+)$/gm)].map((match) => path(match[1] ?? ''));
    const broken = [
      ...execution.stderr.matchAll(
        /^error: cannot (?:format (?<file>.+?): (?<why>.+)|(?<parse>parse .+?): (?<place>.+?):(?<line>\d+):\d+)$/gm,
      ),
    ].map(({ groups }) => groups ?? {});
    const findings = [
      ...reformatted.map((file) =>
        finding({ tool: 'black', rule: 'format', message: 'black would reformat this file', file }),
      ),
      ...broken.map(({ file, why, parse, place, line }) =>
        finding({
          tool: 'black',
          rule: 'cannot-format',
          message: why ?? `cannot ${parse}`,
          file: path(file ?? place ?? ''),
          line: lineIn(line),
        }),
      ),
    ];
    const files = context.project.files.filter((file) => /\.pyi?$/.test(file.path)).length || findings.length;
    const details = {
      facts: {
        files,
        unformatted: findings.length,
        suppressions: suppressions(context.project.files, /#\s*fmt:\s*(?:off|skip)/g),
      },
      findings,
      evidence: [evidenceOf(execution)],
    };
    if (execution.exitCode === 0) return passed(details);
    if (findings.length === 0) toolCrashed('black', execution);
    return failed(
      { ...details, reason: `${findings.length} of ${files} files are not formatted` },
      1 - findings.length / files,
    );
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
