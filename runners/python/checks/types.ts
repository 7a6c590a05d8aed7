import type { Outcome } from '../../../src/domain/check.ts';
import type { Check, CheckContext } from '../../../src/contract/runner.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { answerPath, finding, inSandbox } from '../../common/job.ts';
import { evidenceOf } from '../../common/evidence.ts';
import { judgeFindings, suppressions } from '../../common/lint.ts';
import { toolCrashed, toolMissing } from '../../common/tools.ts';
import { readsCode } from '../files.ts';
import { installed, python } from '../environment.ts';
import { inside } from '../toolchain.ts';

/** Mypy's lines (`path:line: error: text  [code]`) as findings; notes belong to the line above. */
export function parseMypy(context: Pick<CheckContext, 'project'>, output: string): Finding[] {
  return [...output.matchAll(/^(.+?):(\d+): (error|warning): (.*?)(?: {2}\[([\w-]+)\])?$/gm)].map((match) =>
    finding({
      tool: 'mypy',
      rule: match[5] ?? 'mypy',
      severity: match[3] === 'warning' ? 'warning' : 'error',
      message: match[4] ?? '',
      file: answerPath(context.project, match[1] ?? ''),
      line: Number(match[2]),
    }),
  );
}

// mypy: 0 clean, 1 type errors, 2 mypy itself failed or could not parse a file
async function run(context: CheckContext): Promise<Outcome> {
  const environment = await installed(context);
  const command = [
    ...[inside.mypy, '--config-file', `${inside.assets}/standards/mypy.ini`, '--python-executable', python],
    ...['--cache-dir', '/dev/null', '--no-error-summary', '--explicit-package-bases', '--namespace-packages', '.'],
  ];
  return inSandbox(context, { command, mounts: environment.mounts }, ({ execution }) => {
    toolMissing('mypy', execution);
    const findings = parseMypy(context, execution.stdout);
    if (execution.exitCode !== 0 && findings.length === 0) toolCrashed('mypy', execution);
    const files = context.project.files.filter((file) => /\.pyi?$/.test(file.path));
    const facts = { files: files.length, suppressions: suppressions(files, /#\s*type:\s*ignore/g) };
    return judgeFindings(findings, facts, files.length, [evidenceOf(execution)]);
  });
}

/** Do the types hold? */
export const types: Check = {
  name: 'types',
  question: 'Do the types hold?',
  needs: ['dependencies'],
  cost: 4,
  reads: readsCode,
  unasked: ({ asked }) => (asked.standards.includes('mypy') ? null : 'the scenario asks for no type checker'),
  run,
};
