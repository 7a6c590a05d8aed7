import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CELLS, artifactsOf, cupel, differences, runsOf, smallSuite } from '../support/small-suite.ts';
import type { SmallSuite } from '../support/small-suite.ts';

/** Kills; .ci/run asks for more. */
const KILLS = Number(process.env['CUPEL_KILLS'] ?? 4);
const SEED = Number(process.env['CUPEL_SEED'] ?? Date.now() % 1e9);
/** Lines of a whole journal: the start, an answer and a grade for each cell, the end. */
const LINES = 2 + 2 * CELLS;

let suite: SmallSuite;
let undisturbed: Record<string, string>;
/** Milliseconds of an undisturbed run. */
let length = 0;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(SEED);

beforeAll(async () => {
  process.stdout.write(`kills: ${KILLS}, seed: ${SEED} (CUPEL_SEED=${SEED} repeats them)\n`);
  suite = await smallSuite();
  const before = performance.now();
  await execa(cupel, suite.words, { cwd: suite.root, env: suite.env });
  length = performance.now() - before;
  const [id = ''] = await runsOf(suite);
  undisturbed = await artifactsOf(suite, id);
});
afterAll(() => rm(suite.root, { recursive: true, force: true }));

/** Nothing is known and nothing is there, but the layers. */
async function forget(): Promise<void> {
  for (const gone of ['reports', '.cupel/verdicts']) await rm(join(suite.root, gone), { recursive: true, force: true });
}

/** Whole lines of the only run's journal. */
async function journal(): Promise<string[]> {
  const [id] = await runsOf(suite);
  if (id === undefined) return [];
  const text = await readFile(join(suite.root, 'reports', 'runs', id, 'journal.ndjson'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

const graded = (lines: readonly string[]): number => lines.filter((line) => line.includes('"event":"graded"')).length;

interface Point {
  /** Journal lines to wait for, and milliseconds after them. */
  lines: number;
  delay: number;
  signal: NodeJS.Signals;
  /** Whether the whole process group gets the signal, or Cupel alone. */
  group: boolean;
}

/** Starts Cupel and signals it at a point of its life; says how many cells were graded by then, and how it ended. */
async function disturb(words: readonly string[], { lines, delay, signal, group }: Point) {
  const child = execa(cupel, words, { cwd: suite.root, env: suite.env, reject: false, detached: true });
  let over = false;
  void child.finally(() => (over = true));
  while (!over && (await journal()).length < lines) await sleep(2);
  await sleep(delay);
  try {
    process.kill(group ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended
  }
  const result = await child;
  return { cells: graded(await journal()), result };
}

/** Everything that Cupel started for this suite: sandboxes name its temp folder. */
async function processes(): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(`${suite.temporary}/`));
}

/** Waits for what ends by itself; what does not is left behind. */
async function nothingLeft(): Promise<void> {
  const left = async (): Promise<string[]> => [...(await processes()), ...(await readdir(suite.temporary))];
  for (let tries = 0; tries < 500 && (await left()).length > 0; tries += 1) await sleep(20);
  expect(await left()).toEqual([]);
}

async function resumed(): Promise<Record<string, string>> {
  const [id] = await runsOf(suite);
  const { exitCode, stderr } = await execa(cupel, [...suite.words, ...(id === undefined ? [] : ['--resume', id])], {
    cwd: suite.root,
    env: suite.env,
    reject: false,
  });
  expect(stderr).not.toMatch(/fault of Cupel/);
  expect(exitCode).toBe(0);
  const [only = '', ...others] = await runsOf(suite);
  expect(others).toEqual([]);
  return artifactsOf(suite, only);
}

/** A point in the part of a run's life that belongs to `share` (0 to 1). */
function pointAt(share: number): Point {
  return {
    lines: Math.floor(share * (LINES + 1)),
    delay: random() * (length / LINES),
    signal: 'SIGKILL',
    group: random() < 0.5,
  };
}

describe('a run that is killed', () => {
  // Each kill is followed by a whole run or more; half a minute is enough for that on a busy machine.
  const patience = { timeout: 600_000 + KILLS * 30_000 };
  test(
    `at ${KILLS} random points, some of them again and again, ends with the very results of an undisturbed one, and leaves nothing behind`,
    patience,
    async () => {
      const points: number[] = [];
      // One point for each part of a run's life; some of these runs are killed again, where chance will.
      const parts = Math.ceil(KILLS * 0.7);
      const again = Array.from({ length: KILLS - parts }, () => Math.floor(random() * parts));
      for (let part = 0; part < parts; part += 1) {
        await forget();
        points.push((await disturb(suite.words, pointAt((part + random()) / parts))).cells);
        await nothingLeft();
        for (const _more of again.filter((other) => other === part)) {
          const [id] = await runsOf(suite);
          const words = [...suite.words, ...(id === undefined ? [] : ['--resume', id])];
          points.push(
            (await disturb(words, { lines: 0, delay: random() * length, signal: 'SIGKILL', group: random() < 0.5 }))
              .cells,
          );
          await nothingLeft();
        }
        expect(differences(await resumed(), undisturbed)).toEqual([]);
        await nothingLeft();
      }
      process.stdout.write(`cells graded when killed: ${points.join(' ')}\n`);
      expect(points.some((cells) => cells === 0)).toBe(true);
      expect(points.some((cells) => cells > 0 && cells < CELLS)).toBe(true);
      expect(points.some((cells) => cells === CELLS)).toBe(true);
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends with status 130, says how to go on, leaves nothing behind, and goes on to the same results',
    async (signal) => {
      // When the run has begun, when all answers are there, and when some of them are graded.
      for (const lines of [1, 1 + CELLS, 2 + CELLS]) {
        await forget();
        const { result } = await disturb(suite.words, { lines, delay: 0, signal, group: true });
        expect(result.exitCode).toBe(130);
        const [id = ''] = await runsOf(suite);
        expect(result.stderr).toContain(`--resume ${id}`);
        await nothingLeft();
        expect(differences(await resumed(), undisturbed)).toEqual([]);
      }
    },
  );
});
