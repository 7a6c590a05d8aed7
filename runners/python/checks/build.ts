import { z } from 'zod';
import { failed, passed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { counted, withDetail } from '../../../src/formats/words.ts';
import { buildKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { count, lineNumber, listOf } from '../../shared/report.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import { modulesOf } from '../files.ts';
import { buildOwn } from '../own-build.ts';
import { inside, toolchainOf } from '../toolchain.ts';
import type { Toolchain } from '../toolchain.ts';

/** What `compile_files.py` prints. */
const compiledSchema = z.object({
  files: count,
  errors: listOf(z.object({ file: z.string(), line: lineNumber, rule: z.string(), message: z.string() })),
});

/** Why a backend failed: its last error, which stands before what uv says of it, or what uv says last. */
function lastError(stderr: string): string {
  const [backend = ''] = stderr.split(/^error: Failed to build/m);
  const errors = backend.split('\n').filter((line) => /^(?:[\w.]*(?:Error|Exception)|error): /.test(line));
  return (errors.at(-1) ?? stderr.trim().split('\n').at(-1) ?? '').trim();
}

async function packaged(context: CheckContext, toolchain: Toolchain, compiled: Outcome): Promise<Outcome> {
  const execution = await buildOwn(context, toolchain);
  if (execution === null) return compiled;
  const evidence = [...compiled.evidence, evidenceOf(execution)];
  if (execution.exitCode === 0) return { ...compiled, evidence };
  const manifest = fromProject(context.project, 'pyproject.toml');
  const reason = withDetail('the package does not build', lastError(execution.stderr));
  return failed({
    reason,
    facts: compiled.facts,
    evidence,
    findings: [finding({ tool: 'uv', rule: 'not-buildable', message: reason, file: manifest })],
  });
}

async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const compiled = await compile(context, toolchain);
  return compiled.status === 'passed' ? packaged(context, toolchain, compiled) : compiled;
}

async function compile(context: CheckContext, toolchain: Toolchain): Promise<Outcome> {
  const command = [
    toolchain.interpreter.path,
    '-I',
    `${inside.assets}/grader/compile_files.py`,
    JSON.stringify(modulesOf(context.project)),
  ];
  return inSandbox(context, { command, mounts: toolchain.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('python', execution);
    const { files, errors } = toolReport('python', compiledSchema, execution);
    const findings = errors.map(({ file, line, rule, message }) =>
      finding({ tool: 'python', rule, message, file: fromProject(context.project, file), line }),
    );
    const details = { facts: { files, broken: errors.length }, findings, evidence: [evidenceOf(execution)] };
    if (errors.length === 0) return passed(details);
    return failed({ ...details, reason: `${counted(errors.length, 'error')} in ${counted(files, 'file')}` });
  });
}

/** Does every file compile, and does the package build? */
export const build: Check = {
  ...buildKind,
  question: 'Does every file compile, and does the package build?',
  needs: [],
  cost: 1,
  reads: readsCode,
  run,
};
