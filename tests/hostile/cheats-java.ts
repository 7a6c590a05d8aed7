import { APP, APP_TEST, appTest, javaClass, pom } from '../support/java.ts';
import type { Cheat } from './cheat.ts';

const SERVICES = 'src/test/resources/META-INF/services';

/** A report of one test that passed, in the form of ours, written when the process ends. */
const forger = `  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        String test = "\\"id\\":\\"a\\",\\"type\\":\\"com.example.AppTest\\",\\"method\\":\\"adds\\",\\"declared\\":\\"com.example.AppTest\\",\\"name\\":\\"com.example.AppTest.adds\\"";
        Files.writeString(Path.of("/out/events"), "{\\"event\\":\\"plan\\",\\"engines\\":[]}\\n{\\"event\\":\\"start\\"," + test + "}\\n{\\"event\\":\\"test\\"," + test + ",\\"status\\":\\"passed\\",\\"message\\":\\"\\",\\"asserted\\":false,\\"ms\\":1}\\n{\\"event\\":\\"done\\",\\"lines\\":3}\\n");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      Runtime.getRuntime().halt(0);
    }));
  }

`;

const uncovered = javaClass(
  'public final class App',
  '  private App() {}\n\n  public static int add(int a, int b) {\n    return a + b;\n  }\n\n@NotGenerated  public static int other(int a) {\n    int b = a + 1;\n    b += 2;\n    b += 3;\n    b += 4;\n    b += 5;\n    return b;\n  }\n',
);
const coverage = { only: ['tests', 'coverage'], asks: { coverage: 0.8 } } as const;

const extension = (body: string, type: string, imports: readonly string[]): Record<string, string> => ({
  [`${SERVICES}/org.junit.jupiter.api.extension.Extension`]: 'com.example.Quiet\n',
  'src/test/resources/junit-platform.properties': 'junit.jupiter.extensions.autodetection.enabled=true\n',
  'src/test/java/com/example/Quiet.java': javaClass(`public class Quiet implements ${type}`, body, imports),
});

