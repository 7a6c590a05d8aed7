import { z } from 'zod';
import { withDetail } from '../../../src/formats/words.ts';
import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { dependenciesKind } from '../../shared/check-kinds.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { lineNumber, listOf } from '../../shared/report.ts';
import { toolCrashed, toolReport } from '../../shared/tools.ts';
import {
  declaredByText,
  hasProtocols,
  judgeDependencies,
  notAllowed,
  refusals,
  unbuiltProtocols,
} from '../../shared/dependencies.ts';
import type { Declared } from '../manifests/collector.ts';
import { meetsPython } from '../manifests/declared.ts';
import { environmentOf, python } from '../environment.ts';
import type { Environment, NoEnvironment } from '../environment.ts';
import { modulesOf } from '../files.ts';
import { PYTHON, inside } from '../toolchain.ts';

function declarationFindings(context: CheckContext, declared: Declared): Finding[] {
  const findings = [
    ...refusals(declared),
    ...notAllowed(context.dependencies, declared.requirements),
    ...declaredByText(declared.requirements),
  ];
  const { python: wanted } = declared;
  if (wanted !== null && !meetsPython(PYTHON, wanted.specifier)) {
    const message = `wants Python ${wanted.specifier}, the scenario offers ${PYTHON}`;
    findings.push(finding({ tool: 'cupel', rule: 'runtime-not-offered', message, file: wanted.file }));
  }
  return findings;
}

/** What `missing_imports.py` prints of one import. */
const missingImportSchema = z.object({
  file: z.string(),
  line: lineNumber,
  name: z.string(),
  optional: z.boolean(),
  /** A module of the answer's own, not a package. */
  own: z.boolean(),
});
type MissingImport = z.infer<typeof missingImportSchema>;

async function missingImports(context: CheckContext, environment: Environment): Promise<MissingImport[]> {
  return inSandbox(
    context,
    {
      command: [python, '-I', `${inside.assets}/grader/missing_imports.py`, JSON.stringify(modulesOf(context.project))],
      mounts: environment.mounts,
      env: environment.env,
    },
    ({ execution }) => {
      if (execution.exitCode !== 0) toolCrashed('the import scan', execution);
      return toolReport('the import scan', listOf(missingImportSchema), execution);
    },
  );
}

function missingFinding(context: CheckContext, { file, line, name, optional, own }: MissingImport): Finding {
  const message = own
    ? `${name} is imported, and is not in the answer`
    : `${name} is imported, but nothing declares it`;
  return finding({
    tool: 'cupel',
    rule: 'missing-import',
    severity: optional ? 'info' : 'error',
    message,
    file: fromProject(context.project, file),
    line,
  });
}

function unresolved(failure: NoEnvironment, findings: Finding[]): Outcome {
  if (failure.execution === null) return judgeDependencies(findings, {});
  const evidence = [evidenceOf(failure.execution)];
  const summary = failure.message.split('\n').slice(0, 6).join(' ').slice(0, 600);
  if (failure.ours) {
    const why =
      failure.rule === 'needs-build' ? 'a package needs a build from source' : 'the registry or the resolver failed';
    return errored({ reason: withDetail(why, summary), evidence, findings });
  }
  const message = failure.rule === 'package-not-found' ? `${summary} (possibly invented)` : summary;
  const conflict = finding({ tool: 'uv', rule: failure.rule, message, ...whereIn(failure) });
  return failed({ reason: 'what is declared does not resolve', findings: [...findings, conflict], evidence });
}

/** The manifest line of the package that the resolver complains of. */
function whereIn(failure: NoEnvironment): { file: string | null; line: number | null } {
  const culprit = failure.declared.requirements.find(({ name }) =>
    new RegExp(`\\b${name.replaceAll('-', '[-_.]')}\\b`, 'i').test(failure.message),
  );
  return { file: culprit?.file ?? null, line: culprit?.line ?? null };
}

async function run(context: CheckContext): Promise<Outcome> {
  const environment = await environmentOf(context);
  const { conda } = environment.declared;
  if (conda !== null) return errored({ reason: `${conda} asks conda for packages, and Cupel installs from PyPI` });
  const findings = declarationFindings(context, environment.declared);
  if (!('layer' in environment)) return unresolved(environment, findings);
  const missing = await missingImports(context, environment);
  findings.push(...missing.map((one) => missingFinding(context, one)));
  const generated = missing.some(({ own, optional, name }) => own && !optional && /_pb2(?:_grpc)?$/.test(name));
  if (generated && hasProtocols(context)) return errored({ reason: unbuiltProtocols, findings });
  const facts = {
    declared: environment.declared.requirements.length,
    installed: environment.packages.length,
    packages: environment.packages,
    ...(environment.built.length === 0 ? {} : { built_from_source: environment.built }),
    source:
      environment.declared.requirements.length > 0
        ? 'declared by the answer'
        : 'nothing declared: the pinned environment',
    as_of: context.asOf,
    ...(environment.undated.length === 0 ? {} : { undated: environment.undated }),
  };
  return judgeDependencies(findings, facts);
}

/** Does what the answer declares install, and is it all that the code imports? */
export const dependencies: Check = {
  ...dependenciesKind,
  question: 'Does what the answer declares install, and is it all that its code imports?',
  needs: [],
  packages: 'resolves',
  cost: 5,
  reads: readsCode,
  run,
};
