/** Keeps one comment for each suite on a pull request, whoever else writes at the same time. */
import { z } from 'zod';
import { GithubError } from './api.ts';
import type { GithubApi } from './api.ts';

const commentSchema = z.looseObject({
  id: z.int(),
  body: z.string().nullable(),
  user: z.looseObject({ login: z.string() }).nullable(),
});
type Comment = z.infer<typeof commentSchema>;

/** A comment to keep on a pull request. */
export interface KeptComment {
  pull: number;
  /** By what ours is known; the text begins with it. */
  marker: string;
  text: string;
  /** Jobs are numbered in the order of their start: a late job never replaces the words of one that started later. */
  order: number;
  /** Whether a comment is made where there is none; else one that is there is updated, and no more. */
  create: boolean;
}

const orderMark = (order: number): string => `<!-- cupel-order:${order} -->`;
const orderOf = ({ body }: Comment): number => Number(/<!-- cupel-order:(\d{1,15}) -->/.exec(body ?? '')?.[1] ?? 0);

/** The login without the ending of bots, in lower case. */
const plain = (login: string): string => login.toLowerCase().replace(/\[bot\]$/, '');

const userSchema = z.looseObject({ login: z.string() });
const viewerSchema = z.looseObject({ data: z.looseObject({ viewer: userSchema }) });

/**
 * Who we are to the service. A token of a workflow may not ask for its user: it asks the other interface then, and is
 * taken for that of Actions where nothing is said there either.
 */
async function ownLogin(api: GithubApi): Promise<string> {
  try {
    return userSchema.parse((await api.call('GET', '/user')).body).login;
  } catch (error) {
    if (error instanceof GithubError && error.status === 0) throw error;
  }
  try {
    const { body } = await api.call('POST', '/graphql', { query: 'query { viewer { login } }' });
    return viewerSchema.parse(body).data.viewer.login;
  } catch {
    return 'github-actions[bot]';
  }
}

/** Our comments of a marker, the oldest first. */
async function ours(api: GithubApi, { pull, marker }: KeptComment, login: string): Promise<Comment[]> {
  const all = await api.list(api.path(`issues/${pull}/comments`), commentSchema);
  return all
    .filter(({ body, user }) => body?.startsWith(marker) === true && plain(user?.login ?? '') === plain(login))
    .sort((one, other) => one.id - other.id);
}

/** Leaves the oldest of our comments with the words of the latest job, and no other. */
async function leaveOne(api: GithubApi, kept: KeptComment, login: string): Promise<void> {
  const [oldest, ...younger] = await ours(api, kept, login);
  if (oldest === undefined || younger.length === 0) return;
  const latest = [oldest, ...younger].reduce((one, other) => (orderOf(other) >= orderOf(one) ? other : one));
  if (latest !== oldest) await api.call('PATCH', api.path(`issues/comments/${oldest.id}`), { body: latest.body });
  for (const { id } of younger) {
    await api.call('DELETE', api.path(`issues/comments/${id}`)).catch((error: unknown) => {
      if (!(error instanceof GithubError) || error.status !== 404) throw error; // the other writer was faster
    });
  }
}

/** Writes the comment, or updates ours; `left` where there was nothing to do. Throws `GithubError`. */
export async function keepComment(api: GithubApi, kept: KeptComment): Promise<'created' | 'updated' | 'left'> {
  const login = await ownLogin(api);
  const body = `${kept.marker}${orderMark(kept.order)}${kept.text.slice(kept.marker.length)}`;
  const [oldest] = await ours(api, kept, login);
  if (oldest === undefined && !kept.create) return 'left';
  if (oldest !== undefined && orderOf(oldest) > kept.order) return 'left';
  if (oldest === undefined) await api.call('POST', api.path(`issues/${kept.pull}/comments`), { body });
  else if (oldest.body !== body) await api.call('PATCH', api.path(`issues/comments/${oldest.id}`), { body });
  await leaveOne(api, kept, login);
  return oldest === undefined ? 'created' : 'updated';
}
