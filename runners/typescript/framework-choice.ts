/** Which framework runs an answer's tests. */
import { errored, failed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { AnswerFile } from '../../src/domain/grading/extraction.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { finding } from '../shared/job.ts';
import type { Environment } from './environment.ts';
import { isTestScript } from './files.ts';
import { frameworks } from './frameworks/frameworks.ts';
import { readTestScript } from './test-script.ts';
import type { Framework } from './test-script.ts';

/** The files of a project that are tests by their names. */
export function testFiles({ project }: Pick<CheckContext, 'project'>): AnswerFile[] {
  return project.files.filter(({ path }) => isTestScript(withinProject(project, path)));
}

/** Frameworks that come as packages, in the order in which one that is declared is believed. */
const packaged: readonly Framework[] = ['jest', 'vitest', 'mocha'];

const declaredIn = ({ declared }: Pick<Environment, 'declared'>): Framework | undefined =>
  packaged.find((framework) => declared.requirements.some(({ name }) => name === framework));

/** The framework whose functions a test file imports, by the name of its package; null when it imports none. */
const importedIn = ({ text }: AnswerFile): string | null =>
  /(?:\bfrom\s+|\brequire\(\s*)["'](node:test|bun:test|mocha|ava|tap|uvu|@playwright\/test|cypress)["']/.exec(
    text,
  )?.[1] ?? null;

/** What all test files import; null where one imports nothing, or there is none. */
function importedBy(tests: readonly AnswerFile[]): string | null {
  const imported = tests.map(importedIn);
  return imported.includes(null) ? null : (imported[0] ?? null);
}

const isOurs = (name: string): name is Framework => Object.hasOwn(frameworks, name);

/** Whether a file calls functions that only a framework brings. */
const needsFramework = ({ text }: AnswerFile): boolean => /^\s*(?:describe|test|it)(?:\.\w+)*\(|\bexpect\(/m.test(text);

/** Which framework the answer's test script names, which one it declares or imports, else Jest. */
export function frameworkOf(
  context: Pick<CheckContext, 'project'>,
  environment: Pick<Environment, 'declared'>,
): Framework {
  const { framework } = readTestScript(environment.declared.scripts);
  // A script may start a framework that is declared: that one says more.
  if (framework !== null && framework !== 'node') return framework;
  const chosen = declaredIn(environment) ?? framework;
  if (chosen !== null) return chosen;
  const tests = testFiles(context);
  const imported = importedBy(tests);
  if (imported !== null && isOurs(imported)) return imported;
  const areScripts = tests.length > 0 && !tests.some(needsFramework) && environment.declared.file !== null;
  return areScripts ? 'node' : 'jest';
}

/** Whether an environment holds the framework that is to run the tests. */
export function holdsFramework({ packages }: Pick<Environment, 'packages'>, framework: Framework): boolean {
  const name = frameworks[framework].packaged;
  return name === null || packages.some((one) => one.startsWith(`${name}@`));
}

/** The verdict on an answer whose packages hold no framework to run its tests; null when they do. */
export function undeclaredFramework(environment: Environment, framework: Framework): Outcome | null {
  if (holdsFramework(environment, framework)) return null;
  const message = `${framework} is to run the tests, and nothing declares it`;
  return failed({
    reason: message,
    facts: { passed: 0, failed: 0, skipped: 0 },
    findings: [finding({ tool: framework, rule: 'missing-import', message, file: environment.declared.file })],
  });
}

/** The verdict on an answer whose tests are for a framework that Cupel does not run; null where it may run them. */
export function foreignFramework(context: Pick<CheckContext, 'project'>, environment: Environment): Outcome | null {
  const { framework, other } = readTestScript(environment.declared.scripts);
  if (framework !== null || declaredIn(environment) !== undefined) return null;
  const imported = importedBy(testFiles(context));
  const foreign = other ?? (imported === null || isOurs(imported) ? null : imported);
  if (foreign === null) return null;
  const known = 'Jest, Vitest, Mocha, Node.js and its test runner';
  return errored({ reason: `the tests are run by ${foreign}, and Cupel runs ${known}` });
}
