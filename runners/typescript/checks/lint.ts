import { join } from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import type { Mount } from '../../../src/ports/sandbox.ts';
import { lintKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { endOf, evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { judgeFindings } from '../../shared/lint.ts';
import { count, lineNumber, listOf } from '../../shared/report.ts';
import { toolCrashed, toolMissing, toolReport } from '../../shared/tools.ts';
import { environmentOf } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { inside, toolchainOf } from '../toolchain.ts';
import type { Toolchain } from '../toolchain.ts';
import { missingImports } from './dependencies.ts';
import { withDeclarations } from '../workspaces/declarations.ts';
import { packagesWithin } from '../workspaces/members.ts';

/** What `grader/lint.mjs` prints. */
const lintedSchema = z.object({
  files: count,
  found: listOf(
    z.object({
      file: z.string(),
      rule: z.string(),
      error: z.boolean(),
      message: z.string(),
      line: lineNumber,
      suppressed: z.boolean(),
    }),
  ),
});

/**
 * How the answer's own lint script ends, with its own linter and configuration: reported, never decisive. Null when it
 * has none.
 */
async function ownLint(context: CheckContext, environment: Environment): Promise<string | null> {
  if (environment.declared.scripts['lint'] === undefined) return null;
  const command = [inside.node, inside.npm, 'run', '--silent', 'lint'];
  return inSandbox(context, { command, mounts: environment.mounts, env: environment.env }, ({ execution }) =>
    execution.exitCode === 0 ? 'clean' : endOf(execution),
  );
}

/** The name of the configuration that decides. */
const CONFIGURATION = 'eslint.config.mjs';

/** Where a scenario's configuration finds the packages of the toolchain when it imports them by name. */
function packagesForConfiguration({ asked }: CheckContext, toolchain: Toolchain): Mount[] {
  if (!(CONFIGURATION in asked.configuration)) return [];
  return [{ source: join(toolchain.layer.folder, 'node_modules'), target: '/node_modules' }];
}

/** Where the linter looks types up; null where what is declared does not resolve. Rejects where that is our fault. */
async function environmentFor(context: CheckContext): Promise<Environment | null> {
  const environment = await environmentOf(context);
  if ('layer' in environment) return environment;
  if (environment.ours) throw new Error(`the packages could not be installed: ${environment.message}`);
  return null;
}

async function run(context: CheckContext): Promise<Outcome> {
  const environment = await environmentFor(context);
  const toolchain = await toolchainOf(context);
  const lacksPackages = environment === null || (await missingImports(context, environment)).length > 0;
  const linter = [inside.node, `${inside.assets}/grader/lint.mjs`, ...packagesWithin(context)];
  const program = {
    command: environment === null ? linter : withDeclarations(context, environment, linter),
    mounts: [...(environment?.mounts ?? toolchain.mounts), ...packagesForConfiguration(context, toolchain)],
    workspace: context.draft,
    env: {
      ...environment?.env,
      CUPEL_PRETTIER: context.asked.standards.includes('prettier') ? '1' : '0',
      CUPEL_UNTYPED: lacksPackages ? '1' : '0',
    },
  };
  const ownScript = environment === null ? null : await ownLint(context, environment);
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('eslint', execution);
    if (execution.exitCode !== 0) toolCrashed('eslint', execution);
    const { files, found } = toolReport('eslint', lintedSchema, execution);
    const findings = found
      .filter(({ suppressed }) => !suppressed)
      .map(({ file, rule, error, message, line }) =>
        finding({
          tool: 'eslint',
          rule,
          severity: error ? 'error' : 'warning',
          message,
          file: answerPath(context.project, file),
          line,
        }),
      );
    const facts = { files, own_script: ownScript, suppressions: found.length - findings.length };
    return judgeFindings(findings, facts, files, [{ ...evidenceOf(execution), output: execution.stderr }]);
  });
}

/** Does the code meet the scenario's linter configuration? */
export const lint: Check = {
  ...lintKind,
  question: "Does the code meet the scenario's linter configuration?",
  standards: ['eslint'],
  refinedBy: ['prettier'],
  configurations: [CONFIGURATION],
  needs: [],
  after: ['dependencies'], // what is not installed hides no fault but those that only types or packages show
  packages: 'uses',
  drafts: true,
  cost: 6,
  reads: readsCode,
  run,
};
