import { withDetail } from '../../../src/formats/words.ts';
import { errored, failed } from '../../../src/domain/grading/check.ts';
import type { Outcome } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import type { Check, CheckContext } from '../../../src/ports/runner.ts';
import { dependenciesKind } from '../../shared/check-kinds.ts';
import { hasProtocols, judgeDependencies, notAllowed, unbuiltProtocols } from '../../shared/dependencies.ts';
import { readsCode } from '../../shared/documentation.ts';
import { evidenceOf } from '../../shared/evidence.ts';
import { finding, inSandbox } from '../../shared/job.ts';
import { environmentOf } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { folderReplacements } from '../manifest.ts';
import type { Manifest } from '../manifest.ts';
import { missingOwn } from '../missing-own.ts';
import { parseGo } from '../packages.ts';
import { lineOf, placeOf } from '../place.ts';
import { goEnvironment } from '../compiling.ts';
import { GO } from '../toolchain.ts';
import { moduleIn, workspaceModules } from '../workspace.ts';

function newer(wanted: string, offered: string): boolean {
  const [a = [], b = []] = [wanted, offered].map((version) => version.split('.').map(Number));
  return (a[0] ?? 0) > (b[0] ?? 0) || (a[0] === b[0] && (a[1] ?? 0) > (b[1] ?? 0));
}

/** Imports that neither the standard library nor a module has, as `go list` says it: the resolver leaves them be. */
async function missingImports(context: CheckContext, environment: Environment): Promise<Finding[]> {
  const errors = '{{with .Error}}{{.Pos}}: {{.Err}}{{"\\n"}}{{end}}';
  const command = environment.command(['go', 'list', '-e', '-deps', '-test', '-f', errors, './...']);
  const env = { ...goEnvironment, GOMODCACHE: '/env/mod' };
  return inSandbox(context, { command, mounts: environment.mounts, env }, ({ execution }) => {
    if (execution.exitCode !== 0) throw new Error(withDetail('looking for imports failed', execution.stderr));
    return parseGo(context, 'cupel', 'missing-import', execution.stdout).filter(({ message }) =>
      /is not in std|no required module provides|cannot find module/.test(message),
    );
  });
}

function directly(manifest: Manifest): string[] {
  return (manifest.Require ?? []).filter(({ Indirect }) => Indirect !== true).map(({ Path }) => Path);
}

/** Whose module it is: a domain's, or an account's on a host of many. */
function ownerOf(path: string): string {
  const [domain = '', account = ''] = path.split('/');
  return /^(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)$/.test(domain) ? `${domain}/${account}` : domain;
}

/** Domains and endings under which nobody can publish (RFC 2606, RFC 6762). */
const unpublished = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|local|localhost|test)$/;

/**
 * Whether a module that a folder of the answer replaces is the answer's own: there is no published one that is meant.
 */
function isOwn(context: CheckContext, path: string, folder: string, module: string): boolean {
  const owner = ownerOf(path);
  return (
    !owner.includes('.') ||
    owner === ownerOf(module) ||
    (unpublished.test(owner) && moduleIn(context.files, folder) === path)
  );
}

/** Findings for modules that folders replace which are not theirs to be. */
function replacementFindings(context: CheckContext, declared: Manifest | null): Finding[] {
  const ownModule = declared?.Module?.Path ?? '';
  return folderReplacements(context.project, declared).flatMap(({ module, written, folder }) => {
    const place = lineOf(context, module);
    if (folder === null) {
      const message = `${module} is replaced by ${written}, outside of the answer`;
      return [finding({ tool: 'cupel', rule: 'outside-registry', message, ...place })];
    }
    if (isOwn(context, module, folder, ownModule)) return [];
    const message =
      `${module} is replaced by a folder of the answer: ` +
      'it would be tested with something else than what is published';
    return [finding({ tool: 'cupel', rule: 'replaced-module', message, ...place })];
  });
}

function findingsOf(context: CheckContext, { declared, resolved }: Environment): Finding[] {
  const findings = replacementFindings(context, declared);
  const add = (rule: string, message: string, text: string): void =>
    void findings.push(finding({ tool: 'cupel', rule, message, ...lineOf(context, text) }));
  if (declared?.Go !== undefined && newer(declared.Go, GO))
    add('runtime-not-offered', `wants Go ${declared.Go}, the scenario offers ${GO}`, 'go ');
  // What go.mod wrongly calls indirect is required all the same.
  const knownModules = [
    ...(declared?.Require ?? []).map(({ Path }) => Path),
    ...workspaceModules(context).map(({ path }) => path),
  ];
  for (const path of directly(resolved)) {
    if (declared !== null && !knownModules.includes(path))
      add('missing-import', `${path} is imported, but go.mod does not require it`, 'require');
  }
  const requirements = directly(resolved).map((name) => ({
    name,
    file: lineOf(context, name).file ?? '',
    line: lineOf(context, name).line,
  }));
  return [...findings, ...notAllowed(context.dependencies, requirements)];
}

async function run(context: CheckContext): Promise<Outcome> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) {
    if (environment.execution === null)
      return judgeDependencies(replacementFindings(context, environment.declared), {});
    const evidence = [evidenceOf(environment.execution)];
    const [gone, ...more] = missingOwn(context);
    if (gone !== undefined && hasProtocols(context))
      return errored({ reason: unbuiltProtocols, findings: [gone, ...more], evidence });
    if (gone !== undefined) return failed({ reason: gone.message, findings: [gone, ...more], evidence });
    const summary = environment.message
      .replaceAll(/^go: (downloading|finding).*\n?/gm, '')
      .trim()
      .slice(0, 600);
    if (environment.ours)
      return errored({ reason: withDetail('the registry or the resolver failed', summary), evidence });
    const message = environment.rule === 'package-not-found' ? `${summary} (possibly invented)` : summary;
    return failed({
      reason: 'what is declared does not resolve',
      findings: [finding({ tool: 'go', rule: environment.rule, message, ...placeOf(context, environment.message) })],
      evidence,
    });
  }
  const packages = (environment.resolved.Require ?? []).map(({ Path, Version }) => `${Path}@${Version}`);
  const facts = {
    declared: environment.declared?.Require?.length ?? 0,
    installed: packages.length,
    packages,
    source: environment.declared === null ? 'no go.mod: the pinned environment' : 'declared by the answer',
    as_of: context.asOf,
  };
  const findings = [...findingsOf(context, environment), ...(await missingImports(context, environment))];
  return judgeDependencies(findings, facts);
}

/** Does what go.mod requires resolve, and is it all that the code imports? */
export const dependencies: Check = {
  ...dependenciesKind,
  question: 'Does what go.mod requires resolve, and is it all that the code imports?',
  needs: [],
  packages: 'resolves',
  cost: 8,
  reads: readsCode,
  run,
};
