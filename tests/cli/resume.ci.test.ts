import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import type { Results } from '../../src/domain/runs/run.ts';
import { sha256 } from '../../src/store/files/hash.ts';
import { hasGo } from '../support/go.ts';

const cupel = 'src/cli/cupel';
const runs = 'reports/runs';
const words = ['run', '--scenario', 'rate-limiter'];
const made: string[] = [];

afterEach(async () => {
  for (const id of made.splice(0)) await rm(join(runs, id), { recursive: true, force: true });
});

const graded = async (id: string): Promise<string[]> =>
  (await readFile(join(runs, id, 'journal.ndjson'), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line.includes('"event":"graded"'));

/** Starts a run and waits until it has graded a number of cells; its id and its process. */
async function startUntil(cells: number, more: string[] = []) {
  const child = execa(cupel, [...words, ...more], { reject: false });
  const id = await new Promise<string>((resolve) => {
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      const own = /^run (\S+): /m.exec(said)?.[1];
      if (own !== undefined) resolve(own);
    });
  });
  made.push(id);
  while ((await graded(id)).length < cells) await sleep(20);
  return { id, child };
}

async function resume(id: string): Promise<Results> {
  const { stdout, exitCode } = await execa(cupel, [...words, '--resume', id, '--format', 'json'], { reject: false });
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Results;
}

/** What a run says, without what differs from start to start: times, and the key from which lots are drawn. */
function saying({ grades, fingerprints }: Results): unknown {
  return JSON.parse(
    JSON.stringify({ grades, fingerprints }, (key, value: unknown) =>
      ['durationMs', 'cpuMs', 'evidence', 'lots'].includes(key) ? undefined : value,
    ),
  );
}

// Its answers are in Go.
describe.skipIf(!hasGo)('a run of rate-limiter that was killed', () => {
  test('goes on where it was: rate-limiter results equal those of an undisturbed run, and nothing is graded twice', async () => {
    const whole = await startUntil(2);
    await whole.child;
    const undisturbed = JSON.parse(await readFile(join(runs, whole.id, 'results.json'), 'utf8')) as Results;
    for (const cells of [0, 1]) {
      const { id, child } = await startUntil(cells, ['--no-cache']);
      child.kill('SIGKILL');
      await child;
      const done = await graded(id);
      expect(saying(await resume(id))).toEqual(saying(undisturbed));
      expect((await graded(id)).slice(0, done.length)).toEqual(done);
      expect(await graded(id)).toHaveLength(2);
    }
  });

  test('is refused while it runs: a second start of rate-limiter ends with status 2 and says who has it', async () => {
    const { id, child } = await startUntil(0, ['--no-cache']);
    const second = await execa(cupel, [...words, '--resume', id], { reject: false });
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toMatch(/in use by process \d+/);
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(130);
  });

  test('says which grade of rate-limiter is damaged, and grades it again', async () => {
    const { id, child } = await startUntil(2);
    await child;
    const [file] = await readdir(join(runs, id, 'grades'));
    const path = join(runs, id, 'grades', file ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"verdict": "pass"', '"verdict": "fail"'));
    const { stderr, exitCode } = await execa(cupel, [...words, '--resume', id], { reject: false });
    expect(stderr).toMatch(/is damaged \(grades\); it is graded again/);
    expect(exitCode).toBe(0);
    expect(await readFile(path, 'utf8')).toContain('"verdict": "pass"');
  });

  test('does not go on with grades that other versions of the tools made: rate-limiter is graded again', async () => {
    const { id, child } = await startUntil(2);
    await child;
    const journal = join(runs, id, 'journal.ndjson');
    const older = (line: string): string => {
      const body = line
        .replace(/"staticcheck":"[^"]+"/, '"staticcheck":"0.0.1"')
        .replace(/,"sum":"[0-9a-f]{16}"\}$/, '}');
      return line.includes('"staticcheck"') ? `${body.slice(0, -1)},"sum":"${sha256(body).slice(0, 16)}"}` : line;
    };
    await writeFile(journal, (await readFile(journal, 'utf8')).split('\n').map(older).join('\n'));
    const { stderr, exitCode } = await execa(cupel, [...words, '--resume', id], { reject: false });
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/damaged/);
    expect(await graded(id)).toHaveLength(4);
  });

  test('is not resumed with other cells than rate-limiter', async () => {
    const { id, child } = await startUntil(2);
    await child;
    const other = await execa(cupel, ['run', '--resume', id], { reject: false });
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.stderr).toMatch(/expected the suite and the cells that it was started with/);
  });
});
