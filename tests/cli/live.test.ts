import { appendFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { answerSchema } from '../../src/domain/grading/answer.ts';
import type { Answer } from '../../src/domain/grading/answer.ts';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { answerTo, answersOfAKind, faults, startService } from '../support/loopback/messages.ts';
import type { Script, Service } from '../support/loopback/messages.ts';
import { KEY, makeProject } from '../support/loopback/project.ts';
import type { Project } from '../support/loopback/project.ts';

const made: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

async function setUp(
  subjects: number,
  script: Script = {},
  options: Parameters<typeof makeProject>[1] = {},
): Promise<{ service: Service; project: Project; env: { ANTHROPIC_BASE_URL: string } }> {
  const [service, project] = [await startService({ key: KEY, ...script }), await makeProject(subjects, options)];
  made.push(project, { remove: () => service.close() });
  return { service, project, env: { ANTHROPIC_BASE_URL: service.url } };
}

const resultsOf = (stdout: string): Results => resultsSchema.parse(JSON.parse(stdout));

/** How often each subject was asked for. */
function timesAsked({ calls }: Service): Map<string, number> {
  const times = new Map<string, number>();
  for (const { subject } of calls) times.set(subject, (times.get(subject) ?? 0) + 1);
  return times;
}

async function runIds({ folder }: Project): Promise<string[]> {
  const ids: string[] = await readdir(join(folder, 'reports', 'runs')).catch(() => []);
  return ids.sort();
}

async function answersOf({ folder }: Project, run: string): Promise<Answer[]> {
  const answers = join(folder, 'reports', 'runs', run, 'answers');
  const names = (await readdir(answers)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => answerSchema.parse(JSON.parse(await readFile(join(answers, name), 'utf8')))),
  );
}

/** Every file below a folder, as text. */
async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
}

const PRICED = { model: 'anthropic:claude-haiku-4-5' };
const priced: Script = { model: 'claude-haiku-4-5', outputTokens: 1000 };

/** What the service would bill, at one dollar for a million tokens of input and five of output. */
const billed = ({ calls }: Service): number =>
  calls
    .filter(({ fault }) => fault === null || answersOfAKind.has(fault))
    .reduce((sum, call) => sum + call.inputTokens / 1e6 + (call.outputTokens * 5) / 1e6, 0);

