import { z } from 'zod';
import type { Evidence, Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import type { Execution } from '../../../src/ports/sandbox.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { lintKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { judgeFindings, suppressions } from '../../shared/lint.ts';
import { lineNumber } from '../../shared/report.ts';
import { toolCrashed, toolMissing, toolReportLines } from '../../shared/tools.ts';
import { installed } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { parseGo } from '../packages.ts';

/**
 * What decides where a scenario names the standard "staticcheck": the checks that staticcheck has on by itself,
 * whatever a staticcheck.conf of the answer says. Those that it has off are matters of taste (a comment for each
 * package, the style of names).
 */
const STATICCHECKS = 'all,-SA9003,-ST1000,-ST1003,-ST1016,-ST1020,-ST1021,-ST1022,-ST1023';

interface Linted {
  findings: Finding[];
  evidence: Evidence;
}

async function runTool(
  context: CheckContext,
  environment: Environment,
  command: readonly string[],
): Promise<Execution> {
  return inSandbox(context, environment.compiling(command), ({ execution }) => execution);
}

// go vet: 0 clean, 1 findings (or a package that does not compile, with its place)
async function vet(context: CheckContext, environment: Environment): Promise<Linted> {
  const execution = await runTool(context, environment, ['go', 'vet', './...']);
  toolMissing('go vet', execution);
  const findings = parseGo(context, 'vet', 'vet', execution.stderr);
  if (execution.exitCode !== 0 && findings.length === 0) toolCrashed('go vet', execution);
  return { findings, evidence: evidenceOf(execution) };
}

const problemSchema = z.object({
  code: z.string(),
  severity: z.string(),
  location: z.object({ file: z.string(), line: lineNumber }),
  message: z.string(),
});

// staticcheck -f json: 0 clean, 1 findings, one JSON object a line; else staticcheck itself failed
async function staticcheck(context: CheckContext, environment: Environment): Promise<Linted> {
  const execution = await runTool(context, environment, [
    '/tools/staticcheck',
    '-checks',
    STATICCHECKS,
    '-f',
    'json',
    './...',
  ]);
  toolMissing('staticcheck', execution);
  if (execution.exitCode !== 0 && execution.exitCode !== 1) toolCrashed('staticcheck', execution);
  const problems = toolReportLines('staticcheck', problemSchema, execution);
  const findings = problems.map(({ code, severity, location, message }) =>
    finding({
      tool: 'staticcheck',
      rule: code,
      severity: severity === 'warning' ? 'warning' : 'error',
      message,
      file: answerPath(context.project, location.file),
      line: location.line,
    }),
  );
  return { findings, evidence: evidenceOf(execution) };
}

async function run(context: CheckContext): Promise<Outcome> {
  const { standards } = context.asked;
  const linters = [
    standards.includes('vet') ? vet : null,
    standards.includes('staticcheck') ? staticcheck : null,
  ].filter((linter) => linter !== null);
  const environment = await installed(context);
  const results: Linted[] = [];
  for (const linter of linters) results.push(await linter(context, environment));
  const files = context.project.files.filter(({ path }) => path.endsWith('.go'));
  const facts = { files: files.length, suppressions: suppressions(files, /\/\/lint:(?:file-)?ignore|\/\/nolint/g) };
  return judgeFindings(
    results.flatMap(({ findings }) => findings),
    facts,
    files.length,
    results.map(({ evidence }) => evidence),
  );
}

/** Do go vet and staticcheck find nothing? */
export const lint: Check = {
  ...lintKind,
  question: 'Do go vet and staticcheck find nothing?',
  standards: ['vet', 'staticcheck'],
  needs: ['dependencies', 'build'],
  packages: 'uses',
  cost: 6,
  reads: readsCode,
  run,
};
