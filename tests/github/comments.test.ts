import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GithubApi } from '../../src/github/api.ts';
import { keepComment } from '../../src/github/comments.ts';
import type { KeptComment } from '../../src/github/comments.ts';
import { pullOfOtherJob, readEvent } from '../../src/github/event.ts';
import { TOKEN, loopbackGithub } from '../support/loopback/github.ts';
import type { LoopbackGithub } from '../support/loopback/github.ts';

const MARKER = '<!-- cupel:default -->';
let github: LoopbackGithub;

beforeEach(async () => {
  github = await loopbackGithub();
});
afterEach(() => github.close());

const api = (token = TOKEN): GithubApi => new GithubApi({ base: github.url, token, repository: 'o/r' }, 1);
const kept = (order: number, text: string, create = true): KeptComment => ({
  pull: 7,
  marker: MARKER,
  text: `${MARKER}\n${text}`,
  order,
  create,
});
const others = (count: number, body = 'hello', login = 'somebody'): void => {
  for (let index = 0; index < count; index += 1) github.comments.push({ id: index + 1, body, user: { login } });
};
const own = (): string[] =>
  github.comments.filter(({ user }) => user.login.includes('actions')).map(({ body }) => body);

describe('the comment of a suite', () => {
  test('is one, however often it is pushed, also behind several pages of others', async () => {
    others(250);
    expect(await keepComment(api(), kept(1, 'first'))).toBe('created');
    expect(await keepComment(api(), kept(2, 'second'))).toBe('updated');
    expect(await keepComment(api(), kept(3, 'third'))).toBe('updated');
    expect(own()).toHaveLength(1);
    expect(own()[0]).toMatch(/^<!-- cupel:default -->.*\nthird$/);
    expect(github.comments).toHaveLength(251);
  });

  test('is ours alone: those of others that begin like it, and ours of other suites, are left', async () => {
    others(1, `${MARKER}\nfaked`);
    github.comments.push({ id: 900, body: '<!-- cupel:nightly -->\nx', user: { login: 'github-actions[bot]' } });
    await keepComment(api(), kept(1, 'ours'));
    expect(github.comments.map(({ body }) => body)).toEqual([
      `${MARKER}\nfaked`,
      '<!-- cupel:nightly -->\nx',
      expect.stringContaining('ours'),
    ]);
  });

  test('is one after two writers raced, with the words of the later job', async () => {
    for (let round = 0; round < 10; round += 1) {
      github.comments.length = 0;
      await Promise.all([keepComment(api(), kept(1, 'early')), keepComment(api(), kept(2, 'late'))]);
      expect(own()).toHaveLength(1);
      expect(own()[0]).toMatch(/late$/);
    }
  });

  test('is not replaced by a job that started earlier and ends later', async () => {
    await keepComment(api(), kept(20, 'newer'));
    expect(await keepComment(api(), kept(10, 'older'))).toBe('left');
    expect(own()[0]).toMatch(/newer$/);
  });

  test('is not made where nothing changed, and updated where it is there', async () => {
    expect(await keepComment(api(), kept(1, 'nothing', false))).toBe('left');
    expect(github.comments).toEqual([]);
    await keepComment(api(), kept(2, 'something'));
    expect(await keepComment(api(), kept(3, 'nothing', false))).toBe('updated');
    expect(own()[0]).toMatch(/nothing$/);
  });

  test('belongs to the person whose token it is, where the token may say so', async () => {
    await github.close();
    github = await loopbackGithub({ user: true, login: 'Maintainer' });
    await keepComment(api(), kept(1, 'one'));
    await keepComment(api(), kept(2, 'two'));
    expect(github.comments).toHaveLength(1);
  });

  test('survives a service that fails for a moment, and a refusal says which call, and never the token', async () => {
    github.refuse.push(403, 502, 500);
    expect(await keepComment(api(), kept(1, 'one'))).toBe('created');
    const wrong = 'ghs_another_token_that_is_secret';
    await expect(keepComment(api(wrong), kept(2, 'two'))).rejects.toThrow(/status 401, Bad credentials/);
    await expect(keepComment(api(wrong), kept(2, 'two'))).rejects.not.toThrow(wrong);
  });
});

describe('the pull request of another job', () => {
  const sha = 'a'.repeat(40);
  const event = (more: object = {}): string =>
    JSON.stringify({
      workflow_run: {
        id: 5,
        event: 'pull_request',
        head_sha: sha,
        head_branch: 'change',
        head_repository: { full_name: 'fork/r' },
        ...more,
      },
    });
  const find = async (text: string): Promise<number> => {
    const read = readEvent(text);
    expect(read).not.toBeNull();
    return pullOfOtherJob(api(), read ?? {});
  };
  const pull = (number: number, hash: string, repo: string) =>
    github.pulls.push({ number, head: { sha: hash, repo: { full_name: repo } }, label: 'fork:change' });

  test('is the open one with its branch, repository and very commit', async () => {
    pull(3, 'b'.repeat(40), 'fork/r');
    pull(4, sha, 'other/r');
    pull(5, sha, 'fork/r');
    expect(await find(event())).toBe(5);
  });

  test('is none where the branch has moved on, the job was no pull request, or the event is something else', async () => {
    pull(3, 'b'.repeat(40), 'fork/r');
    await expect(find(event())).rejects.toThrow(
      /expected an open pull request with the commit aaaaaaaaaaaa, found none/,
    );
    await expect(find(event({ event: 'push' }))).rejects.toThrow(
      /expected an event of a job that ran for a pull request/,
    );
    expect(readEvent(event({ head_sha: '$(id)' }))).toBeNull();
    expect(readEvent('no json')).toBeNull();
  });
});
