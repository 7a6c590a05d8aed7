/** Tests that a scenario brings: who answers never sees them, and an answer cannot change them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { fromProject, isBelow, withinProject } from '../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../src/ports/runner.ts';
import { hiddenTestsKind } from './check-kinds.ts';
import { readsCode } from './documentation.ts';
import { temporary } from './job.ts';

/** How a language runs tests. */
interface Tests extends Pick<Check, 'needs' | 'cost'> {
  testsOf: (context: CheckContext) => Promise<{ outcome: Outcome }>;
  /** Whether a path below the project's root is test code. */
  isTest: (path: string) => boolean;
  /** The name under which the runner keeps a project's installed packages: hidden tests run with the same. */
  environment: string;
}

/** A file of the scenario, as if it stood in the answer. */
const asFile = (path: string, text: string): AnswerFile => ({
  path,
  text,
  namedBy: 'label',
  line: 0,
  lines: text.split('\n').map(() => 0),
});

const isInTheWay = (a: string, b: string): boolean => a === b || isBelow(a, b) || isBelow(b, a);

/** The answer with hidden tests in place of the project's own. */
function withHiddenTests({ project, files, asked }: CheckContext, isTest: Tests['isTest']) {
  const hidden = Object.entries(asked.hidden ?? {}).map(([path, text]) => asFile(fromProject(project, path), text));
  const ofProject = new Set(project.files.map(({ path }) => path));
  const isKept = ({ path }: AnswerFile): boolean =>
    !(ofProject.has(path) && isTest(withinProject(project, path))) &&
    !hidden.some((file) => isInTheWay(file.path, path));
  return {
    files: [...files.filter(isKept), ...hidden],
    project: { ...project, files: [...project.files.filter(isKept), ...hidden] },
  };
}

/** Runs hidden tests as the language runs an answer's own: what passes has to be confirmed in the same way. */
async function run(context: CheckContext, { testsOf, isTest, environment }: Tests): Promise<Outcome> {
  const { files, project } = withHiddenTests(context, isTest);
  const once: CheckContext['once'] = (name, make) =>
    context.once(name === environment ? name : `hidden tests: ${name}`, make);
  return temporary(async (workspace) => {
    for (const { path, text } of files) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    }
    const draw: CheckContext['draw'] = (purpose) => context.draw(`hidden tests: ${purpose}`);
    return (await testsOf({ ...context, files, project, workspace, once, draw })).outcome;
  });
}

/** The check of the tests that a scenario brings for a language. */
export function hiddenTestsCheck(tests: Tests): Check {
  return {
    ...hiddenTestsKind,
    question: "Do the scenario's hidden tests pass?",
    asksHiddenTests: true,
    needs: tests.needs,
    packages: 'uses',
    cost: tests.cost,
    reads: readsCode,
    run: (context) => run(context, tests),
  };
}
