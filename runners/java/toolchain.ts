import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { withDetail } from '../../src/formats/words.ts';
import { addressInside } from '../../src/ports/registries.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import { assetsLayer, contentOf, onceForLayers, runResolver } from '../shared/install.ts';
import { temporary } from '../shared/job.ts';
import { mavenRegistry, REPOSITORY } from './registries.ts';

/** The language version that this runner offers. */
export const JAVA = '17';

const here = import.meta.dirname;
const HOW = 'install a JDK 17 and Maven 3.6 or newer (on Debian: apt-get install openjdk-17-jdk-headless maven)';

/** What a pinned file belongs to: Maven, JaCoCo, the launcher of tests, JUnit's engine for JUnit 4, and the linters. */
export type Tool = 'maven' | 'jacoco' | 'launcher' | 'vintage' | 'format' | 'checkstyle' | 'spotbugs';

/** The tools that this runner brings, and the JDK of the machine. */
export interface Toolchain {
  /** The JDK's own version (`17.0.15`). */
  version: string;
  tools: Layer;
  registry: Registry;
  mounts: Mount[];
  /** The class path of a tool, as it is inside. */
  classPath(tool: Tool): string;
  /** The versions that are pinned, by name. */
  versions: Readonly<Record<string, string>>;
}

/** Options of every JVM: it lives for seconds, so it starts fast and compiles little. */
export const jvm: readonly string[] = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xmx1536m',
  '-Duser.home=/tmp/home',
];

/** The environment of programs of Java. */
export const javaEnvironment: Readonly<Record<string, string>> = {
  PATH: '/jdk/bin:/usr/bin:/bin',
  JAVA_HOME: '/jdk',
};

/** A program of `programs/`, as a command. */
export function programOf(name: string, words: readonly string[], classPath: readonly string[] = []): string[] {
  return ['/jdk/bin/java', ...jvm, '-cp', ['/tools/programs', ...classPath].join(':'), `cupel.${name}`, ...words];
}

async function say(command: string, words: readonly string[]): Promise<string | null> {
  const result = await execa(command, words, { reject: false, all: true });
  return result.failed ? null : result.all;
}

/** The JDK 17 of this machine: its folder and version. */
async function findJdk(): Promise<{ home: string; version: string }> {
  const installed = existsSync('/usr/lib/jvm') ? await readdir('/usr/lib/jvm') : [];
  const candidates = [
    ...(process.env['JAVA_HOME'] === undefined ? [] : [join(process.env['JAVA_HOME'], 'bin', 'java')]),
    'java',
    ...installed.filter((name) => name.includes('17')).map((name) => join('/usr/lib/jvm', name, 'bin', 'java')),
  ];
  for (const java of candidates) {
    const printed = (await say(java, ['-XshowSettings:properties', '-version'])) ?? '';
    const home = /^\s*java\.home = (.+)$/m.exec(printed)?.[1];
    const version = /^\s*java\.version = (\S+)$/m.exec(printed)?.[1] ?? '';
    if (home !== undefined && version.split('.')[0] === JAVA && existsSync(join(home, 'bin', 'javac')))
      return { home: await realpath(home), version };
  }
  throw new ToolMissingError(`there is no JDK ${JAVA} on this machine; ${HOW}`);
}

/** Folders outside of the JDK and of /usr in which links of the JDK end: Debian has its configuration in /etc. */
async function linkedFolders(home: string): Promise<Mount[]> {
  const folders = new Set<string>();
  for (const folder of ['conf', 'lib', 'lib/security', 'conf/security']) {
    const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const target = entry.isSymbolicLink() ? await readlink(join(home, folder, entry.name)) : '';
      if (/^\/etc\/(?!ssl\/|alternatives\/)/.test(target))
        folders.add(dirname(target).split('/').slice(0, 3).join('/'));
    }
  }
  return [...folders].filter((folder) => existsSync(folder)).map((folder) => ({ source: folder, target: folder }));
}

