import { withDetail } from '../../../src/formats/words.ts';
import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { dependenciesKind } from '../../shared/check-kinds.ts';
import { judgeDependencies, notAllowed } from '../../shared/dependencies.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../../shared/job.ts';
import { lineNumber, listOf } from '../../shared/report.ts';
import { toolReport } from '../../shared/tools.ts';
import { declarationFindings, outsideRegistry } from '../declared.ts';
import { environmentOf } from '../environment.ts';
import type { Environment, NoEnvironment } from '../environment.ts';
import { sourcesOf } from '../files.ts';
import { nameOf, testPath } from '../packages.ts';
import { lineOf, placeAt } from '../place.ts';
import type { Pom } from '../pom.ts';
import { javaEnvironment, programOf } from '../toolchain.ts';
import { z } from 'zod';

const importsSchema = z.strictObject({
  missing: listOf(z.strictObject({ name: z.string(), file: z.string(), line: lineNumber })),
});

// Imports: 0 it printed its result, 1 a file or a package cannot be read
/** Imports of packages that neither the JDK, nor the environment, nor the answer has. */
async function missingImports(context: CheckContext, environment: Environment): Promise<Finding[]> {
  const { main, test } = sourcesOf(context.project);
  const program = {
    command: programOf('Imports', ['/out/input']),
    mounts: environment.mounts,
    env: javaEnvironment,
    input: [
      ...testPath(environment.packages).map((path) => `package ${path}`),
      ...[...main, ...test].map((path) => `source ${path}`),
      '',
    ].join('\n'),
    results: true,
  };
  return inSandbox(context, program, ({ execution }) =>
    toolReport('the search for imports', importsSchema, execution).missing.map(({ name, file, line }) =>
      finding({
        tool: 'cupel',
        rule: 'missing-import',
        message: `${name} is imported, and neither pom.xml nor the answer has it`,
        file: answerPath(context.project, file),
        line,
      }),
    ),
  );
}

function placeOf(context: CheckContext, { line, message }: NoEnvironment) {
  if (line !== null) return placeAt(context, line);
  const artifact = /(?:artifact|of|for) [\w.-]+:([\w.-]+):/.exec(message)?.[1];
  return artifact === undefined ? lineOf(context, '<project') : lineOf(context, `<artifactId>${artifact}<`);
}

function notResolved(context: CheckContext, environment: NoEnvironment): Outcome {
  const { ours, rule, declared, message, execution } = environment;
  if (rule === 'refused' && declared !== null) return judgeDependencies(outsideRegistry(context, declared), {});
  const evidence = execution === null ? [] : [evidenceOf(execution)];
  if (rule === 'not-measurable') return errored({ reason: message, evidence });
  if (ours)
    return errored({ reason: withDetail('the registry or the resolver failed', message.slice(0, 600)), evidence });
  const text = rule === 'package-not-found' ? `${message.slice(0, 600)} (possibly invented)` : message.slice(0, 600);
  return failed({
    reason: rule === 'unreadable-manifest' ? `pom.xml cannot be read: ${text}` : 'what is declared does not resolve',
    findings: [finding({ tool: 'maven', rule, message: text, ...placeOf(context, environment) })],
    evidence,
  });
}

const declaredNames = (pom: Pom | null): string[] =>
  (pom?.dependencies ?? []).map(({ group, artifact }) => `${group}:${artifact}`);

async function run(context: CheckContext): Promise<Outcome> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) return notResolved(context, environment);
  const { declared, packages } = environment;
  const facts = {
    declared: declared?.dependencies.length ?? 0,
    installed: packages.length,
    packages: packages.map(nameOf),
    source: declared === null ? 'no pom.xml: the pinned environment' : 'declared by the answer',
    as_of: context.asOf,
  };
  const requirements = declaredNames(declared).map((name) => ({
    name,
    ...lineOf(context, `<artifactId>${name.split(':')[1] ?? ''}<`),
  }));
  return judgeDependencies(
    [
      ...(declared === null ? [] : declarationFindings(context, declared)),
      ...notAllowed(context.dependencies, requirements),
      ...(await missingImports(context, environment)),
    ],
    facts,
  );
}

/** Does what pom.xml declares resolve, and is it all that the code imports? */
export const dependencies: Check = {
  ...dependenciesKind,
  question: 'Does what pom.xml declares resolve, and is it all that the code imports?',
  needs: [],
  packages: 'resolves',
  cost: 8,
  reads: readsCode,
  run,
};