describe('a run that asks a live model', () => {
  test('ends 200 cells in the right state although every fifth call goes wrong, and calls no more often than needed', async () => {
    const { service, project, env } = await setUp(200, {
      fault: (number) => (number % 5 === 0 ? (faults[(number / 5) % faults.length] ?? null) : null),
    });
    const { stdout, exitCode } = await project.cupel(['run', '--format', 'json'], env);
    expect(exitCode).toBe(0);
    const { grades } = resultsOf(stdout);
    expect(grades).toHaveLength(200);
    expect(new Set(service.calls.map(({ fault }) => fault))).toEqual(new Set([null, ...faults]));

    const ends = new Map(
      service.calls
        .filter(({ fault }) => fault === null || answersOfAKind.has(fault))
        .map((call) => [call.subject, call.fault]),
    );
    expect(ends.size).toBe(200);
    const wrong = service.calls.filter(({ fault }) => fault !== null && !answersOfAKind.has(fault));
    // each failed call is made up for by one, and no answer is asked for twice
    expect(service.calls).toHaveLength(200 + wrong.length);
    expect(Math.max(...timesAsked(service).values())).toBeLessThanOrEqual(5);

    for (const { cell, verdict, checks } of grades) {
      const complete = checks.find(({ id }) => id === 'answer/complete');
      expect(verdict).toBe('fail'); // there is no code in it; that is a result
      expect(complete?.facts['stop_reason']).toBe(ends.get(cell.scenario ?? '') ?? 'end_turn');
      expect(complete?.status).toBe(ends.get(cell.scenario ?? '') === null ? 'passed' : 'failed');
    }
    const [run = ''] = await runIds(project);
    const answers = await answersOf(project, run);
    expect(
      answers
        .filter(({ stopReason }) => stopReason === 'end_turn')
        .map(({ text }) => text)
        .sort(),
    ).toEqual([...ends].flatMap(([subject, fault]) => (fault === null ? [answerTo(subject)] : [])).sort());
    for (const answer of answers)
      expect(answer).toMatchObject({
        reportedModel: 'claude-test-20260101',
        costUsd: null,
        latencyMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
        usage: { outputTokens: 100 },
      });
  });

  test('asks nothing twice: a second run takes its answers from the cache, --ask-again does not', async () => {
    const { service, project, env } = await setUp(3);
    const first = await project.cupel(['run', '--format', 'json'], env);
    const second = await project.cupel(['run', '--format', 'json'], env);
    expect(service.calls).toHaveLength(3);
    // Lots are drawn anew by each process; everything else is the same.
    const [before, after] = [first, second].map(({ stdout }) =>
      resultsOf(stdout).fingerprints.map(({ lots: _lots, ...rest }) => rest),
    );
    expect(after).toEqual(before);
    expect(second.stderr).toContain('0 answers asked for, 3 known already');
    await project.cupel(['run', '--ask-again'], env);
    expect(service.calls).toHaveLength(6);
  });

  test('goes on only with answers to what it asks: another prompt under the same name, or other settings of the model, are asked for again', async () => {
    const { service, project, env } = await setUp(2);
    const first = resultsOf((await project.cupel(['run', '--format', 'json'], env)).stdout);
    const resume = async (): Promise<Results> =>
      resultsOf((await project.cupel(['run', '--resume', first.run.id, '--format', 'json'], env)).stdout);
    const prompt = join(project.folder, 'prompts/ping/1.0.md');
    await writeFile(prompt, (await readFile(prompt, 'utf8')).replace('Write about', 'Write more about'));
    const edited = await resume();
    expect(service.calls).toHaveLength(4);
    expect(edited.fingerprints[0]?.request).not.toBe(first.fingerprints[0]?.request);
    await appendFile(
      join(project.folder, 'evals/models.yaml'),
      'models:\n  anthropic:claude-test: { maxTokens: 500 }\n',
    );
    expect((await resume()).fingerprints.map(({ settings }) => settings)).toEqual([
      { maxTokens: '500' },
      { maxTokens: '500' },
    ]);
    expect(service.calls).toHaveLength(6);
    await resume();
    expect(service.calls).toHaveLength(6);
  });

  test('two runs at the same time over one cache lose nothing and ask for nothing twice', async () => {
    const { service, project, env } = await setUp(40, { pauseMs: 2 });
    const both = await Promise.all([
      project.cupel(['run', '--format', 'json'], env),
      project.cupel(['run', '--format', 'json'], env),
    ]);
    for (const { stdout, exitCode } of both) {
      expect(exitCode).toBe(0);
      expect(resultsOf(stdout).grades).toHaveLength(40);
    }
    expect([...timesAsked(service).values()]).toEqual(Array.from({ length: 40 }, () => 1));
    const [one = '', other = ''] = await runIds(project);
    expect((await answersOf(project, one)).map(({ text }) => text)).toEqual(
      (await answersOf(project, other)).map(({ text }) => text),
    );
  });

  test('a signal ends the calls and keeps what came; the run goes on with the words that were said', async () => {
    const { service, project, env } = await setUp(20, { pauseMs: 20 });
    const child = project.cupel(['run'], env);
    // two more than go at once: some answers are there, some are coming
    while (service.calls.length < 10) await sleep(1);
    child.kill('SIGINT');
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(130);
    const words = /go on with: npx cupel (.*)/.exec(stderr)?.[1]?.split(' ') ?? [];
    expect(words).toContain('--resume');
    while (!service.calls.some(({ hungUp }) => hungUp)) await sleep(5);
    const asked = service.calls.length;
    const came = service.calls.filter(({ complete }) => complete).map(({ subject }) => subject);
    const { exitCode: resumed } = await project.cupel(
      words.filter((word, at) => word !== '--state' && words[at - 1] !== '--state'),
      env,
    );
    expect(resumed).toBe(0);
    expect(timesAsked(service).size).toBe(20);
    const again = service.calls.slice(asked).map(({ subject }) => subject);
    // at most those that were under way to the disk
    expect(came.filter((subject) => again.includes(subject)).length).toBeLessThanOrEqual(8);
  });

  test('a second signal ends a run at once', async () => {
    const { service, project, env } = await setUp(
      2,
      { fault: () => 'stall' },
      { models: 'services:\n  anthropic: { silenceSeconds: 600 }\n' },
    );
    const child = project.cupel(['run'], env);
    while (service.calls.length < 2) await sleep(5);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(130);
  });
});

