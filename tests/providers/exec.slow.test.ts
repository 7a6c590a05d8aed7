import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { ModelSettings } from '../../src/domain/runs/models.ts';
import { exec } from '../../src/providers/exec.ts';
import { systemClock } from '../../src/providers/policies/clock.ts';
import { encloser } from '../../src/sandbox/model-program.ts';

const signal = new AbortController().signal;
const cell = { prompt: 'p@1', scenario: 's', model: 'm', repeat: 1 };
const request = { system: 'You answer.', user: 'Do $HOME `it` {{now}}.', hash: 'h' };
const SECRET = 'canary-of-a-contract';

/** A project with something that no model may see, in a folder whose name nobody guesses. */
const root = mkdtempSync(join(tmpdir(), 'cupel-exec-project-'));
for (const folder of ['evals/scenario', '.git', 'scripts', 'state', 'tests'])
  mkdirSync(join(root, folder), { recursive: true });
for (const file of [
  'evals/scenario/contract.yaml',
  '.git/config',
  'scripts/other.sh',
  'state/verdict',
  'tests/hidden.ts',
  '.env',
])
  writeFileSync(join(root, file), SECRET);
writeFileSync(join(root, 'scripts/model.sh'), 'cat "$(dirname "$0")"/* 2>/dev/null; echo answered from "$PWD"\n');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const enclose = encloser({ root, others: [join(root, 'state')] });
const ask = (command: string, settings: ModelSettings = {}, limitMs = 60_000, stop = signal) =>
  exec(`exec:${command}`, settings, limitMs, systemClock, enclose).answer(request, cell, stop);
const textOf = async (...words: Parameters<typeof ask>): Promise<string> => (await ask(...words)).text;

describe('a command as a model', () => {
  test('gets the request on standard input, as text or as JSON, and its output is the answer to the last byte', async () => {
    expect(await ask('cat')).toMatchObject({
      text: 'You answer.\n\nDo $HOME `it` {{now}}.',
      stopReason: 'unknown',
      usage: null,
      costUsd: null,
    });
    expect(JSON.parse((await ask('cat', { input: 'json' })).text)).toEqual({
      system: request.system,
      user: request.user,
    });
    expect((await ask("printf 'a b\\n\\n'")).text).toBe('a b\n\n');
  });

  test('may say on the last line of standard error what it used and paid; what is no report says nothing', async () => {
    const said = (line: string) =>
      ask(`sh -c 'echo answer; echo "$0" >&2' ${JSON.stringify(line).replaceAll('$', '')}`);
    expect(
      await said(
        '{"cupel":{"inputTokens":10,"outputTokens":5,"costUsd":0.02,"model":"m-1","stopReason":"max_tokens"}}',
      ),
    ).toMatchObject({
      text: 'answer\n',
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 },
      costUsd: 0.02,
      reportedModel: 'm-1',
      stopReason: 'max_tokens',
    });
    for (const line of [
      '{"cupel":{"costUsd":-1}}',
      '{"cupel":',
      '{"other":1}',
      '{"cupel":{"outputTokens":1.5}}',
      'done',
    ])
      expect(await said(line)).toMatchObject({
        usage: null,
        costUsd: null,
        reportedModel: null,
        stopReason: 'unknown',
      });
  });

  test('that fails is no answer, and what it printed is shown and kept; status 75 is worth another try', async () => {
    await expect(ask("sh -c 'echo half; echo no such model >&2; exit 4'")).rejects.toMatchObject({
      problem: 'rejected',
      message: expect.stringMatching(/status 4; standard error: no such model; standard output: half$/),
      evidence: { exitCode: 4, output: 'no such model\n\nhalf\n' },
    });
    await expect(ask("sh -c 'exit 75'")).rejects.toMatchObject({ problem: 'server' });
    await expect(ask('sleep 60', {}, 50)).rejects.toMatchObject({ problem: 'stalled' });
  });

  test.each([[{}], [{ exposed: true }]])(
    'that is killed is not one that could not be started (%o)',
    async (settings) => {
      await expect(ask("sh -c 'echo so far; kill -9 $$'", settings)).rejects.toThrow(
        /was ended by SIGKILL, as the system does when memory runs out; standard output: so far/,
      );
      await expect(ask("sh -c 'kill -15 $$'", settings)).rejects.toThrow(/was ended by SIGTERM/);
    },
  );

  test('that is not there is refused before anything is asked, with what to do', () => {
    expect(() => exec('exec:no-such-command-here', {}, 1, systemClock, enclose)).toThrow(
      /found no program no-such-command-here; name it by its whole path/,
    );
  });

  test('ends with all that it started when the call is ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cupel-exec-'));
    const stop = new AbortController();
    const command = `sh -c 'sleep 300 & echo $! > ${folder}/pid; wait'`;
    const asked = ask(command, { exposed: true }, 60_000, stop.signal);
    let pid = '';
    while (pid === '') pid = (await readFile(join(folder, 'pid'), 'utf8').catch(() => '')).trim();
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
    const alive = (): boolean => {
      try {
        process.kill(Number(pid), 0);
        return true;
      } catch {
        return false;
      }
    };
    while (alive()) await sleep(10);
    await rm(folder, { recursive: true });
  });

  test('is a program and its words: what wants a shell is refused', () => {
    expect(() => exec('exec:cat < x', {}, 1, systemClock, enclose)).toThrow(
      /found something for a shell; put it into a script/,
    );
    expect(() => exec('exec:', {}, 1, systemClock, enclose)).toThrow(/expected exec:<command>/);
  });
});

