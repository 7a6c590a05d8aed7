/** What a job of GitHub's knows of the pull request that started it. */
import { z } from 'zod';
import { GithubError } from './api.ts';
import type { GithubApi } from './api.ts';

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const repository = z.looseObject({ full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) });
const pullSchema = z.looseObject({
  number: z.int().positive(),
  head: z.looseObject({ sha, repo: repository.nullable() }),
});

/** The event of a job, as its file has it. */
const eventSchema = z.looseObject({
  pull_request: pullSchema.optional(),
  workflow_run: z
    .looseObject({
      id: z.int().positive(),
      event: z.string(),
      head_sha: sha,
      head_branch: z.string().max(300).nullable(),
      head_repository: repository.nullable(),
    })
    .optional(),
});

export type GithubEvent = z.infer<typeof eventSchema>;

/** The event of a text; null for one that is none. */
export function readEvent(text: string): GithubEvent | null {
  try {
    return eventSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * The pull request that another job ran for, by what the service says of that job and nothing else: its branch, and the
 * very commit. The event names no pull request where it came from a fork. Throws `GithubError` where there is none.
 */
export async function pullOfOtherJob(api: GithubApi, { workflow_run: other }: GithubEvent): Promise<number> {
  const [owner] = other?.head_repository?.full_name.split('/') ?? [];
  if (other === undefined || other.event !== 'pull_request' || owner === undefined || other.head_branch === null)
    throw new GithubError('expected an event of a job that ran for a pull request, found another', 0);
  const head = encodeURIComponent(`${owner}:${other.head_branch}`);
  const pulls = await api.list(api.path(`pulls?state=open&head=${head}`), pullSchema);
  const own = pulls.find(
    (pull) => pull.head.sha === other.head_sha && pull.head.repo?.full_name === other.head_repository?.full_name,
  );
  if (own === undefined)
    throw new GithubError(
      `expected an open pull request with the commit ${other.head_sha.slice(0, 12)}, found none: it was closed, or ` +
        'has a newer commit',
      0,
    );
  return own.number;
}
