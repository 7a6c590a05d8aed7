import type { CheckContext } from '../../src/ports/runner.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import { finding } from '../shared/job.ts';
import { releaseOf } from './compiling.ts';
import { placeAt, lineOf } from './place.ts';
import type { Coordinates, Plugin, Pom } from './pom.ts';
import { JAVA } from './toolchain.ts';

/** Plugins that start programs of the answer's choice. */
const starters =
  /^(?:exec|maven-antrun|antrun|groovy|gmaven|gmavenplus|frontend|maven-invoker|sql|jbang)(?:-maven)?(?:-plugin)?$/;

/** Files of an answer that would tell Maven what to load before it reads anything: it never sees them. */
const commanding = /^(?:\.mvn\/|mvnw(?:\.cmd)?$|settings\.xml$)/;

/** Findings for what a pom.xml asks for from outside of the registry. */
export function outsideRegistry(context: Pick<CheckContext, 'project'>, pom: Pom): Finding[] {
  const add = (message: string, line: number): Finding =>
    finding({ tool: 'cupel', rule: 'outside-registry', message, ...placeAt(context, line) });
  return [
    ...pom.repositories.map(({ text, line }) =>
      add(`${text}: a repository of the answer's own is not installed from`, line),
    ),
    ...pom.dependencies
      .filter(({ systemPath }) => systemPath !== null)
      .map(({ artifact, systemPath, line }) => add(`${artifact}: a file (${systemPath ?? ''}) is not installed`, line)),
    ...pom.extensions.map(({ artifact, line }) => add(`${artifact}: an extension of Maven is not installed`, line)),
  ];
}

const isFloating = (version: string): boolean => /^[[(]|[\])]$|^(?:LATEST|RELEASE)$|-SNAPSHOT$/i.test(version.trim());

/** Warnings for versions that mean something else tomorrow. */
function floating(context: Pick<CheckContext, 'project'>, pom: Pom): Finding[] {
  const coordinates: readonly Coordinates[] = [
    ...pom.dependencies,
    ...pom.managed,
    ...(pom.parent === null ? [] : [pom.parent]),
  ];
  return coordinates
    .filter(({ version }) => version !== null && isFloating(version))
    .map(({ group, artifact, version, line }) =>
      finding({
        tool: 'cupel',
        rule: 'floating-version',
        severity: 'warning',
        message: `${group}:${artifact} is asked for in version ${version ?? ''}, which is another one on another day`,
        ...placeAt(context, line),
      }),
    );
}

/** Warnings for plugins whose version is left to whichever Maven builds it. A parent's pom may give it. */
function unpinned(context: Pick<CheckContext, 'project'>, { plugins, managedPlugins, parent }: Pom): Finding[] {
  if (parent !== null) return [];
  const isManaged = ({ artifact }: Plugin): boolean =>
    managedPlugins.some((one) => one.artifact === artifact && one.version !== null);
  return plugins
    .filter((plugin) => plugin.version === null && !isManaged(plugin))
    .map(({ artifact, line }) =>
      finding({
        tool: 'cupel',
        rule: 'unpinned-plugin',
        severity: 'warning',
        message: `${artifact} has no version: each version of Maven takes another one`,
        ...placeAt(context, line),
      }),
    );
}

/** Warnings for what is there to start programs or to command Maven: none of it is obeyed. */
function notObeyed(context: Pick<CheckContext, 'project' | 'files'>, pom: Pom): Finding[] {
  const plugins = pom.plugins.filter(({ artifact, extensions }) => starters.test(artifact) || extensions);
  return [
    ...plugins.map(({ artifact, extensions, line }) =>
      finding({
        tool: 'cupel',
        rule: 'plugin-not-run',
        severity: 'warning',
        message: `${artifact} is not run: it ${extensions ? 'would change Maven itself' : 'starts programs'}`,
        ...placeAt(context, line),
      }),
    ),
    ...context.files
      .filter(({ path }) => commanding.test(withinProject(context.project, path)))
      .map(({ path }) =>
        finding({
          tool: 'cupel',
          rule: 'not-obeyed',
          severity: 'warning',
          message: `${path} is not obeyed: Cupel's own Maven and settings are used`,
          file: path,
          line: 1,
        }),
      ),
  ];
}

/** Findings for what a pom.xml says, whatever it resolves to. */
export function declarationFindings(context: Pick<CheckContext, 'project' | 'files'>, pom: Pom): Finding[] {
  const release = releaseOf(pom);
  const newer =
    release === null || Number(release) <= Number(JAVA)
      ? []
      : [
          finding({
            tool: 'cupel',
            rule: 'runtime-not-offered',
            message: `wants Java ${release}, the scenario offers ${JAVA}`,
            ...lineOf(context, release),
          }),
        ];
  return [...newer, ...floating(context, pom), ...unpinned(context, pom), ...notObeyed(context, pom)];
}