export const javaCheats: readonly Cheat[] = [
  {
    name: 'a test class that ends the process with 0 when it is loaded',
    files: { [APP_TEST]: appTest(4, '  static {\n    System.exit(0);\n  }\n\n') },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a test that ends the process at once',
    files: { [APP_TEST]: appTest(4, '  @Test\n  void ends() {\n    Runtime.getRuntime().halt(0);\n  }\n\n') },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a report forged when the process exits',
    files: { [APP_TEST]: appTest(4, forger, ['java.nio.file.Files', 'java.nio.file.Path']) },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'an extension that forgets what a test throws, loaded as a service',
    files: extension(
      '  public void handleTestExecutionException(ExtensionContext context, Throwable thrown) {}\n',
      'TestExecutionExceptionHandler',
      [
        'org.junit.jupiter.api.extension.ExtensionContext',
        'org.junit.jupiter.api.extension.TestExecutionExceptionHandler',
      ],
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'an extension that runs no test',
    files: extension(
      '  public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context) {\n    invocation.skip();\n  }\n',
      'InvocationInterceptor',
      [
        'java.lang.reflect.Method',
        'org.junit.jupiter.api.extension.ExtensionContext',
        'org.junit.jupiter.api.extension.InvocationInterceptor',
        'org.junit.jupiter.api.extension.ReflectiveInvocationContext',
      ],
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'an extension that makes a skip of every failure',
    files: extension(
      '  public void handleTestExecutionException(ExtensionContext context, Throwable thrown) {\n    throw new org.opentest4j.TestAbortedException();\n  }\n',
      'TestExecutionExceptionHandler',
      [
        'org.junit.jupiter.api.extension.ExtensionContext',
        'org.junit.jupiter.api.extension.TestExecutionExceptionHandler',
      ],
    ),
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: "another Assertions in the place of JUnit's",
    files: {
      'src/test/java/org/junit/jupiter/api/Assertions.java':
        'package org.junit.jupiter.api;\n\npublic class Assertions {\n  public static void assertEquals(int expected, int found) {}\n}\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a test engine and a listener of its own, loaded as services',
    files: {
      [`${SERVICES}/org.junit.platform.launcher.TestExecutionListener`]: 'com.example.Ends\n',
      'src/test/java/com/example/Ends.java': javaClass(
        'public class Ends implements org.junit.platform.launcher.TestExecutionListener',
        '  public void testPlanExecutionStarted(org.junit.platform.launcher.TestPlan plan) {\n    Runtime.getRuntime().halt(0);\n  }\n',
      ),
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'an annotation processor of its own, loaded as a service',
    files: {
      'src/main/resources/META-INF/services/javax.annotation.processing.Processor': 'com.example.Processor\n',
      'src/main/java/com/example/Processor.java': javaClass(
        'public class Processor extends javax.annotation.processing.AbstractProcessor',
        '  static {\n    System.exit(0);\n  }\n\n  public boolean process(java.util.Set<? extends javax.lang.model.element.TypeElement> types, javax.annotation.processing.RoundEnvironment round) {\n    return false;\n  }\n',
      ),
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'tests that are all disabled',
    files: { [APP_TEST]: appTest(4).replace('  @Test', '  @org.junit.jupiter.api.Disabled\n  @Test') },
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'tests that assume what is not so',
    files: {
      [APP_TEST]: appTest(4).replace(
        '    assert',
        '    org.junit.jupiter.api.Assumptions.assumeTrue(false);\n    assert',
      ),
    },
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'a Surefire that leaves every test out',
    files: {
      'pom.xml': pom(
        '  <build>\n    <plugins>\n      <plugin>\n        <artifactId>maven-surefire-plugin</artifactId>\n        <version>3.5.4</version>\n        <configuration>\n          <excludes>\n            <exclude>**/*</exclude>\n          </excludes>\n        </configuration>\n      </plugin>\n    </plugins>\n  </build>\n',
      ),
    },
    stoppedBy: 'a test must have run',
  },
  {
    name: 'a Surefire that skips the tests or ignores their failures, and a .mvn with options',
    files: {
      'pom.xml': pom().replace(
        '</properties>',
        '<skipTests>true</skipTests><maven.test.failure.ignore>true</maven.test.failure.ignore></properties>',
      ),
      '.mvn/maven.config': '-DskipTests\n',
      '.mvn/jvm.config': '-Dmaven.test.skip=true\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'tests of which none is made',
    files: {
      [APP_TEST]: appTest(3).replace(
        '  @Test',
        '  @org.junit.jupiter.api.TestFactory\n  java.util.List<org.junit.jupiter.api.DynamicTest> made() {\n    return java.util.List.of();\n  }\n\n  @Test',
      ),
    },
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'tests that pass whatever the program does',
    files: {
      [APP_TEST]: appTest(3).replace('assertEquals(3, App.add(1, 2))', 'assertEquals(3, App.add(1, 2) * 0 + 3)'),
    },
    stoppedBy: 'the counter-run: a broken program is noticed',
  },
  {
    name: 'an annotation that would hide code from the measurement of coverage',
    files: {
      [APP_TEST]: appTest(3),
      [APP]: uncovered.replace('@NotGenerated', '  @ExcludeFromJacocoGeneratedReport\n'),
      'src/main/java/com/example/ExcludeFromJacocoGeneratedReport.java': javaClass(
        'public @interface ExcludeFromJacocoGeneratedReport',
        '',
      ),
    },
    stoppedBy: 'our coverage counts',
    ...coverage,
  },
  {
    name: 'probes of coverage that a test sets itself',
    files: {
      [APP]: uncovered.replace('@NotGenerated', ''),
      [APP_TEST]: appTest(
        3,
        '  @org.junit.jupiter.api.AfterAll\n  static void covers() throws Exception {\n    for (java.lang.reflect.Method method : App.class.getDeclaredMethods()) {\n      if (method.isSynthetic()) {\n        method.setAccessible(true);\n        java.util.Arrays.fill((boolean[]) method.invoke(null, new Object[method.getParameterCount()]), true);\n      }\n    }\n  }\n\n',
      ),
    },
    stoppedBy: 'the counter-run: code that nothing runs',
    ...coverage,
  },
  {
    name: 'a repository of its own, from which JUnit would come',
    files: {
      'pom.xml': pom(
        '  <repositories>\n    <repository>\n      <id>own</id>\n      <url>https://example.com/maven</url>\n    </repository>\n  </repositories>\n',
      ),
    },
    stoppedBy: 'packages come from the registry',
    only: ['dependencies'],
  },
];
