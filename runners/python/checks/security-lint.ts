import { z } from 'zod';
import { passed } from '../../../src/domain/grading/check.ts';
import type { Facts, Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { counted } from '../../../src/formats/words.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { suppressions } from '../../shared/lint.ts';
import { lineNumber, listOf, wordsOrNone } from '../../shared/report.ts';
import { toolCrashed, toolMissing, toolReport } from '../../shared/tools.ts';
import { inside, toolchainOf } from '../toolchain.ts';

const level = z.enum(['UNDEFINED', 'LOW', 'MEDIUM', 'HIGH']);

const reportSchema = z.object({
  results: listOf(
    z.object({
      filename: z.string(),
      line_number: lineNumber,
      test_id: z.string(),
      test_name: wordsOrNone,
      issue_text: wordsOrNone,
      issue_severity: level,
      issue_confidence: level,
    }),
  ),
  /** Files that bandit could not look at, mostly because they are no Python. */
  errors: listOf(z.object({ filename: z.string(), reason: wordsOrNone })),
});

type Report = z.infer<typeof reportSchema>;

/** Bandit's report as findings. All of them are warnings: whether they matter depends on what the code is for. */
export function banditFindings({ project }: Pick<CheckContext, 'project'>, { results, errors }: Report): Finding[] {
  const warning = { tool: 'bandit', severity: 'warning' } as const;
  return [
    ...results.map((result) =>
      finding({
        ...warning,
        rule: result.test_id,
        message:
          `${result.issue_text} (${result.test_name}, ` +
          `severity ${result.issue_severity.toLowerCase()}, confidence ${result.issue_confidence.toLowerCase()})`,
        file: answerPath(project, result.filename),
        line: result.line_number,
      }),
    ),
    ...errors.map(({ filename, reason }) =>
      finding({ ...warning, rule: 'not-checked', message: reason, file: answerPath(project, filename) }),
    ),
  ];
}

// bandit: 0 nothing to report, 1 findings (or bandit itself failed: there is no report then), 2 it was started wrongly
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const configuration = [
    ...['--configfile', `${inside.assets}/standards/bandit.yaml`, '--ini', `${inside.assets}/standards/bandit.ini`],
    ...['--exclude', ''], // else folders such as .tox are left out
  ];
  const command = [inside.bandit, '--recursive', '--quiet', '--format', 'json', ...configuration, '.'];
  return inSandbox(context, { command, mounts: toolchain.mounts, workspace: context.draft }, ({ execution }) => {
    toolMissing('bandit', execution);
    if (execution.exitCode !== 0 && execution.exitCode !== 1) toolCrashed('bandit', execution);
    const report = toolReport('bandit', reportSchema, execution);
    const files = context.project.files.filter(({ path }) => path.endsWith('.py'));
    const severities = (severity: z.infer<typeof level>): number =>
      report.results.filter(({ issue_severity }) => issue_severity === severity).length;
    const facts = {
      files: files.length,
      high: severities('HIGH'),
      medium: severities('MEDIUM'),
      low: severities('LOW') + severities('UNDEFINED'),
      not_checked: report.errors.length,
      suppressions: suppressions(files, /#\s*nosec/gi),
    };
    return passed({
      facts,
      findings: banditFindings(context, report),
      evidence: [{ ...evidenceOf(execution), output: execution.stderr }],
    });
  });
}

function summary({ high, medium, low, suppressions: suppressed }: Facts): string {
  if (typeof high !== 'number' || typeof medium !== 'number' || typeof low !== 'number') return '';
  return `${counted(high + medium + low, 'warning')} (${high} high, ${medium} medium, ${low} low), ${String(suppressed ?? 0)} suppressed`;
}

/** Which lines are known to be dangerous? It only warns, so nobody must pass it and it never counts. */
export const securityLint: Check = {
  name: 'security-lint',
  question: 'Which lines are known to be dangerous?',
  weight: 0,
  required: false,
  standards: ['bandit'],
  configurations: ['bandit.yaml'],
  needs: [],
  drafts: true,
  cost: 2,
  reads: (path) => path.endsWith('.py'),
  summary,
  run,
};
