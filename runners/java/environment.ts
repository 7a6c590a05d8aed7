import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layer } from '../../src/ports/layers.ts';
import { addressInside } from '../../src/ports/registries.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import { runResolver, scratch } from '../shared/install.ts';
import { temporary } from '../shared/job.ts';
import { allPackages, readPackages, withLauncher, writePackages } from './packages.ts';
import type { Package } from './packages.ts';
import { pinnedPom, readPom } from './pom.ts';
import type { BrokenPom, Pom } from './pom.ts';
import { REPOSITORY } from './registries.ts';
import { unmeasurable } from './unmeasurable.ts';
import { javaEnvironment, jvm, programOf, toolchainOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** The packages of a project. */
export interface Environment {
  toolchain: Toolchain;
  layer: Layer;
  /** What the answer declares; null when it declares nothing. */
  declared: Pom | null;
  /** In the order of the class path. */
  packages: readonly Package[];
  mounts: Mount[];
}

/** Why there is no environment. `ours` when the registry or the resolver is to blame, or when there are no means. */
export interface NoEnvironment {
  ours: boolean;
  rule: 'unreadable-manifest' | 'package-not-found' | 'unresolvable' | 'registry' | 'refused' | 'not-measurable';
  declared: Pom | null;
  message: string;
  line: number | null;
  /** Null where no resolver was started. */
  execution: Execution | null;
}

/** A package that nobody doubts: when it cannot be fetched, the registry is to blame. */
const CONTROL = 'junit/junit/4.13.2/junit-4.13.2.pom';

const RESOLVE = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list';
const RESOLUTION = 'packages.txt';

function ruleOf(said: string): NoEnvironment['rule'] {
  if (/status(?: code)?: 5\d\d|Connect(?:ion)? (?:refused|reset|timed out)|Could not transfer|timed out/i.test(said))
    return 'registry';
  if (/Could not find artifact|was not found in|No versions available/i.test(said)) return 'package-not-found';
  if (/Malformed POM|Non-parseable POM|problems? (?:was|were) encountered while|Could not resolve version/i.test(said))
    return 'unresolvable';
  return 'registry';
}

/** What Maven says was wrong, without what it says to do. */
const errorsIn = (stdout: string): string =>
  stdout
    .replaceAll(/\u001b\[[\d;]*m/g, '')
    .split('\n')
    .filter((line) => /^\[(?:ERROR|FATAL)\]/.test(line))
    .map((line) => line.replace(/^\[\w+\]\s*/, '').replace(/\s*-> \[Help \d+\]$/, ''))
    .filter((line) => line !== '' && !/^(?:\[Help|Re-run Maven|To see the full|For more information)/.test(line))
    .join('\n')
    .slice(0, 1500);

async function controlFails(context: CheckContext, toolchain: Toolchain): Promise<boolean> {
  return temporary(async (workspace) => {
    await writeFile(join(workspace, 'list'), `- ${CONTROL}\n`);
    const execution = await runResolver(context, {
      command: programOf('Fetch', [addressInside(REPOSITORY), '/w/list', scratch]),
      workspace,
      cwd: '/w',
      env: javaEnvironment,
      registries: [toolchain.registry],
      mounts: toolchain.mounts,
    });
    return execution.exitCode !== 0;
  });
}

// mvn: 0 done, 1 anything else
/** The packages that a pom resolves to. Maven is given a pom of ours, in a folder where nothing of the answer is. */
async function resolve(context: CheckContext, toolchain: Toolchain, pom: Pom): Promise<Package[] | Execution> {
  return temporary(async (workspace, out) => {
    await writeFile(join(workspace, 'pom.xml'), pom.resolvable);
    const mvn = `/tools/maven/bin/mvn -B -ntp -Dstyle.color=never -s /cupel/environment/settings.xml -gs /cupel/environment/settings.xml -Dmaven.repo.local=${scratch}/m2 ${RESOLVE} -DoutputFile=/out/list -DoutputAbsoluteArtifactFilename=true`;
    const hashes = `cd ${scratch}/m2 && find . -name '*.jar' -exec sha256sum {} + > /out/hashes`;
    const execution = await runResolver(context, {
      command: ['sh', '-ec', `${mvn}\n${hashes}`],
      workspace,
      cwd: '/w',
      env: { ...javaEnvironment, MAVEN_OPTS: jvm.join(' ') },
      registries: [toolchain.registry],
      mounts: toolchain.mounts,
      out,
    });
    if (execution.exitCode !== 0) return execution;
    const [list, hashed] = [await readFile(join(out, 'list'), 'utf8'), await readFile(join(out, 'hashes'), 'utf8')];
    return withLauncher(readPackages(list, hashed, `${scratch}/m2/`));
  });
}

/** Fetches packages into a layer; the execution that failed where one cannot be fetched. */
async function fetchPackages(
  context: CheckContext,
  toolchain: Toolchain,
  packages: readonly Package[],
): Promise<Layer | Execution> {
  let failure: Execution | null = null;
  try {
    return await context.layers.get('java-packages', [packages, toolchain.version], (folder) =>
      temporary(async (workspace) => {
        const lines = packages.map(({ sha256, path }) => `${sha256 ?? '-'} ${path}\n`);
        await writeFile(join(workspace, 'list'), lines.join(''));
        const execution = await runResolver(context, {
          command: programOf('Fetch', [addressInside(REPOSITORY), '/w/list', '/layer']),
          workspace,
          cwd: '/w',
          env: javaEnvironment,
          registries: [toolchain.registry],
          mounts: [...toolchain.mounts, { source: folder, target: '/layer', writable: true }],
        });
        if (execution.exitCode === 0) return;
        failure = execution;
        throw new Error(execution.stderr);
      }),
    );
  } catch (error) {
    if (failure === null) throw error;
    return failure;
  }
}

const without = (parts: Pick<NoEnvironment, 'ours' | 'rule' | 'message'> & Partial<NoEnvironment>): NoEnvironment => ({
  declared: null,
  line: null,
  execution: null,
  ...parts,
});

async function failedBy(
  context: CheckContext,
  toolchain: Toolchain,
  declared: Pom | null,
  execution: Execution,
): Promise<NoEnvironment> {
  const message = errorsIn(execution.stdout) || execution.stderr.trim().slice(-1500);
  const rule = ruleOf(`${message}\n${execution.stderr}`);
  const ours = rule === 'registry' || (rule === 'package-not-found' && (await controlFails(context, toolchain)));
  return without({ ours, rule, declared, message, execution });
}

async function packagesOf(
  context: CheckContext,
  toolchain: Toolchain,
  declared: Pom | null,
): Promise<Package[] | NoEnvironment> {
  const kept = context.resolution?.[RESOLUTION];
  if (kept !== undefined) return allPackages(kept);
  const resolved = await resolve(context, toolchain, declared ?? (await pinnedPom(context, toolchain)));
  if (!Array.isArray(resolved)) return failedBy(context, toolchain, declared, resolved);
  return resolved;
}

const isBroken = (pom: Pom | BrokenPom): pom is BrokenPom => 'problem' in pom;

async function build(context: CheckContext): Promise<Environment | NoEnvironment> {
  const toolchain = await toolchainOf(context);
  const pom = await readPom(context, toolchain);
  if (pom !== null && isBroken(pom))
    return without({ ours: false, rule: 'unreadable-manifest', message: pom.problem, line: pom.line });
  const beyond = unmeasurable(context.project, pom);
  if (beyond !== null) return without({ ours: true, rule: 'not-measurable', message: beyond, declared: pom });
  if (pom !== null && refused(pom)) return without({ ours: false, rule: 'refused', message: '', declared: pom });
  const packages = await packagesOf(context, toolchain, pom);
  if (!Array.isArray(packages)) return packages;
  const layer = await fetchPackages(context, toolchain, packages);
  if ('exitCode' in layer) return failedBy(context, toolchain, pom, layer);
  context.keepResolution({ [RESOLUTION]: writePackages(packages) });
  const mounts = [...toolchain.mounts, { source: layer.folder, target: '/env' }];
  return { toolchain, layer, declared: pom, packages, mounts };
}

/** Whether a pom asks for something that no registry has: nothing of it is resolved then. */
const refused = (pom: Pom): boolean =>
  pom.repositories.length > 0 ||
  pom.extensions.length > 0 ||
  pom.dependencies.some(({ systemPath }) => systemPath !== null);

/** The project's packages, resolved and fetched once. */
export function environmentOf(context: CheckContext): Promise<Environment | NoEnvironment> {
  return context.once('java-environment', () => build(context));
}

/** The environment of a project whose dependencies have passed. */
export async function installed(context: CheckContext): Promise<Environment> {
  const environment = await environmentOf(context);
  if (!('layer' in environment)) throw new Error('the dependencies check passed without an environment');
  return environment;
}
