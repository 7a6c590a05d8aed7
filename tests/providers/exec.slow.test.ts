import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { exec } from '../../src/providers/exec.ts';
import { systemClock } from '../../src/providers/policies/clock.ts';

const signal = new AbortController().signal;
const cell = { prompt: 'p@1', scenario: 's', model: 'm', repeat: 1 };
const request = { system: 'You answer.', user: 'Do $HOME `it` {{now}}.', hash: 'h' };
const ask = (command: string, settings = {}, limitMs = 60_000, stop = signal) =>
  exec(`exec:${command}`, settings, limitMs, systemClock).answer(request, cell, stop);

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

  test('that fails is no answer, whatever it printed; status 75 is worth another try', async () => {
    await expect(ask("sh -c 'echo half; echo no such model >&2; exit 4'")).rejects.toMatchObject({
      problem: 'rejected',
      message: expect.stringMatching(/status 4: no such model/),
    });
    await expect(ask("sh -c 'exit 75'")).rejects.toMatchObject({ problem: 'server' });
    await expect(ask('no-such-command-here')).rejects.toMatchObject({
      problem: 'rejected',
      message: expect.stringMatching(/ENOENT/),
    });
    await expect(ask('sleep 60', {}, 50)).rejects.toMatchObject({ problem: 'stalled' });
  });

  test('ends with all that it started when the call is ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cupel-exec-'));
    const stop = new AbortController();
    const asked = ask(`sh -c 'sleep 300 & echo $! > ${folder}/pid; wait'`, {}, 60_000, stop.signal);
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
    expect(() => exec('exec:cat < x', {}, 1, systemClock)).toThrow(/found something for a shell; put it into a script/);
    expect(() => exec('exec:', {}, 1, systemClock)).toThrow(/expected exec:<command>/);
  });
});
