import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { lintKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { judgeFindings, suppressions } from '../../shared/lint.ts';
import { installed } from '../environment.ts';
import { checkstyle, javacLint, javaFiles, spotbugs } from '../linters.ts';
import type { Linted } from '../linters.ts';

async function run(context: CheckContext): Promise<Outcome> {
  const { standards } = context.asked;
  const results: Linted[] = [];
  if (standards.includes('checkstyle')) results.push(await checkstyle(context));
  if (standards.includes('javac-lint')) results.push(await javacLint(context, await installed(context)));
  if (standards.includes('spotbugs')) results.push(await spotbugs(context, await installed(context), 'all'));
  const files = javaFiles(context).length;
  const suppressed = suppressions(context.project.files, /@SuppressWarnings|@SuppressFBWarnings|CHECKSTYLE\.SUPPRESS/g);
  return judgeFindings(
    results.flatMap(({ findings }) => findings),
    { files, suppressions: suppressed },
    files,
    results.map(({ evidence }) => evidence),
  );
}

/** Do Checkstyle, the compiler and SpotBugs find nothing? */
export const lint: Check = {
  ...lintKind,
  question: 'Do Checkstyle, the compiler and SpotBugs find nothing?',
  standards: ['checkstyle', 'javac-lint', 'spotbugs'],
  configurations: ['checkstyle.xml'],
  needs: ['dependencies', 'build'],
  packages: 'uses',
  cost: 6,
  reads: readsCode,
  run,
};
