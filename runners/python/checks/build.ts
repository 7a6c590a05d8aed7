import { failed, passed } from '../../../src/domain/check.ts';
import type { Outcome } from '../../../src/domain/check.ts';
import type { Check, CheckContext } from '../../../src/contract/runner.ts';
import { fromProject } from '../../../src/domain/project.ts';
import { counted } from '../../../src/formats/words.ts';
import { evidenceOf } from '../../common/evidence.ts';
import { finding, inSandbox } from '../../common/job.ts';
import { toolCrashed } from '../../common/tools.ts';
import { modulesOf } from '../files.ts';
import { inside, toolchainOf } from '../toolchain.ts';

interface Compiled {
  files: number;
  errors: { file: string; line: number | null; rule: string; message: string }[];
}

async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const command = [toolchain.interpreter.path, '-I', `${inside.assets}/grader/compile_files.py`, JSON.stringify(modulesOf(context.project))];
  return inSandbox(context, { command, mounts: toolchain.mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('python', execution);
    const { files, errors } = JSON.parse(execution.stdout) as Compiled;
    const findings = errors.map(({ file, line, rule, message }) =>
      finding({ tool: 'python', rule, message, file: fromProject(context.project, file), line }),
    );
    const details = { facts: { files, broken: errors.length }, findings, evidence: [evidenceOf(execution)] };
    if (errors.length === 0) return passed(details);
    return failed({ ...details, reason: `${counted(errors.length, 'error')} in ${counted(files, 'file')}` });
  });
}

/** Does every file compile? */
export const build: Check = {
  name: 'build',
  question: 'Does every file compile?',
  needs: [],
  cost: 1,
  reads: (path) => path.endsWith('.py'),
  run,
};
