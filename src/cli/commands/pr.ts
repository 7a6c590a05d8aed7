import type { Command } from 'commander';
import { readReports, writeReports } from '../../app/pull-request/artifact.ts';
import { annotations, comment, githubApi, githubJob, summaryText } from '../../app/pull-request/publish.ts';
import type { GithubJob } from '../../app/pull-request/publish.ts';
import { pullReports } from '../../app/pull-request/pull-request.ts';
import { appendToJobSummary } from '../../app/services/reports.ts';
import type { PullReport } from '../../domain/runs/pull-request.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { GithubError } from '../../github/api.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { printJson, printMessage, progress } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface PrOptions extends GradingOptions, OutputOptions {
  base?: string;
  suite: string[];
  replay?: true;
  budget?: number;
  comment?: true;
  pull?: number;
  report?: string;
  from?: string;
}

/** Comments, or says why it cannot: a comment that cannot be written changes nothing of what was measured. */
async function postComments(
  reports: readonly PullReport[],
  job: GithubJob,
  { pull }: PrOptions,
  fromStranger: boolean,
): Promise<boolean> {
  try {
    const api = githubApi(process.env);
    const done = await comment({ reports, api, job, pull: pull ?? null, fromStranger });
    for (const [suite, what] of Object.entries(done)) printMessage(`comment of ${suite}: ${what}`);
    return true;
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    printMessage(`expected to comment on the pull request (pull-requests: write), found: ${error.message}`);
    return false;
  }
}

function statusOf(reports: readonly PullReport[]): number {
  if (reports.some(({ gateMet }) => gateMet === false)) return exit.gate;
  return reports.some(({ status }) => status === 'could not measure') ? exit.unmeasured : exit.held;
}

async function measured(base: string, options: PrOptions, job: GithubJob, signal: AbortSignal): Promise<number> {
  const services = await commandServices(options, signal);
  const request = {
    base,
    suites: options.suite,
    replay: options.replay === true,
    budgetUsd: options.budget,
    pull: options.pull ?? job.pull,
  };
  // Progress goes beside what is printed.
  const { reports, branch } = await pullReports(services, request, progress({ format: 'json' }));
  if (options.report !== undefined) await writeReports(options.report, reports);
  const summary = summaryText(reports, job);
  await appendToJobSummary(summary, services);
  if (options.format === 'json') printJson(reports);
  else process.stdout.write(summary);
  if (process.env['GITHUB_ACTIONS'] === 'true' && options.format === 'text')
    process.stdout.write(await annotations(reports, services.root, branch));
  if (options.comment === true) await postComments(reports, job, options, false);
  return statusOf(reports);
}

async function run(options: PrOptions, signal: AbortSignal): Promise<number> {
  const job = await githubJob(process.env);
  if (options.from !== undefined) {
    const reports = await readReports(options.from);
    return (await postComments(reports, job, options, true)) ? exit.held : exit.unmeasured;
  }
  const base = options.base ?? process.env['GITHUB_BASE_REF'] ?? '';
  if (base === '') throw new UsageError('expected --base <ref>, the branch into which this one goes, found nothing.');
  return measured(base, options, job, signal);
}

const help = `
What is asked is planned on both sides; only questions that differ are run, and the base's answers are those of a
baseline, an earlier run or the cache where they have the same identity. In a job of GitHub's, the verdict goes into the
summary, and --comment keeps one comment for each suite (GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL). A job without
write access writes --report <folder>, and a later one on the default branch posts it: cupel pr --from <folder>.`;

/** `cupel pr` */
export function prCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('pr')))
    .option('--base <ref>', 'the branch into which this one goes; the newest common commit is the base')
    .option('--suite <id...>', 'only these suites', [])
    .option('--replay', 'ask no model: recordings, and answers that are kept')
    .option('--budget <dollars>', 'never pay more than this for the answers of both sides', Number)
    .option('--comment', 'keep one comment for each suite on the pull request')
    .option('--pull <number>', 'the number of the pull request (default: that of the job)', Number)
    .option('--report <folder>', 'write what came of each suite into a folder, for a job that may comment')
    .option('--from <folder>', 'measure nothing: comment with reports that another job wrote')
    .addHelpText('after', help)
    .action((options: PrOptions) => runAction((signal) => run(options, signal)));
}
