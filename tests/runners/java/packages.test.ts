import { describe, expect, test } from 'vitest';
import {
  allPackages,
  compilePath,
  nameOf,
  readPackages,
  runtimePath,
  testPathParts,
  withLauncher,
  writePackages,
} from '../../../runners/java/packages.ts';
import type { Package } from '../../../runners/java/packages.ts';

const list = `
The following files have been resolved:
   org.slf4j:slf4j-api:jar:2.0.17:compile:/cache/m2/org/slf4j/slf4j-api/2.0.17/slf4j-api-2.0.17.jar -- module org.slf4j
   com.h2database:h2:jar:2.3.232:runtime:/cache/m2/com/h2database/h2/2.3.232/h2-2.3.232.jar\u001b[36m -- module com.h2\u001b[m
   org.projectlombok:lombok:jar:1.18.38:provided (optional):/cache/m2/org/projectlombok/lombok/1.18.38/lombok-1.18.38.jar
   org.junit.jupiter:junit-jupiter-api:jar:5.12.2:test:/cache/m2/org/junit/jupiter/junit-jupiter-api/5.12.2/junit-jupiter-api-5.12.2.jar
   com.example:own:jar:1:system:/w/own.jar
`;
const hashes =
  'aa  ./org/slf4j/slf4j-api/2.0.17/slf4j-api-2.0.17.jar\nbb  ./com/h2database/h2/2.3.232/h2-2.3.232.jar\n';

describe('what Maven resolved', () => {
  const packages = readPackages(list, hashes, '/cache/m2/');

  test('is read in its order, with scopes and hashes; files from elsewhere are none', () => {
    expect(packages.map((one) => [nameOf(one), one.scope, one.sha256])).toEqual([
      ['org.slf4j:slf4j-api:2.0.17', 'compile', 'aa'],
      ['com.h2database:h2:2.3.232', 'runtime', 'bb'],
      ['org.projectlombok:lombok:1.18.38', 'provided', null],
      ['org.junit.jupiter:junit-jupiter-api:5.12.2', 'test', null],
    ]);
  });

  test('makes the class paths of the compiler and of the program', () => {
    expect(compilePath(packages).map((path) => path.split('/').at(-1))).toEqual([
      'slf4j-api-2.0.17.jar',
      'lombok-1.18.38.jar',
    ]);
    expect(runtimePath(packages).map((path) => path.split('/').at(-1))).toEqual([
      'slf4j-api-2.0.17.jar',
      'h2-2.3.232.jar',
    ]);
  });

  test("has what decides tests before the answer's classes", () => {
    const { before, after } = testPathParts(packages);
    expect(before).toEqual(['/env/org/junit/jupiter/junit-jupiter-api/5.12.2/junit-jupiter-api-5.12.2.jar']);
    expect(after).toHaveLength(3);
  });

  test('is kept and read again; what does not fit is refused', () => {
    expect(allPackages(writePackages(packages))).toEqual(packages);
    expect(() => allPackages('[{"path":"../../etc/x.jar","scope":"test","sha256":null}]')).toThrow(
      /not as Cupel wrote/,
    );
  });
});

describe('what starts tests', () => {
  const api = (version: string): Package => ({
    path: `org/junit/jupiter/junit-jupiter-api/${version}/junit-jupiter-api-${version}.jar`,
    scope: 'test',
    sha256: 'aa',
  });
  const names = (packages: readonly Package[]): string[] => packages.map(nameOf);

  test.each([
    ['5.12.2', '1.12.2'],
    ['6.0.1', '6.0.1'],
  ])('is of the version that belongs to Jupiter %s', (jupiter, platform) => {
    expect(names(withLauncher([api(jupiter)]))).toEqual([
      `org.junit.jupiter:junit-jupiter-api:${jupiter}`,
      `org.junit.platform:junit-platform-launcher:${platform}`,
      `org.junit.platform:junit-platform-engine:${platform}`,
      `org.junit.platform:junit-platform-commons:${platform}`,
      `org.junit.jupiter:junit-jupiter-engine:${jupiter}`,
      'org.opentest4j:opentest4j:1.3.0',
    ]);
  });

  test('is left to the answer where it brings it, and is not added where nothing asks for it', () => {
    const whole = withLauncher([api('5.12.2')]);
    expect(withLauncher(whole)).toEqual(whole);
    expect(withLauncher([])).toEqual([]);
  });
});
