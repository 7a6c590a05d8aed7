import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { inSandbox, temporary } from '../../shared/job.ts';
import type { Environment } from '../environment.ts';
import { hasPlatform, testPath } from '../packages.ts';
import { javaEnvironment, jvm } from '../toolchain.ts';

const jupiter = 'import org.junit.jupiter.api.Test;\n\nclass ControlTest {\n  @Test\n  void passes() {}\n}\n';
const junit4 = 'import org.junit.Test;\n\npublic class ControlTest {\n  @Test\n  public void passes() {}\n}\n';
const jqwik = 'import net.jqwik.api.Example;\n\nclass ControlTest {\n  @Example\n  void passes() {}\n}\n';

/** A test of ours for what the answer's packages have; they are there in every answer, so it is one of three. */
function controlOf({ packages }: Environment): string {
  if (!hasPlatform(packages)) return junit4;
  if (packages.some(({ path }) => path.includes('/junit-jupiter-api/'))) return jupiter;
  return packages.some(({ path }) => path.startsWith('net/jqwik/')) ? jqwik : junit4;
}

/** Whether a test of ours passes with the answer's packages, outside of the answer. */
export function runsControl(context: CheckContext, environment: Environment): Promise<boolean> {
  const { packages, toolchain, mounts } = environment;
  const vintage = hasPlatform(packages) ? [] : [toolchain.classPath('vintage')];
  const path = ['/tools/programs', ...vintage, ...testPath(packages), '/tmp/control'].join(':');
  const script = [
    'mkdir /tmp/control && echo ControlTest > /tmp/classes',
    '/jdk/bin/javac -J-XX:TieredStopAtLevel=1 -proc:none -d /tmp/control -cp "$0" ControlTest.java',
    'exec "$@"',
  ].join('\n');
  return temporary(async (workspace) => {
    await mkdir(workspace, { recursive: true });
    await writeFile(join(workspace, 'ControlTest.java'), controlOf(environment));
    const command = [
      'sh',
      '-ec',
      script,
      path,
      '/jdk/bin/java',
      ...jvm,
      '-cp',
      path,
      'cupel.RunTests',
      '/out/events',
      '/tmp/classes',
    ];
    const program = { command, mounts, env: javaEnvironment, results: true, workspace, cwd: '/w' };
    return inSandbox(context, program, async ({ result }) => /"status":"passed"/.test((await result('events')) ?? ''));
  });
}
