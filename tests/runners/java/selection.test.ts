import { describe, expect, test } from 'vitest';
import { isTest } from '../../../runners/java/files.ts';
import { mainClassOf } from '../../../runners/java/main-class.ts';
import { selected } from '../../../runners/java/testing/selection.ts';
import type { Prepared } from '../../../runners/java/testing/prepare.ts';

const file = (path: string, text: string) => ({ path, text });
const javaFile = (path: string, body = '') => file(path, `package com.example;\n\npublic class X {\n${body}}\n`);
const projectOf = (files: ReturnType<typeof file>[]) =>
  ({ language: 'java', root: '.', files }) as unknown as Parameters<typeof selected>[0];
const foundIn = (paths: readonly string[]): Prepared =>
  ({ tests: paths.map((path) => ({ file: path })) }) as unknown as Prepared;

describe('the tests that are run', () => {
  const paths = ['AppTest', 'TestApp', 'AppTests', 'AppTestCase', 'AppIT', 'Properties'].map(
    (name) => `src/test/java/com/example/${name}.java`,
  );
  const project = projectOf(paths.map((path) => javaFile(path)));

  test('are those that Surefire finds by their names; others are kept for another command', () => {
    const { run, notRun } = selected(project, null, foundIn(paths));
    expect(run.toSorted()).toEqual(
      ['AppTest', 'AppTestCase', 'AppTests', 'TestApp'].map((name) => `com.example.${name}`),
    );
    expect(notRun).toEqual(paths.slice(4));
  });

  test('are all that a pattern of the answer names', () => {
    const surefire = { artifact: 'maven-surefire-plugin', includes: ['**/*Properties.java'], excludes: [] };
    const pom = { plugins: [surefire] } as unknown as Parameters<typeof selected>[1];
    expect(selected(project, pom, foundIn(paths)).run).toEqual(['com.example.Properties']);
  });

  test.each([
    ['src/test/java/com/example/Helper.java', true],
    ['src/main/java/com/example/LoadTest.java', false],
    ['AppTest.java', true],
    ['App.java', false],
    ['Testing/App.java', false],
  ])('%s is test code: %s', (path, expected) => {
    expect(isTest(path)).toBe(expected);
  });
});

describe('the main class of a program', () => {
  const main = '  public static void main(String[] args) {}\n';

  test('is the only one with a main method, or the one that starts Spring, or the one that pom.xml names', () => {
    const [one, other] = [
      javaFile('src/main/java/com/example/One.java', main),
      file(
        'src/main/java/com/example/Two.java',
        `package com.example;\n\n@SpringBootApplication\nclass Two {\n${main}}\n`,
      ),
    ];
    expect(mainClassOf(projectOf([one]), null)).toBe('com.example.One');
    expect(mainClassOf(projectOf([one, other]), null)).toBe('com.example.Two');
    expect(mainClassOf(projectOf([one, javaFile('src/main/java/com/example/Three.java', main)]), null)).toBeNull();
    const pom = { properties: { 'start-class': 'com.example.Named' }, plugins: [] };
    expect(mainClassOf(projectOf([one]), pom as unknown as Parameters<typeof mainClassOf>[1])).toBe(
      'com.example.Named',
    );
  });
});