describe('money', () => {
  test('is never spent beyond the budget, with many calls at once; the run says what remains, and goes on with more', async () => {
    const { service, project, env } = await setUp(30, priced, PRICED);
    const budget = 0.06; // a call can cost $0.0206 and does cost $0.005
    const { exitCode, stdout, stderr } = await project.cupel(
      ['run', '--budget', String(budget), '--format', 'json'],
      env,
    );
    expect(exitCode).toBe(3);
    expect(billed(service)).toBeLessThanOrEqual(budget);
    const unmeasured = resultsOf(stdout).grades.filter(({ verdict }) => verdict === 'ungraded');
    expect(unmeasured).toHaveLength(30 - service.calls.length);
    expect(stderr).toMatch(
      new RegExp(`${unmeasured.length} answers could not be had: the budget of \\$0.0600 does not bear another call`),
    );
    expect(stderr).toMatch(/go on with: npx cupel run .*--resume /);
    expect(service.calls.length).toBeGreaterThanOrEqual(7); // what was reserved and not used is used after all
    const [run = ''] = await runIds(project);
    const more = await project.cupel(['run', '--budget', '1', '--resume', run], env);
    expect(more.exitCode).toBe(0);
    expect(service.calls).toHaveLength(30);
  });

  test('counts what an earlier start of the run spent, and calls of which nobody knows the end', async () => {
    const { service, project, env } = await setUp(12, { ...priced, pauseMs: 400 }, PRICED);
    const child = project.cupel(['run', '--budget', '0.05'], env);
    while (service.calls.length < 2) await sleep(5);
    child.kill('SIGKILL');
    await child;
    const [run = ''] = await runIds(project);
    await project.cupel(['run', '--budget', '0.05', '--resume', run], env);
    expect(billed(service)).toBeLessThanOrEqual(0.05);
    const { exitCode } = await project.cupel(['run', '--budget', '0.05', '--resume', run], env);
    expect(exitCode).toBe(3);
    expect(billed(service)).toBeLessThanOrEqual(0.05);
  });

  test('is divided by shards, and each asks for its own cells', async () => {
    const { service, project, env } = await setUp(30, priced, PRICED);
    for (const index of [1, 2, 3]) await project.cupel(['run', '--shard', `${index}/3`, '--budget', '0.15'], env);
    expect(billed(service)).toBeLessThanOrEqual(0.15);
    expect([...timesAsked(service).values()].every((times) => times === 1)).toBe(true);
  });

  test('is told before it is spent: --dry-run asks for no answer', async () => {
    const { service, project, env } = await setUp(4, priced, PRICED);
    await project.cupel(['run', '--scenario', 'subject-000'], env);
    const { stdout } = await project.cupel(['run', '--dry-run', '--format', 'json'], env);
    expect(service.calls).toHaveLength(1);
    const { models } = JSON.parse(stdout) as {
      models: Record<string, { known: number; calls: number; atMost: { costUsd: number } }>;
    };
    expect(models[PRICED.model]).toMatchObject({ known: 1, calls: 3 });
    expect(models[PRICED.model]?.atMost.costUsd).toBeGreaterThan((3 * 4000 * 5) / 1e6);
    expect((await project.cupel(['run', '--dry-run'], env)).stdout).toMatch(
      /4 cells, 1 known, 3 calls: at most \$0\.06.*prices of 2026-09-22/,
    );
  });

  test.each([
    [
      'a model of unknown price',
      { model: 'anthropic:claude-test' },
      ['--budget', '1'],
      /--budget: expected a price for anthropic:claude-test/,
    ],
    [
      'a command, which tells no sizes',
      { model: 'exec:cat' },
      ['--budget-tokens', '10'],
      /--budget: expected the longest answer of exec:cat/,
    ],
    ['a budget that is no number', {}, ['--budget', 'much'], /--budget: expected a number/],
    ['a shard that is none', {}, ['--shard', '4/3'], /--shard: expected i\/n/],
  ])('%s ends with status 2 before anything is asked', async (_what, options, words, message) => {
    const { service, project, env } = await setUp(1, {}, options);
    const { exitCode, stderr } = await project.cupel(['run', ...words], env);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect(service.requests).toEqual([]);
  });
});