/** What Maven's settings on this machine say of repositories. */
async function registryOfMachine(home: string): Promise<Registry> {
  const said = await say('mvn', ['-v']);
  const maven = /Maven home: ([^\u001b\n]+)/.exec(said ?? '')?.[1]?.trim();
  if (maven === undefined) throw new ToolMissingError(`Maven is not on the PATH; ${HOW}`);
  const library = join(maven, 'lib');
  const builder = (await readdir(library)).find((name) => /^maven-model-builder-.*\.jar$/.test(name));
  const scratch = await mkdtemp(join(tmpdir(), 'cupel-maven-'));
  try {
    const inJar = 'org/apache/maven/model/pom-4.0.0.xml';
    await execa(join(home, 'bin', 'jar'), ['xf', join(library, builder ?? 'maven-model-builder.jar'), inJar], {
      cwd: scratch,
    });
    const settings = [join(homedir(), '.m2', 'settings.xml'), join(maven, 'conf', 'settings.xml')];
    const texts = await Promise.all(settings.map((path) => readFile(path, 'utf8').catch(() => '')));
    return mavenRegistry(texts, await readFile(join(scratch, inJar), 'utf8'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Artifact {
  sha256: string;
  tool: string;
  path: string;
}

async function pinnedArtifacts(): Promise<Artifact[]> {
  const lines = (await readFile(join(here, 'toolchain', 'artifacts.txt'), 'utf8')).split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [sha256 = '', tool = '', path = ''] = line.split(' ');
      return { sha256, tool, path };
    });
}

/** Compiles our programs, which need the launcher's and JaCoCo's interfaces. */
const compileScript = [
  'find /tools/repository -name "*.jar" | tr "\\n" ":" > /tmp/jars',
  'mkdir -p /layer/programs',
  '/jdk/bin/javac -J-XX:TieredStopAtLevel=1 -d /layer/programs -cp "$(cat /tmp/jars)" /cupel/programs/cupel/*.java',
].join('\n');

async function fetchTools(
  kit: Kit,
  parts: { registry: Registry; mounts: Mount[]; pinned: Artifact[] },
  folder: string,
) {
  await temporary(async (workspace, out) => {
    // Tools share some of their packages.
    const lines = new Set(parts.pinned.map(({ sha256, path }) => `${sha256} ${path}\n`));
    await writeFile(join(workspace, 'list'), [...lines].join(''));
    const unpack =
      'tar -xzf /layer/repository/org/apache/maven/apache-maven/*/*.tar.gz -C /tmp && mv /tmp/apache-maven-* /layer/maven';
    const fetch = `/jdk/bin/java -cp /out cupel.Fetch ${addressInside(REPOSITORY)} /w/list /layer/repository`;
    const compile = '/jdk/bin/javac -d /out /cupel/programs/cupel/Fetch.java';
    const compileAll = compileScript.replaceAll('/tools/repository', '/layer/repository');
    const execution = await runResolver(kit, {
      command: ['sh', '-ec', `${compile}\n${fetch} > /dev/null\n${unpack}\n${compileAll}`],
      workspace,
      cwd: '/w',
      env: javaEnvironment,
      registries: [parts.registry],
      mounts: [...parts.mounts, { source: folder, target: '/layer', writable: true }],
      out,
    });
    if (execution.exitCode !== 0)
      throw new ToolMissingError(
        withDetail(
          'the tools for Java could not be fetched; see that the Maven repository can be reached',
          execution.stderr.trim().slice(-600),
        ),
      );
  });
}

/** The version in the path of a pinned file whose artifact has a name. */
function versionOf(pinned: readonly Artifact[], artifact: string): string {
  const path = pinned.find((one) => one.path.split('/').at(-3) === artifact)?.path;
  return path?.split('/').at(-2) ?? 'missing';
}

async function makeToolchain(kit: Kit): Promise<Toolchain> {
  const { home, version } = await findJdk();
  const registry = await registryOfMachine(home);
  const pinned = await pinnedArtifacts();
  const jdk = [{ source: home, target: '/jdk' }, ...(await linkedFolders(home))];
  const assets = await assetsLayer(kit, 'java', here, ['environment', 'grader', 'standards', 'programs']);
  const mounts = [...jdk, { source: assets.folder, target: '/cupel' }];
  const key = [pinned, await contentOf(here, 'programs'), version];
  const tools = await kit.layers.get('java-tools', key, (folder) =>
    fetchTools(kit, { registry, mounts, pinned }, folder),
  );
  return {
    version,
    tools,
    registry,
    mounts: [...mounts, { source: tools.folder, target: '/tools' }],
    classPath: (tool) =>
      pinned
        .filter((one) => one.tool === tool)
        .map(({ path }) => `/tools/repository/${path}`)
        .join(':'),
    versions: {
      java: version,
      maven: versionOf(pinned, 'apache-maven'),
      jacoco: versionOf(pinned, 'org.jacoco.core'),
      'google-java-format': versionOf(pinned, 'google-java-format'),
      checkstyle: versionOf(pinned, 'checkstyle'),
      spotbugs: versionOf(pinned, 'spotbugs'),
      'find-sec-bugs': versionOf(pinned, 'findsecbugs-plugin'),
    },
  };
}

/** The toolchain, made once a process for a set of layers. Rejects with `ToolMissingError`. */
export const toolchainOf = onceForLayers(makeToolchain);
