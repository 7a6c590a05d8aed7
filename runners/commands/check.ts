/** The checks that a scenario brings: commands that run in the sandbox on a copy of the answer. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errored, failed, passed } from '../../src/domain/grading/check.ts';
import type { Outcome } from '../../src/domain/grading/check.ts';
import type { CommandCheck } from '../../src/domain/grading/command-check.ts';
import { withDetail } from '../../src/formats/words.ts';
import type { CommandContext } from '../../src/ports/checks.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import { endOf, evidenceOf } from '../shared/evidence.ts';
import { finding, inSandbox } from '../shared/job.ts';
import { readJunit } from './junit.ts';
import { readOwnReport } from './json.ts';
import type { CommandReport } from './report.ts';
import { readSarif } from './sarif.ts';

/** Where a command finds the files that its check names. */
const FILES = '/check';

/** What a command came to: its end, and what its report says; null where it failed by itself. */
interface Ended {
  execution: Execution;
  /** Why what it came to is no result; null when it is one. */
  trouble: string | null;
  report: CommandReport | null;
}

async function filesOf({ texts }: CommandCheck, { layers }: CommandContext): Promise<Mount[]> {
  if (Object.keys(texts).length === 0) return [];
  const layer = await layers.get('check', texts, async (folder) => {
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(folder, name), text);
      await chmod(join(folder, name), 0o755);
    }
  });
  return [{ source: layer.folder, target: FILES }];
}

/** What a report says; null for one that does not fit. */
function readBy({ reads, id }: CommandCheck, text: string | null): CommandReport | null {
  if (reads === 'sarif') return readSarif(text);
  if (reads === 'junit') return readJunit(text, id);
  if (reads === 'json') return readOwnReport(text, id);
  return { passes: true, score: null, reason: null, facts: {}, findings: [] };
}

/** Why the end of a command is no result; null when it is one. */
function troubleOf({ failsWith, reads, report }: CommandCheck, execution: Execution, read: CommandReport | null) {
  const { exitCode, limit, signal } = execution;
  const isResult = limit === null && signal === null && (exitCode === 0 || failsWith.includes(exitCode ?? -1));
  if (!isResult) return `the command failed (${endOf(execution)})`;
  const place = report === undefined ? 'what it printed' : `/out/${report}`;
  if (read === null) return `${place} is no report that "reads: ${reads}" understands`;
  return null;
}

async function runOn(check: CommandCheck, context: CommandContext, workspace: string): Promise<Ended> {
  const command = typeof check.command === 'string' ? ['sh', '-c', check.command] : check.command;
  const program = {
    command,
    mounts: await filesOf(check, context),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    results: check.report !== undefined,
  };
  const place = { ...context, workspace, project: { root: '.' }, asked: { configuration: {} } };
  return inSandbox(place, program, async ({ execution, result }) => {
    const text = check.report === undefined ? execution.stdout : await result(check.report);
    const report = readBy(check, text);
    return { execution, trouble: troubleOf(check, execution, report), report };
  });
}

const outputOf = ({ stdout, stderr }: Execution): string => (stderr.trim() || stdout.trim()).slice(-500);

/** What to do about a command that also fails on a project that is known to be sound. */
function advice({ id }: CommandCheck, { exitCode }: Execution): string {
  const where = `the sandbox has the programs of /usr, no network, and the check's files at ${FILES}`;
  return exitCode === 127 || exitCode === 126
    ? `expected a command that can be started; ${where}. Install the program below /usr, or name a file in check ${id}`
    : `expected an end that check ${id} declares (0, or one of failsWith) and a report that fits; ${where}`;
}

/**
 * A command that failed by itself: the answer's failure when the same command comes to a result on a sound project,
 * else ours. So neither a broken command is scored as the model's, nor can an answer make itself ungraded.
 */
async function judgeTrouble(check: CommandCheck, context: CommandContext, { execution, trouble }: Ended) {
  const evidence = [evidenceOf(execution)];
  const reason = withDetail(`${check.id}: ${trouble ?? ''}`, outputOf(execution));
  const control = await context.onControl((workspace) => runOn(check, context, workspace));
  if (control.trouble !== null) return errored({ reason: `${reason}. ${advice(check, execution)}.`, evidence });
  const message = 'the command failed on this answer, and not on a sound project';
  return failed({ reason, evidence, findings: [finding({ tool: check.id, rule: 'command-failed', message })] });
}

/** Runs a check that a scenario brings. Rejects with what the sandbox rejects with. */
export async function runCommandCheck(check: CommandCheck, context: CommandContext): Promise<Outcome> {
  const ended = await runOn(check, context, context.workspace);
  const { execution, trouble, report } = ended;
  if (trouble !== null || report === null) return judgeTrouble(check, context, ended);
  const { passes, score, findings, facts } = report;
  const details = { facts, findings: [...findings], evidence: [evidenceOf(execution)] };
  if (passes && execution.exitCode === 0) return passed({ ...details, reason: report.reason });
  const reason =
    report.reason ?? withDetail(`${check.id}: the command says no (${endOf(execution)})`, outputOf(execution));
  return failed({ ...details, reason }, score ?? 0);
}
