import { describe, expect, test } from 'vitest';
import { mavenRegistry } from '../../../runners/java/registries.ts';

const superPom =
  '<project><repositories><repository><id>central</id><url>https://central.example/maven2</url></repository></repositories></project>';
const settings = (mirrorOf: string, more = ''): string =>
  `<settings><!-- <mirrors><mirror><mirrorOf>*</mirrorOf><url>https://comment.example</url></mirror></mirrors> -->
  <mirrors><mirror><id>own</id><mirrorOf>${mirrorOf}</mirrorOf><url>https://mirror.example/maven?a=1&amp;b=2</url></mirror></mirrors>${more}</settings>`;

describe('the Maven repository of this machine', () => {
  test("is the central one of Maven's super POM where no settings say otherwise", () => {
    expect(mavenRegistry(['', '<settings/>'], superPom)).toEqual({
      name: 'maven',
      kind: 'maven',
      address: 'https://central.example/maven2',
    });
  });

  test.each(['*', 'central', 'external:*', 'snapshots,central'])('is the mirror of %s', (mirrorOf) => {
    expect(mavenRegistry([settings(mirrorOf)], superPom).address).toBe('https://mirror.example/maven?a=1&b=2');
  });

  test.each(['snapshots', '*,!central'])('is not the mirror of %s', (mirrorOf) => {
    expect(mavenRegistry([settings(mirrorOf)], superPom).address).toBe('https://central.example/maven2');
  });

  test('gets the user and the password of its server, and of the first settings that name one', () => {
    const servers =
      '<servers><server><id>other</id><username>no</username></server><server><id>own</id><username>me</username><password>p@ss</password></server></servers>';
    expect(mavenRegistry([settings('*', servers), settings('central')], superPom).address).toBe(
      'https://me:p%40ss@mirror.example/maven?a=1&b=2',
    );
  });

  test('is missing where the super POM has none: then something is wrong with this Maven', () => {
    expect(() => mavenRegistry([], '<project/>')).toThrow(/names no central repository/);
  });
});