describe('a command that looks for what it is judged by', () => {
  test('starts in an empty folder, with an empty home', async () => {
    expect(await textOf("sh -c 'pwd; ls -A . ~; echo $HOME'")).toBe('/tmp/work\n.:\n\n/tmp/home:\n/tmp/home\n');
  });

  test('finds nothing of the project, wherever it looks', async () => {
    const places = [root, '/tmp', '/var/tmp', '/home', '/root', '/mnt', '/srv', '/proc', `/proc/${process.pid}/cwd`];
    const command = `grep -rIl ${SECRET} ${places.join(' ')}`;
    expect(await textOf(`sh -c '${command} 2>/dev/null | grep -v /proc/[0-9]*/ ; ls ${root} 2>&1 | tail -1'`)).toMatch(
      /^ls: cannot access .*: No such file or directory\n$/,
    );
  });

  test('sees no process of the machine, and so none of their folders', async () => {
    expect(await textOf("sh -c 'ls -d /proc/[0-9]* | wc -l'")).toMatch(/^[1-6]\n$/);
  });

  test('gets a named environment, and more by name', async () => {
    process.env['CUPEL_TEST_KEY'] = 'key';
    try {
      const print = "sh -c 'echo [$CUPEL_TEST_KEY] ${PATH:+path}; env | grep -c CUPEL_TEST'";
      expect(await textOf(`sh -c 'echo [$CUPEL_TEST_KEY] \${PATH:+path}'`)).toBe('[] path\n');
      expect(await textOf(print, { environment: ['CUPEL_TEST_KEY'] })).toBe('[key] path\n1\n');
    } finally {
      delete process.env['CUPEL_TEST_KEY'];
    }
  });

  test('sees its own file in the project, and nothing beside it', async () => {
    for (const command of ['sh scripts/model.sh', `sh ${root}/scripts/model.sh`]) {
      const answer = await textOf(command);
      expect(answer).toContain('answered from /tmp/work');
      expect(answer).not.toContain(SECRET);
    }
  });

  test('sees files and folders that are named, and none that tell how it is judged', async () => {
    expect(await textOf(`cat ${root}/scripts/other.sh`, { reads: ['scripts'] })).toBe(SECRET);
    for (const reads of ['evals', 'evals/scenario/contract.yaml', '.', '..', '/', 'state', '.git', 'tests'])
      expect(() => exec('exec:cat', { reads: [reads] }, 1, systemClock, enclose)).toThrow(
        /expected nothing that tells/,
      );
    expect(() => exec('exec:cat', { reads: ['no/such'] }, 1, systemClock, enclose)).toThrow(/found no .*no\/such/);
    await expect(ask(`cat ${root}/evals/scenario/contract.yaml`)).rejects.toThrow(/No such file/);
  });

  test('cannot write where it may read', async () => {
    await expect(ask(`sh -c 'echo x > ${root}/scripts/other.sh'`, { reads: ['scripts'] })).rejects.toThrow(/Read-only/);
  });

  test('reaches the network of the machine', async () => {
    expect(await textOf("sh -c 'ls /sys/class/net 2>/dev/null; cat /proc/net/dev | wc -l'")).toMatch(/\d\n$/);
  });

  test('sees all of it when it is exposed, and its answers are not taken for others', async () => {
    expect(await textOf(`cat ${root}/evals/scenario/contract.yaml`, { exposed: true })).toBe(SECRET);
    const settingsOf = (settings: ModelSettings) => exec('exec:cat', settings, 1, systemClock, enclose).settings;
    expect(settingsOf({ exposed: true })).not.toEqual(settingsOf({}));
  });
});
