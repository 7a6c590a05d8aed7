import { z } from 'zod';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { lintKind } from '../../shared/check-kinds.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { judgeFindings, suppressions } from '../../shared/lint.ts';
import { lineNumber, listOf, readReport } from '../../shared/report.ts';
import { toolCrashed, toolMissing, toolReport } from '../../shared/tools.ts';
import { configuresRuff, lineWidth } from '../settings.ts';
import { inside, toolchainOf } from '../toolchain.ts';
import type { Toolchain } from '../toolchain.ts';

const ruffSchema = listOf(
  z.object({
    code: z.string().nullable(),
    message: z.string(),
    filename: z.string(),
    location: z.object({ row: lineNumber }).nullable(),
  }),
);

/** Findings of what Ruff prints. */
function findingsOf({ project }: CheckContext, report: z.infer<typeof ruffSchema>): Finding[] {
  return report.map(({ code, message, filename, location }) =>
    finding({
      tool: 'ruff',
      rule: code ?? 'syntax-error',
      message,
      file: answerPath(project, filename),
      line: location?.row ?? null,
    }),
  );
}

/**
 * How many findings the answer's own configuration yields: reported, never decisive. Null when it has none or when it
 * does not work.
 */
async function ownFindings(context: CheckContext, { mounts }: Toolchain): Promise<number | null> {
  if (!configuresRuff(context.project)) return null;
  const command = [inside.ruff, 'check', '--no-cache', '--exit-zero', '--output-format', 'json', '.'];
  return inSandbox(context, { command, mounts }, ({ execution }) =>
    execution.exitCode === 0 ? (readReport(ruffSchema, execution.stdout)?.length ?? null) : null,
  );
}

// ruff: 0 clean, 1 findings, 2 ruff itself failed
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const command = [
    ...[inside.ruff, 'check', '--no-cache', '--no-respect-gitignore', '--output-format', 'json'],
    ...[
      '--config',
      `${inside.assets}/standards/ruff.toml`,
      '--config',
      `line-length=${lineWidth(context.project)}`,
      '.',
    ],
  ];
  const byOwnConfiguration = await ownFindings(context, toolchain);
  return inSandbox(context, { command, mounts: toolchain.mounts, workspace: context.draft }, ({ execution }) => {
    toolMissing('ruff', execution);
    if (execution.exitCode !== 0 && execution.exitCode !== 1) toolCrashed('ruff', execution);
    const findings = findingsOf(context, toolReport('ruff', ruffSchema, execution));
    const files = context.project.files.filter((file) => /\.pyi?$/.test(file.path));
    const facts = {
      files: files.length,
      own_findings: byOwnConfiguration,
      suppressions: suppressions(files, /#\s*(?:noqa|ruff:\s*noqa)/gi),
    };
    return judgeFindings(findings, facts, files.length, [{ ...evidenceOf(execution), output: execution.stderr }]);
  });
}

/** Does the code meet the scenario's linter configuration? */
export const lint: Check = {
  ...lintKind,
  question: "Does the code meet the scenario's linter configuration?",
  standards: ['ruff'],
  configurations: ['ruff.toml'],
  needs: [],
  drafts: true,
  cost: 1,
  reads: (path) => /\.pyi?$|pyproject\.toml$|ruff\.toml$/.test(path),
  run,
};
