import type { Runner } from '../../src/ports/runner.ts';
import { build } from './checks/build.ts';
import { coverage } from './checks/coverage.ts';
import { dependencies } from './checks/dependencies.ts';
import { format } from './checks/format.ts';
import { lint } from './checks/lint.ts';
import { securityLint } from './checks/security-lint.ts';
import { hiddenTests, tests } from './checks/tests.ts';
import { environmentOf } from './environment.ts';
import { isTest } from './files.ts';
import { launch } from './launch.ts';
import { JAVA, toolchainOf } from './toolchain.ts';

/** Java: Maven resolves; javac, Checkstyle, SpotBugs, google-java-format, JUnit and JaCoCo judge. */
export const java: Runner = {
  language: 'java',
  extensions: ['.java'],
  manifests: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
  // A module belongs to the project that lists it.
  subordinate: () => true,
  runtime: JAVA,
  defaultStandards: ['checkstyle', 'google-java-format', 'javac-lint', 'spotbugs'],
  fences: ['java'],
  isTest,
  owns: (path) => /^(?:settings\.gradle(?:\.kts)?|checkstyle\.xml|src\/(?:main|test)\/resources\/.*)$/.test(path),
  folders: ['java'],
  async prepare(kit) {
    return { ...(await toolchainOf(kit)).versions };
  },
  async fingerprint(context) {
    const environment = await environmentOf(context);
    return 'layer' in environment ? environment.layer.hash : 'unresolved';
  },
  launch,
  control: {
    'pom.xml':
      '<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>com.example</groupId>\n  <artifactId>control</artifactId>\n  <version>1</version>\n</project>\n',
    'src/main/java/com/example/Control.java':
      '/** A control. */\npackage com.example;\n\n/** A control. */\nfinal class Control {\n  private Control() {}\n}\n',
  },
  checks: [dependencies, build, format, lint, securityLint, tests, coverage, hiddenTests],
};
