import { describe, expect } from 'vitest';
import { checkOf, grade, rulesOf } from '../support/grading/grading.ts';
import type { Files } from '../support/grading/answers.ts';
import { APP, APP_TEST, appTest, javaClass, javaProgram, javaTest, pom } from '../support/java.ts';

const slow = { timeout: 900_000 };
const sound: Files = { ...javaProgram, [APP_TEST]: appTest(3) };
const dependency = (group: string, artifact: string, version: string): string =>
  `    <dependency>\n      <groupId>${group}</groupId>\n      <artifactId>${artifact}</artifactId>\n      <version>${version}</version>\n    </dependency>\n`;

/** Grades the checks of some names of a Java answer. */
const graded = (answer: Files, only: readonly string[], asks: object = {}) =>
  grade({ answer, asks: { java: asks }, only });

describe('a sound Java answer', () => {
  javaTest('passes: its tests are accounted for, and its coverage is measured', slow, async () => {
    const outcome = await graded(sound, ['dependencies', 'build', 'tests', 'coverage'], { coverage: 0.5 });
    expect(checkOf(outcome, 'java/dependencies')).toMatchObject({ status: 'passed' });
    expect(checkOf(outcome, 'java/build').status).toBe('passed');
    expect(checkOf(outcome, 'java/tests')).toMatchObject({
      status: 'passed',
      facts: { passed: 1, failed: 0, skipped: 0, accounted: 1, noticing: 1 },
    });
    expect(checkOf(outcome, 'java/coverage')).toMatchObject({ status: 'passed', facts: { lines: 0.6667 } });
    expect(outcome.verdict).toBe('pass');
  });

  javaTest('is judged by the linters and the formatter that are asked for', slow, async () => {
    const broken = javaClass(
      'public final class Runs',
      'public static void run(String what) throws Exception { Runtime.getRuntime().exec(what); }\n',
    );
    const answer = { ...sound, 'src/main/java/com/example/Runs.java': broken };
    const standards = ['checkstyle', 'google-java-format', 'spotbugs', 'find-sec-bugs', 'javac-lint'];
    const outcome = await graded(answer, ['dependencies', 'build', 'format', 'lint', 'security-lint'], { standards });
    expect(checkOf(outcome, 'java/format').findings).toContainEqual(
      expect.objectContaining({ rule: 'format', file: 'src/main/java/com/example/Runs.java' }),
    );
    expect(checkOf(outcome, 'java/lint').findings).toContainEqual(
      expect.objectContaining({ tool: 'checkstyle', severity: 'error', file: 'src/main/java/com/example/Runs.java' }),
    );
    expect(rulesOf(checkOf(outcome, 'java/security-lint'))).toContain('COMMAND_INJECTION');
  });
});

describe('a Java answer that is not sound', () => {
  javaTest(
    'fails with the line of a test that fails, of code that does not compile, and of an import',
    slow,
    async () => {
      const failing = await graded({ ...sound, [APP_TEST]: appTest(4) }, ['tests']);
      expect(checkOf(failing, 'java/tests')).toMatchObject({ status: 'failed', reason: '1 of 1 tests failed' });
      expect(checkOf(failing, 'java/tests').findings).toContainEqual(
        expect.objectContaining({ rule: 'test-failed', file: APP_TEST, line: 9 }),
      );
      const wrong = sound[APP]?.replace('return 0;', 'return "0";') ?? '';
      const unbuilt = await graded(
        { ...sound, [APP]: wrong.replace('public final', 'import org.nobody.Thing;\n\npublic final') },
        ['dependencies'],
      );
      expect(checkOf(unbuilt, 'java/dependencies').findings).toContainEqual(
        expect.objectContaining({ rule: 'missing-import', file: APP, line: 3 }),
      );
      const build = await graded({ ...sound, [APP]: wrong }, ['build']);
      expect(checkOf(build, 'java/build').findings).toContainEqual(
        expect.objectContaining({ tool: 'javac', file: APP, line: 8 }),
      );
    },
  );

  javaTest('fails where a package or its version does not exist, and says so', slow, async () => {
    const invented = pom('', dependency('com.example.nobody', 'ever-made-this', '1.0.0'));
    const outcome = await graded({ ...sound, 'pom.xml': invented }, ['dependencies']);
    expect(checkOf(outcome, 'java/dependencies').findings).toContainEqual(
      expect.objectContaining({ rule: 'package-not-found', message: expect.stringContaining('possibly invented') }),
    );
  });

  javaTest(
    'fails where it wants a file, another repository, a newer Java, or has no pom that can be read',
    slow,
    async () => {
      const wants = async (text: string) =>
        rulesOf(checkOf(await graded({ ...sound, 'pom.xml': text }, ['dependencies']), 'java/dependencies'));
      const file = dependency('com.example', 'own', '1').replace(
        '</version>',
        '</version><scope>system</scope><systemPath>/w/own.jar</systemPath>',
      );
      expect(await wants(pom('', file))).toEqual(['outside-registry']);
      expect(await wants('<project><dependencies></project>')).toEqual(['unreadable-manifest']);
      expect(await wants(pom().replace('>17<', '>21<'))).toEqual(['runtime-not-offered']);
    },
  );
});

describe('a Java answer that Cupel has no means to measure', () => {
  javaTest('is errored and named: Gradle, modules', slow, async () => {
    const { 'pom.xml': _, ...rest } = sound;
    const gradle = await graded({ ...rest, 'build.gradle': "plugins { id 'java' }\n" }, ['dependencies']);
    expect(checkOf(gradle, 'java/dependencies')).toMatchObject({
      status: 'errored',
      reason: expect.stringMatching(/Gradle/),
    });
    const modules = pom('  <modules>\n    <module>api</module>\n  </modules>\n');
    const several = await graded({ ...sound, 'pom.xml': modules }, ['dependencies']);
    expect(checkOf(several, 'java/dependencies')).toMatchObject({
      status: 'errored',
      reason: expect.stringMatching(/modules \(api\)/),
    });
  });
});
