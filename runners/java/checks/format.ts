import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { formatKind } from '../../shared/check-kinds.ts';
import { judgeFormat, wouldReformat } from '../../shared/format.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { lineIn } from '../../shared/report.ts';
import { toolCrashed, toolMissing } from '../../shared/tools.ts';
import { javaEnvironment, jvm, toolchainOf } from '../toolchain.ts';

/** The compiler's own packages that google-java-format works with. */
const exported = ['api', 'code', 'file', 'parser', 'tree', 'util'].map(
  (name) => `--add-exports=jdk.compiler/com.sun.tools.javac.${name}=ALL-UNNAMED`,
);

/** Lines of files that cannot be read (`path.java:3:5: error: text`). */
function unreadable(context: CheckContext, said: string): Finding[] {
  return [...said.matchAll(/^(\S.*\.java):(\d+):(?:\d+:)? error: (.*)$/gm)].map(([, path = '', line, message = '']) =>
    finding({
      tool: 'google-java-format',
      rule: 'cannot-format',
      message,
      file: answerPath(context.project, path),
      line: lineIn(line),
    }),
  );
}

// google-java-format --dry-run --set-exit-if-changed: 0 all are formatted, 1 some are not (they are listed), or do not
// parse
async function run(context: CheckContext): Promise<Outcome> {
  const toolchain = await toolchainOf(context);
  const format = [
    '/jdk/bin/java',
    ...jvm,
    ...exported,
    ...['-cp', toolchain.classPath('format'), 'com.google.googlejavaformat.java.Main'],
    ...['--dry-run', '--set-exit-if-changed'],
  ];
  const command = ['sh', '-c', 'find . -name "*.java" -type f -exec "$@" {} +', 'sh', ...format];
  const program = { command, mounts: toolchain.mounts, env: javaEnvironment, workspace: context.draft };
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('google-java-format', execution);
    const listed = execution.stdout.split('\n').filter((line) => line.endsWith('.java'));
    const broken = unreadable(context, execution.stderr);
    if (execution.exitCode !== 0 && listed.length === 0 && broken.length === 0)
      toolCrashed('google-java-format', execution);
    const findings = [
      ...listed.map((path) => wouldReformat('google-java-format', answerPath(context.project, path))),
      ...broken,
    ];
    const unformatted = new Set(findings.map(({ file }) => file)).size;
    const files = context.project.files.filter(({ path }) => path.endsWith('.java')).length;
    return judgeFormat({ execution, findings, unformatted, files });
  });
}

/** Is every file formatted as google-java-format would? */
export const format: Check = {
  ...formatKind,
  question: 'Is every file formatted as google-java-format would?',
  standards: ['google-java-format'],
  needs: [],
  drafts: true,
  cost: 3,
  reads: (path) => path.endsWith('.java'),
  run,
};
