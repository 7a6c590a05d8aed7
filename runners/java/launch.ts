import type { Runner } from '../../src/ports/runner.ts';
import { evidenceOf } from '../shared/evidence.ts';
import { insideRoot } from '../shared/job.ts';
import { asAnswered, compile } from './compiling.ts';
import { installed } from './environment.ts';
import { mainClassOf } from './main-class.ts';
import { runtimePath } from './packages.ts';
import { javaEnvironment, jvm } from './toolchain.ts';

/** Whether a command starts the jar that Maven would make. */
const startsJar = (command: readonly string[]): boolean => command[0] === 'java' && command.includes('-jar');

/** The command with a class in the place of the jar. */
function withMain(command: readonly string[], main: string): string[] {
  const at = command.indexOf('-jar');
  return ['java', ...jvm, ...command.slice(1, at), main, ...command.slice(at + 2)];
}

/**
 * The program is compiled, and started beside the answer with the packages that it runs with. In the place of a jar
 * (`java -jar target/app.jar`) its main class is started, which is what Maven writes into the jar.
 */
export const launch: NonNullable<Runner['launch']> = async (context, run, use) => {
  if (run.command === undefined) return use({ problem: 'the contract names no command for Java', evidence: [] });
  const environment = await installed(context);
  const { sources, workspace } = asAnswered(context);
  const wanted = { sources: { main: sources.main, test: [] }, workspace };
  const command = run.command;
  return compile(context, environment, wanted, async ({ execution, folder }) => {
    if (execution.exitCode !== 0)
      return use({ problem: 'the program does not compile', evidence: [evidenceOf(execution)] });
    const main = startsJar(command) ? mainClassOf(context.project, environment.declared) : null;
    if (startsJar(command) && main === null)
      return use({ problem: 'the answer has no main class, or several and none that pom.xml names', evidence: [] });
    return use({
      command: main === null ? command : withMain(command, main),
      workspace: context.workspace,
      cwd: insideRoot(context.project),
      env: { ...javaEnvironment, CLASSPATH: ['/classes/main', ...runtimePath(environment.packages)].join(':') },
      mounts: [...environment.mounts, { source: folder, target: '/classes' }],
    });
  });
};
