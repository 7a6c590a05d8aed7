import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import type { Files } from './grading/answers.ts';

const said = (command: string, word: string): string => {
  const { status, stdout, stderr } = spawnSync(command, [word], { encoding: 'utf8' });
  return status === 0 ? `${stdout}${stderr}` : '';
};

/** Whether a JDK 17 and Maven are on the PATH: they are the one toolchain beside Go's that a machine may lack. */
export const hasJava = /^javac 17\b/m.test(said('javac', '-version')) && said('mvn', '-v') !== '';

/** `test` for what needs Java: skipped where it is not installed. */
export const javaTest = test.skipIf(!hasJava);

/** A pom.xml of a tiny project; `more` are further elements of it, `dependencies` those beside JUnit. */
export const pom = (more = '', dependencies = ''): string =>
  `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>tiny</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.13.4</version>
      <scope>test</scope>
    </dependency>
${dependencies}  </dependencies>
${more}</project>
`;

/** A class of the tiny project's package. */
export const javaClass = (name: string, body: string, imports: readonly string[] = []): string =>
  `package com.example;\n\n${imports.map((one) => `import ${one};\n`).join('')}${imports.length === 0 ? '' : '\n'}${name} {\n${body}}\n`;

export const APP = 'src/main/java/com/example/App.java';
export const APP_TEST = 'src/test/java/com/example/AppTest.java';

/** A tiny program with a branch that runs only where a test asks for it. */
export const javaProgram: Files = {
  'pom.xml': pom(),
  [APP]: javaClass(
    'public final class App',
    '  private App() {}\n\n  public static int add(int a, int b) {\n    if (a == 99) {\n      return 0;\n    }\n    return a + b;\n  }\n',
  ),
};

/** A test of the tiny program that expects this sum of 1 and 2; `more` stands before it in its class. */
export const appTest = (sum: number, more = '', imports: readonly string[] = []): string =>
  javaClass('class AppTest', `${more}  @Test\n  void adds() {\n    assertEquals(${sum}, App.add(1, 2));\n  }\n`, [
    ...imports,
    'org.junit.jupiter.api.Test',
    'static org.junit.jupiter.api.Assertions.assertEquals',
  ]);
