/** The way of a pull request, from clone to comment. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pullReportSchema } from '../../src/domain/runs/pull-request.ts';
import type { PullReport } from '../../src/domain/runs/pull-request.ts';
import { TOKEN, loopbackGithub } from '../support/loopback/github.ts';
import type { LoopbackGithub } from '../support/loopback/github.ts';
import { BAD, GOOD, scratchRepository, subject, suiteText } from '../support/scratch-repository.ts';
import type { Scratch } from '../support/scratch-repository.ts';

let scratch: Scratch;
let github: LoopbackGithub;
let event: string;

beforeAll(async () => {
  scratch = await scratchRepository();
  await mkdir(join(scratch.folder, 'out'));
});
afterAll(() => scratch.remove());

beforeEach(async () => {
  github = await loopbackGithub();
  event = join(scratch.folder, 'out', 'event.json');
});
afterEach(async () => {
  await github.close();
  await scratch.git('checkout', '-q', '-f', 'main');
});

/** What a job of GitHub's sets. */
const job = (run: number, eventFile = event): Record<string, string> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: github.url,
  GITHUB_TOKEN: TOKEN,
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_RUN_ID: String(run),
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_EVENT_PATH: eventFile,
  GITHUB_STEP_SUMMARY: join(scratch.folder, 'out', 'summary.md'),
});

async function branchOff(name: string, from = 'main'): Promise<void> {
  await scratch.git('checkout', '-q', '-f', '-B', name, from);
}

/** The prompt at a version of its own, with recordings, in place of the one that the suite had. */
async function newVersion(version: string, text: (index: number, repeat: number) => string): Promise<void> {
  const prompt = await readFile(join(scratch.folder, 'prompts/ping/1.0.md'), 'utf8');
  const changed = prompt
    .replace('version: "1.0"', `version: "${version}"`)
    .replace('Write about', `Write in the way of ${version} about`);
  await scratch.write(`prompts/ping/${version}.md`, changed);
  await scratch.record(version, text);
  await scratch.write('evals/suites/default.yaml', suiteText(`ping@${version}`));
  await scratch.commit(`Version ${version}`);
}

async function reported(
  words: readonly string[] = [],
  folder = scratch.folder,
): Promise<[PullReport, number | undefined]> {
  const { stdout, stderr, exitCode } = await scratch.cupel(
    ['pr', '--base', 'main', '--format', 'json', ...words],
    {},
    folder,
  );
  const reports = z.array(pullReportSchema).parse(JSON.parse(stdout === '' ? `"${stderr}"` : stdout));
  const [report] = reports;
  if (report === undefined) throw new Error('no report');
  return [report, exitCode];
}

describe('the verdict on a branch', () => {
  test('is silence where nothing changed that is measured, and nothing is run', async () => {
    await branchOff('docs');
    await scratch.write('NOTES.md', 'a note\n');
    await scratch.commit('A note');
    const [report, status] = await reported();
    expect(report).toMatchObject({ status: 'unchanged', touched: [], plan: null });
    expect(status).toBe(0);
    expect(await readdir(join(scratch.folder, 'reports', 'runs')).catch(() => [])).toEqual([]);
  });

  test('is "no worse" where a new version does as well as the one that it replaces', async () => {
    await branchOff('as-good');
    await newVersion('1.1', () => GOOD);
    const [report, status] = await reported();
    expect(report.reasons.join('\n')).not.toBe('');
    expect(report).toMatchObject({
      status: 'no worse',
      gateMet: true,
      touched: [{ what: 'prompt', how: 'changed', name: 'ping@1.1', before: 'ping@1.0' }],
      passed: { base: { passed: 18, of: 18 }, head: { passed: 18, of: 18 } },
    });
    expect(status).toBe(0);
  });

  test('is "worse" where it does not, with status 1', async () => {
    await branchOff('bad');
    await newVersion('1.2', (index) => (index < 5 ? BAD : GOOD));
    const [report, status] = await reported();
    expect(report).toMatchObject({ status: 'worse', gateMet: false, passed: { head: { passed: 3, of: 18 } } });
    expect(status).toBe(1);
  });

  test('is "not enough data" where one answer cannot tell, or a scenario itself asks something else', async () => {
    await branchOff('little');
    await scratch.write(`evals/recordings/${subject(0)}@1.0.r1.md`, BAD);
    await scratch.commit('One recording');
    const [report] = await reported();
    expect(report).toMatchObject({ status: 'not enough data', touched: [{ what: 'recordings', name: subject(0) }] });
    await branchOff('other-scenario');
    const path = `evals/${subject(1)}/scenario.yaml`;
    await scratch.write(
      path,
      (await readFile(join(scratch.folder, path), 'utf8')).replace('subject: ', 'subject: more '),
    );
    await scratch.commit('Another task');
    const [other, status] = await reported();
    expect(other).toMatchObject({
      status: 'not enough data',
      touched: [{ what: 'scenario', how: 'changed', name: subject(1) }],
      rows: [{ scenario: subject(1), asksOther: true }],
    });
    expect(other.reasons[0]).toMatch(/another one than in the base/);
    expect(status).toBe(0);
  });

  test('is "could not measure" where answers are missing, with status 3', async () => {
    await branchOff('unrecorded');
    await newVersion('1.3', () => GOOD);
    await rm(join(scratch.folder, `evals/recordings/${subject(0)}@1.3.r1.md`));
    await scratch.commit('A recording is lost');
    const [report, status] = await reported();
    expect(report).toMatchObject({ status: 'could not measure', gateMet: null, ungraded: { base: 0, head: 1 } });
    expect(status).toBe(3);
  });
});

