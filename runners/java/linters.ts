import type { Evidence } from '../../src/domain/grading/check.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { answerPath, finding, inSandbox } from '../shared/job.ts';
import { readReport } from '../shared/report.ts';
import { toolCrashed, toolMissing, toolReport } from '../shared/tools.ts';
import { asAnswered, compile, parseJavac } from './compiling.ts';
import type { Environment } from './environment.ts';
import { classesOf, sourcesOf } from './files.ts';
import { runtimePath } from './packages.ts';
import { resultsOf, sarifSchema } from './sarif.ts';
import type { SarifResult } from './sarif.ts';
import { javaEnvironment, jvm, toolchainOf } from './toolchain.ts';

/** What a linter says. */
export interface Linted {
  findings: Finding[];
  evidence: Evidence;
}

/** The Java files of a project, relative to its root. */
export const javaFiles = ({ project }: Pick<CheckContext, 'project'>): string[] =>
  project.files.map(({ path }) => withinProject(project, path)).filter((path) => path.endsWith('.java'));

// checkstyle: the number of errors, at most 253; 254 and 255 it failed itself
/** What Checkstyle says under the configuration that decides: each breach of a rule is an error. */
export async function checkstyle(context: CheckContext): Promise<Linted> {
  const toolchain = await toolchainOf(context);
  const command = [
    '/jdk/bin/java',
    ...jvm,
    '-Dorg.checkstyle.google.severity=error',
    '-cp',
    toolchain.classPath('checkstyle'),
    'com.puppycrawl.tools.checkstyle.Main',
    ...['-c', '/cupel/standards/checkstyle.xml', '-f', 'sarif', '.'],
  ];
  const program = { command, mounts: toolchain.mounts, env: javaEnvironment, workspace: context.draft };
  return inSandbox(context, program, ({ execution }) => {
    toolMissing('checkstyle', execution);
    if (execution.exitCode === null || execution.exitCode > 253) toolCrashed('checkstyle', execution);
    const results = resultsOf(toolReport('checkstyle', sarifSchema, execution));
    const findings = results
      .map(({ rule, level, message, uri, line }) =>
        finding({
          tool: 'checkstyle',
          rule,
          severity: level === 'error' ? 'error' : 'warning',
          message,
          file: answerPath(context.project, uri.replace(/^file:(?:\/\/)?/, '')),
          line,
        }),
      )
      .filter(({ file }) => file?.endsWith('.java') === true);
    return { findings, evidence: { ...evidenceOf(execution), output: execution.stderr.slice(-2000) } };
  });
}

/** What the compiler itself warns of. */
export function javacLint(context: CheckContext, environment: Environment): Promise<Linted> {
  return compile(context, environment, asAnswered(context), ({ execution, said }) => {
    const all = parseJavac(context, `${said.main ?? ''}\n${said.test ?? ''}`);
    const findings = all.filter(({ severity }) => severity === 'warning');
    return Promise.resolve({ findings, evidence: evidenceOf(execution) });
  });
}

/** The file of the answer that SpotBugs means: it names files by the package of their classes. */
function fileOf(context: CheckContext, { uri }: SarifResult): string | null {
  const files = classesOf(context.project, sourcesOf(context.project).main);
  const path = files.get(uri.replace(/\.java$/, '').replaceAll('/', '.'));
  return path === undefined ? null : answerPath(context.project, path);
}

/** Which of its patterns SpotBugs looks for. */
export type Patterns = 'all' | 'security';

// spotbugs: 0 done, whatever it found; anything else it failed itself
/** What SpotBugs says of the compiled program: of its own patterns, or of those that Find Security Bugs adds. */
export function spotbugs(context: CheckContext, environment: Environment, patterns: Patterns): Promise<Linted> {
  const { toolchain, mounts, packages } = environment;
  const plugin =
    toolchain
      .classPath('spotbugs')
      .split(':')
      .find((path) => path.includes('findsecbugs')) ?? '';
  const { sources, workspace } = asAnswered(context);
  const wanted = { sources: { main: sources.main, test: [] }, workspace };
  return compile(context, environment, wanted, ({ folder }) => {
    const command = [
      '/jdk/bin/java',
      ...jvm,
      ...['-cp', toolchain.classPath('spotbugs'), 'edu.umd.cs.findbugs.FindBugs2', '-sarif=/out/report'],
      ...(patterns === 'security' ? ['-pluginList', plugin, '-bugCategories', 'SECURITY'] : []),
      ...[
        '-effort:default',
        '-medium',
        '-auxclasspath',
        runtimePath(packages).join(':') || '/classes/main',
        '/classes/main',
      ],
    ];
    const program = {
      command,
      mounts: [...mounts, { source: folder, target: '/classes' }],
      env: javaEnvironment,
      results: true,
    };
    return inSandbox(context, program, async ({ execution, result }) => {
      toolMissing('spotbugs', execution);
      const report = execution.exitCode === 0 ? readReport(sarifSchema, await result('report')) : null;
      if (report === null) return toolCrashed('spotbugs', execution);
      const findings = resultsOf(report).map((one) =>
        finding({
          tool: 'spotbugs',
          rule: one.rule,
          severity: one.level === 'error' && patterns === 'all' ? 'error' : 'warning',
          message: one.message,
          file: fileOf(context, one),
          line: one.line,
        }),
      );
      return { findings, evidence: { ...evidenceOf(execution), output: execution.stderr.slice(-2000) } };
    });
  });
}
