import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { inSandbox, insideRoot, temporary } from '../../shared/job.ts';
import type { Ran } from '../../shared/job.ts';
import type { Environment } from '../environment.ts';
import { frameworks } from '../frameworks/frameworks.ts';
import { countedByNode } from '../test-command.ts';
import type { Framework } from '../test-script.ts';
import { inside } from '../toolchain.ts';
import { readIstanbul } from './coverage-report.ts';
import { readNodeReport } from './report.ts';

/**
 * A program of ours with a test, in the same environment: what works for it and not for the answer is the answer's
 * fault.
 */
export interface Control {
  framework: Framework;
  /** What Vitest measures coverage with; undefined where nothing does. */
  provider: string | undefined;
}

function commandOf({ framework, provider }: Control, measured: boolean): string[] {
  const { control, countedByNode: counts } = frameworks[framework];
  const command = [inside.node, ...control.words(measured, provider)];
  return counts && measured ? countedByNode(command, ['control.js']) : command;
}

async function run<T>(
  context: CheckContext,
  { mounts, env }: Environment,
  command: readonly string[],
  framework: Framework,
  use: (ran: Ran) => Promise<T>,
): Promise<T> {
  return temporary(async (workspace) => {
    const texts = { ...frameworks[framework].control.files, 'package.json': '{"name":"control","version":"0.0.0"}' };
    for (const [name, text] of Object.entries(texts)) {
      const path = join(workspace, context.project.root, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    const program = { command, mounts, env, results: true, workspace, cwd: insideRoot(context.project) };
    return inSandbox(context, program, use);
  });
}

/** Whether the test of ours passes, and is reported. */
export function controlPasses(context: CheckContext, environment: Environment, control: Control): Promise<boolean> {
  return run(context, environment, commandOf(control, false), control.framework, async ({ execution, result }) => {
    const report = readNodeReport(context.project, await result('report.json'));
    return execution.exitCode === 0 && report?.tests.length === 1;
  });
}

/** Whether coverage of ours is measured. */
export function controlIsMeasured(context: CheckContext, environment: Environment, control: Control): Promise<boolean> {
  return run(context, environment, commandOf(control, true), control.framework, async ({ result }) => {
    const report = await result('coverage/coverage-final.json');
    return report !== null && (readIstanbul(report)?.size ?? 0) > 0;
  });
}
