import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/domain/grading/answer.ts';
import { diskAnswers } from '../../src/store/state/answer-cache.ts';
import { diskLedger } from '../../src/store/runs/ledger.ts';
import { inSingleFlight } from '../../src/store/state/single-flight.ts';

const answer: Answer = {
  text: 'done\n',
  stopReason: 'end_turn',
  usage: null,
  costUsd: null,
  latencyMs: 1,
  firstTokenMs: null,
  reportedModel: null,
  date: '2026-01-01',
};
const key = 'ab12';
const signal = new AbortController().signal;

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'cupel-answers-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

describe('kept answers', () => {
  test('come back as they were, and not at all when they were changed or torn, which is said: they are paid for again', async () => {
    const notes: string[] = [];
    const cache = diskAnswers(state, (text) => notes.push(text));
    await cache.put(key, answer);
    expect(await cache.get(key)).toEqual(answer);
    expect(await cache.get('ab13')).toBeNull();
    const path = join(state, 'answers', 'ab', `${key}.json`);
    const text = await readFile(path, 'utf8');
    for (const damaged of [text.replace('done', 'gone'), text.slice(0, -20), '']) {
      await writeFile(path, damaged);
      expect(await cache.get(key)).toBeNull();
    }
    expect(notes).toEqual(
      Array.from({ length: 3 }, () => `the answer in ${path} is damaged; it is asked for again, and paid for again`),
    );
  });

  test('that are there and cannot be read are not asked for again', async () => {
    await mkdir(join(state, 'answers', 'ab', `${key}.json`), { recursive: true });
    await expect(diskAnswers(state).get(key)).rejects.toThrow('EISDIR');
  });

  test('leave nothing else behind', async () => {
    const cache = diskAnswers(state);
    await cache.alone(key, signal, async () => {
      await cache.expectRoom();
      await cache.put(key, answer);
    });
    expect(await readdir(state, { recursive: true })).toEqual(['answers', 'answers/ab', `answers/ab/${key}.json`]);
  });
});

/** A process that holds a name until it is told to let go. */
function holder(name: string) {
  const module = JSON.stringify(resolve('src/store/state/single-flight.ts'));
  const program = `import { inSingleFlight } from ${module};
    await inSingleFlight(process.argv[1], new AbortController().signal, () => { console.log('mine'); return new Promise((done) => process.stdin.once('data', done)); });
    process.exit();`;
  return execa(
    'node_modules/.bin/node',
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, name],
    { reject: false },
  );
}

const said = (child: ReturnType<typeof holder>): Promise<unknown> =>
  new Promise((heard) => child.stdout.once('data', heard));

describe('single flight', () => {
  test('lets one process work under a name at a time, and the next when it is done', async () => {
    const name = `cupel-test-${process.pid}-done`;
    const other = holder(name);
    await said(other);
    let entered = false;
    const mine = inSingleFlight(name, signal, () => Promise.resolve((entered = true)));
    await inSingleFlight(`${name}-other`, signal, () => Promise.resolve());
    expect(entered).toBe(false);
    other.stdin.write('done\n');
    expect(await mine).toBe(true);
    await other;
  });

  test('goes on when the process that was at it is killed', async () => {
    const name = `cupel-test-${process.pid}-killed`;
    const other = holder(name);
    await said(other);
    const mine = inSingleFlight(name, signal, () => Promise.resolve('taken over'));
    other.kill('SIGKILL');
    expect(await mine).toBe('taken over');
    await other;
  });

  test('stops waiting with the signal, and passes failures on', async () => {
    const name = `cupel-test-${process.pid}-stop`;
    const stop = new AbortController();
    await inSingleFlight(name, signal, async () => {
      const waiting = inSingleFlight(name, stop.signal, () => Promise.resolve());
      stop.abort(new Error('stopped'));
      await expect(waiting).rejects.toThrow('stopped');
    });
    await expect(inSingleFlight(name, signal, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await inSingleFlight(name, signal, () => Promise.resolve('free'))).toBe('free');
  });

  test('lets a hundred who want the same go one after the other', async () => {
    let at = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 100 }, () =>
        inSingleFlight(`cupel-test-${process.pid}-hundred`, signal, async () => {
          most = Math.max(most, (at += 1));
          await Promise.resolve();
          at -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
  });
});

describe('the ledger', () => {
  test('counts a call without an end with the most that it could use, also when its end was torn', async () => {
    const path = join(state, 'spending.ndjson');
    const { ledger, earlier } = await diskLedger(path);
    expect(earlier).toEqual({ tokens: 0, costUsd: 0 });
    const atMost = { tokens: 100, costUsd: 1 };
    for (const call of ['ended', 'torn', 'open']) await ledger.begin(call, { model: 'm', request: 'r', atMost });
    await ledger.end('ended', { tokens: 10, costUsd: 0.25 });
    await ledger.end('torn', { tokens: 0, costUsd: 0 });
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -8));
    const again = await diskLedger(path);
    expect(again.earlier).toEqual({ tokens: 210, costUsd: 2.25 });
    await again.ledger.end('open', { tokens: 1, costUsd: 0 });
    expect((await diskLedger(path)).earlier).toEqual({ tokens: 111, costUsd: 1.25 });
  });
});
