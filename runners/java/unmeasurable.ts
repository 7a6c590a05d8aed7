import { withinProject } from '../../src/domain/grading/project.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import type { Pom } from './pom.ts';

/** Plugins that make code which the program is compiled with. */
const generators =
  /(?:protobuf|openapi-generator|swagger-codegen|antlr4|jaxb2?|cxf-codegen|wsdl2java|jooq-codegen|avro|thrift|javacc|build-helper|kotlin|scala|groovy|gmaven|aspectj|native-protobuf|modello|querydsl|apt)-?.*maven-plugin|^(?:gmavenplus-plugin|kotlin-maven-plugin|scala-maven-plugin|aspectj-maven-plugin|antlr4-maven-plugin|protobuf-maven-plugin)$/;

const named = (names: readonly string[]): string => [...new Set(names)].join(', ');

/** Why Cupel has no means to build a project; null when it has. */
export function unmeasurable(project: Project, pom: Pom | null): string | null {
  const paths = project.files.map(({ path }) => withinProject(project, path));
  if (pom === null) {
    const gradle = paths.find((path) => /^(?:build|settings)\.gradle(?:\.kts)?$/.test(path));
    if (gradle !== undefined) return `not measurable here: ${gradle} is built by Gradle, which Cupel does not run`;
    return null;
  }
  if (pom.modules.length > 0)
    return `not measurable here: pom.xml has modules (${named(pom.modules.map(({ text }) => text))}), and Cupel builds each project by itself`;
  const making = pom.plugins.filter(({ artifact }) => generators.test(artifact));
  if (making.length > 0)
    return `not measurable here: ${named(making.map(({ artifact }) => artifact))} makes code that the program is compiled with, and Cupel does not run it`;
  const folder = pom.folders.find(
    ({ text }) => !/Directory (?:src\/main\/java|src\/test\/java|\$\{project\.basedir\}\/src\/\w+\/java)$/.test(text),
  );
  if (folder !== undefined) return `not measurable here: pom.xml has its sources elsewhere (${folder.text})`;
  return null;
}
