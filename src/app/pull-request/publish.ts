/** Says on GitHub what came of a pull request: comments, the summary of the job, annotations. */
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PullReport } from '../../domain/runs/pull-request.ts';
import { readPromptReference } from '../../domain/runs/prompt-reference.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { GithubApi } from '../../github/api.ts';
import { keepComment } from '../../github/comments.ts';
import { pullOfOtherJob, readEvent } from '../../github/event.ts';
import type { GithubEvent } from '../../github/event.ts';
import { pullAnnotations } from '../../reporters/pull-request/annotations.ts';
import { markerOf, pullComment } from '../../reporters/pull-request/comment.ts';
import { tracked } from '../../store/inputs/history.ts';
import type { Branch } from '../../store/inputs/history.ts';

/** The environment of a job, as GitHub sets it. */
type Environment = Readonly<Record<string, string | undefined>>;

/** The job that we run in. */
export interface GithubJob {
  event: GithubEvent | null;
  /** The number of the pull request that started it; null where it was started by something else. */
  pull: number | null;
  /** Address of its page; null where that is not known. */
  link: string | null;
  /** Grows with the start of jobs. */
  order: number;
}

function linkOf({ GITHUB_SERVER_URL, GITHUB_REPOSITORY }: Environment, run: string | undefined): string | null {
  const address = `${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_REPOSITORY ?? ''}/actions/runs/${run ?? ''}`;
  return /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+\/actions\/runs\/\d+$/.test(address) ? address : null;
}

/** Reads what a job knows of itself. */
export async function githubJob(env: Environment): Promise<GithubJob> {
  const { GITHUB_EVENT_PATH, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = env;
  const text = GITHUB_EVENT_PATH === undefined ? '' : await readFile(GITHUB_EVENT_PATH, 'utf8').catch(() => '');
  const event = readEvent(text);
  const other = event?.workflow_run?.id;
  const [run, attempt] = [Number(other ?? GITHUB_RUN_ID ?? 0), Number(GITHUB_RUN_ATTEMPT ?? 1)];
  return {
    event,
    pull: event?.pull_request?.number ?? null,
    link: linkOf(env, other === undefined ? GITHUB_RUN_ID : String(other)),
    order: Number.isSafeInteger(run) ? run * 100 + Math.min(99, Number.isInteger(attempt) ? attempt : 1) : 0,
  };
}

/** The service, as a job of its own reaches it. Throws `UsageError` where something is missing. */
export function githubApi({ GITHUB_API_URL, GITHUB_TOKEN, GITHUB_REPOSITORY }: Environment): GithubApi {
  if (GITHUB_TOKEN === undefined || GITHUB_TOKEN === '')
    throw new UsageError('--comment: expected a token in GITHUB_TOKEN that may write comments, found none.');
  if (GITHUB_REPOSITORY === undefined || !/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY))
    throw new UsageError(
      '--comment: expected the repository in GITHUB_REPOSITORY as owner/name, found something else.',
    );
  return new GithubApi({
    base: GITHUB_API_URL ?? 'https://api.github.com',
    token: GITHUB_TOKEN,
    repository: GITHUB_REPOSITORY,
  });
}

/** Comments on a pull request. */
export interface CommentRequest {
  reports: readonly PullReport[];
  api: GithubApi;
  job: GithubJob;
  /** The number of the pull request; null: that of the job, or of the job that it follows. */
  pull: number | null;
  /** Whether the reports may be a stranger's. */
  fromStranger: boolean;
}

/** What was done about the comment of each suite. */
export type Commented = Record<string, 'created' | 'updated' | 'left'>;

/** Keeps a comment for each suite. Throws `UsageError` for reports of another pull request, and `GithubError`. */
export async function comment({ reports, api, job, pull, fromStranger }: CommentRequest): Promise<Commented> {
  const number =
    pull ?? job.pull ?? (job.event?.workflow_run === undefined ? null : await pullOfOtherJob(api, job.event));
  if (number === null)
    throw new UsageError('--comment: expected a job of a pull request, or --pull <number>, found neither.');
  const foreign = reports.find((report) => report.pull !== null && report.pull !== number);
  if (foreign !== undefined)
    throw new UsageError(
      `expected reports of the pull request ${number}, found one that says ${foreign.pull}; nothing was posted.`,
    );
  const done: Commented = {};
  for (const report of reports) {
    const text = pullComment(report, { link: job.link, fromStranger });
    const create = report.status !== 'unchanged';
    done[report.suite] = await keepComment(api, {
      pull: number,
      marker: markerOf(report.suite),
      text,
      order: job.order,
      create,
    });
  }
  return done;
}

/** The text for the summary of a job: the verdict of each suite first, always. */
export function summaryText(reports: readonly PullReport[], job: GithubJob): string {
  const changed = reports.filter(({ status }) => status !== 'unchanged');
  const same = reports.filter(({ status }) => status === 'unchanged').map(({ suite }) => suite);
  const texts = changed.map((report) => {
    const text = pullComment(report, { link: job.link, fromStranger: false });
    return text.slice(markerOf(report.suite).length + 1);
  });
  const rest = same.length === 0 ? [] : [`Cupel: nothing changed that is measured by ${same.join(', ')}.`, ''];
  return [...texts, ...(reports.length === 0 ? ['Cupel: there is no suite.', ''] : rest)].join('\n');
}

/** The file of the project in which something stands that a change may touch; null where it is none. */
function pathOf({ what, name }: PullReport['touched'][number], suite: string): string | null {
  if (what === 'prompt') {
    const read = readPromptReference(name);
    if (read.kind === 'version') return `prompts/${read.id}/${read.version}.md`;
    return read.kind === 'file' ? read.path : null;
  }
  if (what === 'scenario') return `evals/${name}/scenario.yaml`;
  if (what === 'settings') return 'evals/models.yaml';
  return what === 'recordings' ? null : `evals/suites/${suite}.yaml`;
}

/** Annotations at files that are in the repository. */
export async function annotations(reports: readonly PullReport[], root: string, { top }: Branch): Promise<string> {
  const inTop = (path: string): string => relative(top, join(root, path)).split(sep).join('/');
  const paths = reports.flatMap(({ suite, touched }) => touched.flatMap((one) => pathOf(one, suite) ?? []));
  const there = await tracked(top, [...new Set(paths.map(inTop))]);
  return pullAnnotations(reports, (touched, suite) => {
    const path = pathOf(touched, suite);
    return path !== null && there.has(inTop(path)) ? inTop(path) : null;
  });
}
