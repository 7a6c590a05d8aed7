import type { BenchmarkRecord } from './records.ts';
import type { TaskFiles } from './task.ts';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>solution</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.13.4</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
</project>
`;

const hiddenTest = `import org.junit.jupiter.api.Test;

class HiddenTest {
  @Test
  void hidden() throws Exception {
    Main.main(new String[0]);
  }
}
`;

/** Tests are a program `Main` that throws where something does not hold; a test of JUnit starts it. */
export function javaTask({ prompt, test }: BenchmarkRecord): TaskFiles {
  const imports = (prompt.match(/^import [\w.*]+;$/gm) ?? []).join('\n');
  return {
    file: 'src/main/java/Solution.java',
    withBody: (body) => ({ 'pom.xml': pom, 'src/main/java/Solution.java': prompt + body }),
    hidden: {
      'pom.xml': pom,
      'src/test/java/HiddenTest.java': hiddenTest,
      'src/test/java/Main.java': `${imports}\n\n${test.trim()}\n`,
    },
  };
}