describe('a service that takes nothing from us', () => {
  test.each([
    ['a wrong key', { key: 'another key' }, {}, /ANTHROPIC_API_KEY holds a valid key/],
    ['an unknown model', { model: 'claude-other' }, {}, /correct the name of the model/],
  ])('%s: one request, one message that says what to do, status 3', async (_what, script, env, message) => {
    const { service, project, env: base } = await setUp(50, script);
    const { exitCode, stderr } = await project.cupel(['run'], { ...base, ...env });
    expect(exitCode).toBe(3);
    expect(stderr.split('\n').filter((line) => message.test(line))).toHaveLength(1);
    expect(service.requests).toHaveLength(1);
    expect(stderr).toContain('50 answers could not be had');
  });

  test('no network: a few tries, one message that says what to do, status 3', async () => {
    const { service, project, env } = await setUp(50);
    await service.close();
    const { exitCode, stderr } = await project.cupel(['run'], env);
    expect(exitCode).toBe(3);
    expect(stderr.match(/cannot be reached \(ECONNREFUSED\)/g)).toHaveLength(1);
    expect(stderr).toMatch(/see that the network works and that ANTHROPIC_BASE_URL/);
  });

  test('no key: status 2, and nothing is asked', async () => {
    const { service, project, env } = await setUp(1);
    const { exitCode, stderr } = await project.cupel(['run'], { ...env, ANTHROPIC_API_KEY: '' });
    expect(stderr).toMatch(/expected a key in the environment variable ANTHROPIC_API_KEY, found none/);
    expect(exitCode).toBe(2);
    expect(service.requests).toEqual([]);
  });

  test('a model that is none: status 2', async () => {
    const { project } = await setUp(1);
    const { exitCode, stderr } = await project.cupel(['run', '--model', 'gpt']);
    expect(stderr).toMatch(/model gpt: expected one of recorded, anthropic:<model>/);
    expect(exitCode).toBe(2);
  });
});

describe('a disk that takes nothing', () => {
  /** Starts a run with a state folder that is made by `mounts`, as bubblewrap's words. */
  async function runOn(mounts: (state: string) => string[]) {
    const { service, project, env } = await setUp(3);
    await mkdir(project.state);
    const words = ['--dev-bind', '/', '/', ...mounts(project.state), '--chdir', project.folder];
    const result = await execa('bwrap', [...words, resolve('src/cli/cupel'), 'run', '--state', project.state], {
      reject: false,
      env: { ...env, ANTHROPIC_API_KEY: KEY },
    });
    return { service, project, result };
  }

  test('because it is full: a clear error and status 3 before anything is paid', async () => {
    const {
      service,
      result: { stderr, exitCode },
    } = await runOn((state) => ['--size', String(4 * 1024 * 1024), '--tmpfs', state]);
    expect(stderr).toMatch(/expected 8 MiB of free space for an answer, found \d MiB; nothing was asked/);
    expect(exitCode).toBe(3);
    expect(service.calls).toEqual([]);
  });

  test('because it is read-only: a clear error and status 3 before anything is paid', async () => {
    const {
      service,
      result: { stderr, exitCode },
    } = await runOn((state) => ['--ro-bind', state, state]);
    expect(stderr).toMatch(/expected to write .*\/state, found a file system that is read-only.*EROFS/);
    expect(exitCode).toBe(3);
    expect(service.calls).toEqual([]);
  });
});

describe('a secret', () => {
  test('is found nowhere in what a run writes and says, whatever the service says', async () => {
    const { project, env } = await setUp(3, { key: 'another key' }); // the service repeats the key in its error
    const refused = await project.cupel(['run'], env);
    const { project: other, env: theirs } = await setUp(3, { fault: (number) => (number === 1 ? '500' : null) });
    const answered = await other.cupel(['run'], theirs);
    expect(refused.stderr).toContain('[redacted]');
    expect(answered.exitCode).toBe(0);
    const written = (await Promise.all([textsBelow(project.folder), textsBelow(other.folder)])).flat();
    expect(written.length).toBeGreaterThan(20);
    for (const text of [...written, refused.stdout, refused.stderr, answered.stdout, answered.stderr])
      expect(text).not.toContain(KEY);
  });

  test('does not leave a command that prints it', async () => {
    const model = "exec:sh -c 'echo key is $ANTHROPIC_API_KEY'";
    const models = `models:\n  ${JSON.stringify(model)}: { environment: [ANTHROPIC_API_KEY] }\n`;
    const { project } = await setUp(1, {}, { model, models });
    const { exitCode } = await project.cupel(['run']);
    expect(exitCode).toBe(0);
    const written = await textsBelow(project.folder);
    expect(written.some((text) => text.includes('key is [redacted]'))).toBe(true);
    for (const text of written) expect(text).not.toContain(KEY);
  });
});

describe('cupel record', () => {
  test('makes recordings of the answers of a run, which the model recorded replays with all that is known of them', async () => {
    const { project, env } = await setUp(2, priced, PRICED);
    await project.cupel(['run'], env);
    const [run = ''] = await runIds(project);
    const { exitCode, stdout } = await project.cupel(['record', run]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('evals/recordings/subject-000@1.0.r1.md');
    const replayed = await project.cupel(['run', '--model', 'recorded', '--format', 'json']);
    expect(resultsOf(replayed.stdout).grades.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    const [, second = ''] = await runIds(project);
    expect(await answersOf(project, second)).toEqual(await answersOf(project, run));
    const again = await project.cupel(['record', run]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toMatch(/expected no such recording yet/);
  });
});