describe('the base', () => {
  test('is the common commit, whatever others have brought into main since', async () => {
    await branchOff('mine');
    await newVersion('1.4', () => GOOD);
    await branchOff('theirs');
    await scratch.write(`evals/recordings/${subject(3)}@1.0.r1.md`, BAD);
    await scratch.commit('Others');
    await scratch.git('checkout', '-q', 'mine');
    const [report] = await reported(['--base', 'theirs']);
    expect(report).toMatchObject({ status: 'no worse', base: { takenOver: 0 }, passed: { base: { passed: 18 } } });
  });

  test('is what a squash merge took over from this branch, by its content', async () => {
    await branchOff('stacked');
    await newVersion('1.5', () => BAD);
    await branchOff('squashed');
    await scratch.git('checkout', '-q', '-f', 'main', '-B', 'squashed');
    await scratch.git('checkout', 'stacked', '--', '.');
    await scratch.commit('Squash merge of the first part');
    await scratch.git('checkout', '-q', '-f', 'stacked');
    const [same] = await reported(['--base', 'squashed']);
    expect(same).toMatchObject({ status: 'unchanged' });
    expect(same.base.takenOver).toBeGreaterThan(0);
    await newVersion('1.6', () => BAD);
    const [report] = await reported(['--base', 'squashed']);
    expect(report).toMatchObject({
      touched: [{ what: 'prompt', name: 'ping@1.6', before: 'ping@1.5' }],
      passed: { base: { passed: 0 }, head: { passed: 0 } },
    });
    expect(report.status).not.toBe('worse');
  });

  test('is fetched where the clone has one commit alone, and missed with a message where it cannot be', async () => {
    await branchOff('shallow');
    await newVersion('1.7', () => GOOD);
    const folder = await mkdtemp(join(tmpdir(), 'cupel-clone-'));
    try {
      const clone = join(folder, 'clone');
      await execa('git', ['clone', '-q', '--depth=1', '--branch', 'shallow', `file://${scratch.folder}`, clone]);
      await execa('chmod', ['755', folder]);
      const [report] = await reported(['--base', 'origin/main'], clone);
      expect(report).toMatchObject({ status: 'no worse', touched: [{ name: 'ping@1.7' }] });
      await execa('git', ['clone', '-q', '--depth=1', '--branch', 'shallow', `file://${scratch.folder}`, `${clone}2`]);
      await execa('git', ['remote', 'set-url', 'origin', join(folder, 'nowhere')], { cwd: `${clone}2` });
      const { stderr, exitCode } = await scratch.cupel(['pr', '--base', 'main'], {}, `${clone}2`);
      expect(stderr).toMatch(
        /--base main: expected a commit that HEAD has in common.*the clone is shallow: fetch more/,
      );
      expect(exitCode).toBe(2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('on GitHub', () => {
  test('three pushes leave one comment with the last verdict, a summary each, and annotations at files of the repository', async () => {
    await branchOff('pushed');
    await writeFile(
      event,
      JSON.stringify({ pull_request: { number: 7, head: { sha: 'a'.repeat(40), repo: { full_name: 'o/r' } } } }),
    );
    await newVersion('1.8', () => BAD);
    const first = await scratch.cupel(['pr', '--base', 'main', '--comment'], job(1));
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toMatch(/^::error file=prompts\/ping\/1\.8\.md,line=1,title=Cupel default%3A worse::/m);
    expect(github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^<!-- cupel:default -->.*\n### Cupel `default`: ▼ worse\n/),
    ]);
    await scratch.record('1.8', () => GOOD);
    await scratch.commit('Better answers');
    await scratch.cupel(['pr', '--base', 'main', '--comment'], job(2));
    await scratch.git('checkout', '-q', 'main', '--', '.');
    await scratch.commit('Back again');
    const third = await scratch.cupel(['pr', '--base', 'main', '--comment'], job(3));
    expect(third.exitCode).toBe(0);
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/: nothing changed\n/)]);
    const summary = await readFile(job(1)['GITHUB_STEP_SUMMARY'] ?? '', 'utf8');
    expect(summary).toMatch(/▼ worse[^]*= no worse[^]*nothing changed that is measured by default/);
    for (const { stdout, stderr } of [first, third]) expect(`${stdout}${stderr}`).not.toContain(TOKEN);
  });

  test('a job that may not comment has measured all the same, and says what is missing', async () => {
    await branchOff('forbidden');
    await newVersion('1.9', () => GOOD);
    await writeFile(event, JSON.stringify({}));
    github.refuse.push(403, 403, 403, 403);
    const { stderr, exitCode } = await scratch.cupel(['pr', '--base', 'main', '--comment', '--pull', '7'], job(1));
    expect(stderr).toMatch(/expected to comment on the pull request \(pull-requests: write\), found: .*status 403/);
    expect(exitCode).toBe(0);
  });

  test('a fork replays without a key, says so, and is commented by a job that trusts nothing of its artifact', async () => {
    await branchOff('fork');
    await scratch.write(
      'evals/suites/live.yaml',
      `id: live\nprompts: [ping@1.0]\nmodels: ["anthropic:claude-test"]\nscenarios: [${subject(0)}]\n`,
    );
    await newVersion('2.0', () => GOOD);
    const folder = join(scratch.folder, 'out', 'artifact');
    await scratch.cupel(['pr', '--base', 'main', '--replay', '--report', folder], { ANTHROPIC_API_KEY: '' });
    expect((await readdir(folder)).sort()).toEqual(['default.json', 'live.json']);
    const live = pullReportSchema.parse(JSON.parse(await readFile(join(folder, 'live.json'), 'utf8')));
    expect(live).toMatchObject({ status: 'could not measure', replayed: true });
    expect(live.reasons[0]).toMatch(/no model was asked/);
    const sha = 'c'.repeat(40);
    const other = {
      id: 5,
      event: 'pull_request',
      head_sha: sha,
      head_branch: 'fork',
      head_repository: { full_name: 'f/r' },
    };
    await writeFile(event, JSON.stringify({ workflow_run: other }));
    github.pulls.push({ number: 9, head: { sha, repo: { full_name: 'f/r' } }, label: 'f:fork' });
    const hostile = {
      ...live,
      suite: 'live',
      reasons: ['@everyone <img src=x> https://evil.example'],
      touched: [{ what: 'prompt', how: 'new', name: '[x](https://evil.example) @owner', before: null }],
    };
    await writeFile(join(folder, 'live.json'), JSON.stringify(hostile));
    const posted = await scratch.cupel(['pr', '--from', folder, '--comment'], job(4));
    expect(posted.exitCode).toBe(0);
    const bodies = github.comments.map(({ body }) => body).join('\n');
    expect(bodies).toMatch(/no model was asked: recordings and kept answers alone/);
    expect(bodies).toMatch(/\(a name with other characters\)/);
    expect(bodies).not.toMatch(/evil|everyone|owner|<img/);
    await writeFile(join(folder, 'live.json'), JSON.stringify({ ...hostile, pull: 1234 }));
    const foreign = await scratch.cupel(['pr', '--from', folder, '--comment'], job(5));
    expect(foreign.stderr).toMatch(
      /expected reports of the pull request 9, found one that says 1234; nothing was posted/,
    );
    expect(foreign.exitCode).toBe(2);
    await writeFile(join(folder, 'live.json'), JSON.stringify({ ...hostile, status: 'great' }));
    expect((await scratch.cupel(['pr', '--from', folder, '--comment'], job(6))).exitCode).toBe(2);
    expect(github.comments).toHaveLength(2);
  });
});
