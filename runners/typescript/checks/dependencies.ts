import { withDetail } from '../../../src/formats/words.ts';
import semver from 'semver';
import { z } from 'zod';
import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { dependenciesKind } from '../../shared/check-kinds.ts';
import { declaredByText, judgeDependencies, notAllowed, refusals } from '../../shared/dependencies.ts';
import type { Refusal } from '../../shared/dependencies.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { lineNumber, listOf } from '../../shared/report.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import { readDeclared } from '../declared.ts';
import type { Declared } from '../declared.ts';
import { environmentOf } from '../environment.ts';
import type { Environment, NoEnvironment } from '../environment.ts';
import { otherRuntime } from '../other-runtime.ts';
import { NODE, inside, toolchainOf } from '../toolchain.ts';
import { packagesWithin } from '../workspaces/members.ts';
import { installedTogether } from '../workspaces/together.ts';

function declarationFindings(context: CheckContext, declared: Declared): Finding[] {
  const findings = [
    ...refusals(declared),
    ...notAllowed(context.dependencies, declared.requirements),
    ...declaredByText(declared.requirements),
  ];
  const { node } = declared;
  if (node !== null && semver.validRange(node.range) !== null && !semver.intersects(node.range, `^${NODE}`)) {
    findings.push(
      finding({
        tool: 'cupel',
        rule: 'runtime-not-offered',
        message: `wants Node ${node.range}, the scenario offers ${NODE}`,
        file: node.file,
      }),
    );
  }
  return findings;
}

/** What `missing-imports.cjs` prints. */
const missingImportsSchema = listOf(z.object({ file: z.string(), name: z.string(), line: lineNumber }));

/** Findings for packages that are imported and not installed. */
export function missingImports(context: CheckContext, environment: Environment): Promise<Finding[]> {
  return context.once('typescript-missing-imports', () => scanImports(context, environment));
}

async function scanImports(context: CheckContext, environment: Environment): Promise<Finding[]> {
  const command = [inside.node, `${inside.assets}/grader/missing-imports.cjs`, ...packagesWithin(context)];
  return inSandbox(context, { command, mounts: environment.mounts, env: environment.env }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('the import scan', execution);
    return toolReport('the import scan', missingImportsSchema, execution).map(({ file, name, line }) =>
      finding({
        tool: 'cupel',
        rule: 'missing-import',
        message: `${name} is imported, but nothing declares it`,
        file: fromProject(context.project, file),
        line,
      }),
    );
  });
}

/** What `own-faults.cjs` prints. */
const ownFaultsSchema = listOf(z.object({ file: z.string(), line: lineNumber, rule: z.string(), message: z.string() }));

/**
 * What is wrong with the answer's own files that needs no package to be seen, where its packages keep other checks from
 * looking.
 */
async function ownFaults(context: CheckContext): Promise<Finding[]> {
  const { mounts } = await toolchainOf(context);
  const command = [inside.node, `${inside.assets}/grader/own-faults.cjs`, ...packagesWithin(context)];
  return inSandbox(context, { command, mounts }, ({ execution }) => {
    if (execution.exitCode !== 0) toolCrashed('the scan of own files', execution);
    return toolReport('the scan of own files', ownFaultsSchema, execution).map(({ file, ...fault }) =>
      finding({ tool: 'cupel', ...fault, file: fromProject(context.project, file) }),
    );
  });
}

function unresolved(failure: NoEnvironment, findings: Finding[]): Outcome {
  if (failure.execution === null) return judgeDependencies(findings, {});
  const evidence = [evidenceOf(failure.execution)];
  const summary = failure.message.replaceAll(/\s+/g, ' ').slice(0, 600);
  if (failure.ours)
    return errored({ reason: withDetail('the registry or the resolver failed', summary), evidence, findings });
  const culprit = failure.declared.requirements.find(({ name }) => failure.message.includes(name));
  const message = failure.rule === 'package-not-found' ? `${summary} (possibly invented)` : summary;
  const conflict = finding({
    tool: 'npm',
    rule: failure.rule,
    message,
    file: culprit?.file ?? null,
    line: culprit?.line ?? null,
  });
  return failed({ reason: 'what is declared does not resolve', findings: [...findings, conflict], evidence });
}

/** Whether what is refused may be another package of the answer, by the words that workspaces have for it. */
const isWithinAnswer = ({ text }: Refusal): boolean => /: (?:workspace|file|link|portal|catalog):/.test(text);

async function judge(context: CheckContext): Promise<Outcome> {
  const runtime = otherRuntime(context);
  if (runtime !== null) return errored({ reason: `it is written for ${runtime}, and Cupel runs Node.js` });
  const together = installedTogether(context);
  const { refused } = readDeclared(context.project);
  if (together !== null && refused.every(isWithinAnswer))
    return errored({ reason: `${together}, and Cupel installs each package by itself` });
  const environment = await environmentOf(context);
  const findings = declarationFindings(context, environment.declared);
  if (!('layer' in environment)) return unresolved(environment, findings);
  const facts = {
    declared: environment.declared.requirements.length,
    installed: environment.packages.length,
    packages: environment.packages,
    source:
      environment.declared.manifest === null ? 'nothing declared: the pinned environment' : 'declared by the answer',
    as_of: context.asOf,
    ...(environment.undated.length === 0 ? {} : { undated: environment.undated }),
  };
  if (environment.unbuilt.length > 0) {
    return errored({
      reason: `install scripts that do not work without the network: ${environment.unbuilt.join(', ')}`,
      facts,
      findings,
    });
  }
  // Of what a package.json declares that can't be read, nothing is known.
  if (environment.declared.broken.length === 0) findings.push(...(await missingImports(context, environment)));
  return judgeDependencies(findings, facts);
}

async function run(context: CheckContext): Promise<Outcome> {
  const outcome = await judge(context);
  if (outcome.status !== 'failed') return outcome;
  return { ...outcome, findings: [...outcome.findings, ...(await ownFaults(context))] };
}

/** Does what the answer declares install, and is it all that its code imports? */
export const dependencies: Check = {
  ...dependenciesKind,
  question: 'Does what the answer declares install, and is it all that its code imports?',
  needs: [],
  packages: 'resolves',
  cost: 20,
  reads: readsCode,
  run,
};
