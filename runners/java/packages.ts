import { z } from 'zod';
import { readKept } from '../shared/report.ts';

const scopes = ['compile', 'provided', 'runtime', 'test', 'system'] as const;

const packageSchema = z.strictObject({
  /** Below a Maven repository: `org/x/y/1.0/y-1.0.jar`. */
  path: z.string().regex(/^(?!\.\.?\/)[\w.+-]+(?:\/(?!\.\.?\/)[\w.+-]+)+\.jar$/),
  scope: z.enum(scopes),
  /** Null for one whose hash is not known before it is fetched. */
  sha256: z.string().nullable(),
});

/** A package that is installed: one file. */
export type Package = z.infer<typeof packageSchema>;

/** Name and version in the path of a package. */
export function coordinatesOf({ path }: Pick<Package, 'path'>): { group: string; artifact: string; version: string } {
  const parts = path.split('/');
  return { group: parts.slice(0, -3).join('.'), artifact: parts.at(-3) ?? '', version: parts.at(-2) ?? '' };
}

/** A package as Maven's users write it: `group:artifact:version`. */
export function nameOf(one: Pick<Package, 'path'>): string {
  const { group, artifact, version } = coordinatesOf(one);
  return `${group}:${artifact}:${version}`;
}

/** Reads what `dependency:list` writes, with the hashes of the files in the folder that it resolved into. */
export function readPackages(list: string, hashes: string, folder: string): Package[] {
  const sha256 = new Map(
    hashes.split('\n').map((line) => {
      const [hash = '', path = ''] = line.split(/\s+/, 2);
      return [path.replace(/^\.\//, ''), hash];
    }),
  );
  return list
    .replaceAll(/\u001b\[[\d;]*m/g, '')
    .split('\n')
    .flatMap((line) => {
      const [, scope = '', place = ''] =
        /:(compile|provided|runtime|test|system)(?: \(optional\))?\s*:(\/\S+\.jar)/.exec(line) ?? [];
      const path = place.startsWith(folder) ? place.slice(folder.length) : '';
      const read = packageSchema.safeParse({ path, scope, sha256: sha256.get(path) ?? null });
      return read.success ? [read.data] : [];
    });
}

const engineOf = (packages: readonly Package[], artifact: string): string | null => {
  const one = packages.find((each) => coordinatesOf(each).artifact === artifact);
  return one === undefined ? null : coordinatesOf(one).version;
};

const jar = (group: string, artifact: string, version: string): Package => ({
  path: `${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}.jar`,
  scope: 'test',
  sha256: null,
});

/** The version of the JUnit Platform that belongs to one of Jupiter: 1.12.2 to 5.12.2, and the same from 6 on. */
const platformOf = (jupiter: string): string => jupiter.replace(/^5\./, '1.');

/**
 * Packages with what starts their tests, in the version that belongs to them. Maven's Surefire does the same: an answer
 * declares only what its tests are written with.
 */
export function withLauncher(packages: readonly Package[]): Package[] {
  const api = engineOf(packages, 'junit-jupiter-api');
  const platform =
    engineOf(packages, 'junit-platform-engine') ??
    engineOf(packages, 'junit-platform-commons') ??
    (api === null ? null : platformOf(api));
  if (platform === null) return [...packages];
  const wanted = [
    jar('org.junit.platform', 'junit-platform-launcher', platform),
    jar('org.junit.platform', 'junit-platform-engine', platform),
    jar('org.junit.platform', 'junit-platform-commons', platform),
    ...(api === null ? [] : [jar('org.junit.jupiter', 'junit-jupiter-engine', api)]),
    jar('org.opentest4j', 'opentest4j', '1.3.0'),
  ];
  const added = wanted.filter((one) => engineOf(packages, coordinatesOf(one).artifact) === null);
  return [...packages, ...added];
}

const keptSchema = z.array(packageSchema);

/** Packages as they are kept with an answer. */
export const writePackages = (packages: readonly Package[]): string => `${JSON.stringify(packages, null, 1)}\n`;

/** The packages that were kept with an answer. */
export const allPackages = (kept: string): Package[] => readKept(keptSchema, kept, 'the resolution');

const has = (packages: readonly Package[], artifact: string): boolean => engineOf(packages, artifact) !== null;

/** Whether tests are started by JUnit's own launcher, with what the answer brings. */
export const hasPlatform = (packages: readonly Package[]): boolean => has(packages, 'junit-platform-launcher');

/** Whether tests are written for JUnit 4 (or 3). */
export const hasJunit4 = (packages: readonly Package[]): boolean => has(packages, 'junit');

/** Whether tests are written for TestNG. */
export const hasTestNg = (packages: readonly Package[]): boolean => has(packages, 'testng');

/** Frameworks that decide what a test is: they come before the answer's own classes. */
const framework =
  /^(?:org\/junit|junit|org\/opentest4j|org\/assertj|org\/hamcrest|org\/mockito|net\/jqwik|org\/apiguardian|com\/google\/truth|org\/springframework\/spring-test)\//;

const inside = ({ path }: Package): string => `/env/${path}`;

/** The class path of a program, without what is there for tests alone. */
export function compilePath(packages: readonly Package[]): string[] {
  return packages.filter(({ scope }) => scope !== 'test' && scope !== 'runtime').map(inside);
}

/** What the program runs with. */
export function runtimePath(packages: readonly Package[]): string[] {
  return packages.filter(({ scope }) => scope === 'compile' || scope === 'runtime').map(inside);
}

/** What tests are compiled with. */
export const testPath = (packages: readonly Package[]): string[] => packages.map(inside);

/** The same in two parts: what comes before the answer's classes, and what comes after them. */
export function testPathParts(packages: readonly Package[]): { before: string[]; after: string[] } {
  const isFramework = ({ path }: Package): boolean => framework.test(path);
  return {
    before: packages.filter(isFramework).map(inside),
    after: packages.filter((one) => !isFramework(one)).map(inside),
  };
}
