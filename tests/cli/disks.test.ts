import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Results } from '../../src/domain/runs/run.ts';
import { artifactsOf, cupel, differences, runsOf, smallSuite } from '../support/small-suite.ts';
import type { SmallSuite } from '../support/small-suite.ts';

/** Mounts need a namespace of mounts, which only root may make without further ado. */
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

let suite: SmallSuite;
let undisturbed: Record<string, string>;

beforeAll(async () => {
  suite = await smallSuite();
  await execa(cupel, suite.words, { cwd: suite.root, env: suite.env });
  const [id = ''] = await runsOf(suite);
  undisturbed = await artifactsOf(suite, id);
});
afterAll(() => rm(suite.root, { recursive: true, force: true }));
beforeEach(async () => {
  for (const gone of ['reports', '.cupel/verdicts']) await rm(join(suite.root, gone), { recursive: true, force: true });
});

/**
 * Runs shell lines in a private namespace of mounts: `cupel …` runs the suite and notes its status and messages, as
 * `<name>.status` and `<name>.said`.
 */
async function inNamespace(script: string): Promise<Record<string, { status: number; said: string }>> {
  const prelude = `
set -e
cupel() { name=$1; shift; '${cupel}' ${suite.words.join(' ')} "$@" >'${suite.root}/tmp/out' 2>"${suite.root}/tmp/$name.said" && code=0 || code=$?; echo "$name $code" >>'${suite.root}/tmp/statuses'; }
fill() { cat /dev/zero >"$1/filler" 2>/dev/null || true; }
`;
  await rm(join(suite.temporary, 'statuses'), { force: true });
  const result = await execa('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', prelude + script], {
    cwd: suite.root,
    env: suite.env,
    reject: false,
  });
  expect(result.stderr).toBe('');
  const lines = (await readFile(join(suite.temporary, 'statuses'), 'utf8')).trim().split('\n');
  return Object.fromEntries(
    await Promise.all(
      lines.map(async (line) => {
        const [name = '', status] = line.split(' ');
        return [
          name,
          { status: Number(status), said: await readFile(join(suite.temporary, `${name}.said`), 'utf8') },
        ] as const;
      }),
    ),
  );
}

async function resumed(): Promise<string[]> {
  const [id = ''] = await runsOf(suite);
  return differences(await artifactsOf(suite, id), undisturbed);
}

describe.skipIf(!mayMount)('a run (as root, with mounts of its own)', () => {
  test('on a full disk ends with status 3, says what is full and what to do, and goes on when there is room', async () => {
    const small = join(suite.root, 'reports');
    const { full, again, room } = await inNamespace(`
mkdir -p reports/runs
mount -t tmpfs -o size=1m tmpfs reports
mkdir reports/runs
fill reports
cupel full
id=$(ls reports/runs)
cupel again --resume $id
rm reports/filler
cupel room --resume $id
cp -a reports/runs kept
umount reports
cp -a kept/. reports/runs
rm -r kept`);
    for (const refused of [full, again]) {
      expect(refused?.said).toMatch(/found that its disk is full; make room .* \(ENOSPC\)/);
      expect(refused?.said).toContain(small);
      expect(refused?.said).toMatch(/go on with: .*--resume \S+$/m);
      expect(refused?.status).toBe(3);
    }
    expect(room).toMatchObject({ status: 0, said: '' });
    expect(await resumed()).toEqual([]);
  });

  test('whose disk fills up on the way keeps what is whole, ends with status 3, and goes on when there is room', async () => {
    // Room for a part of the artifacts: each size ends the run somewhere else.
    for (const kilobytes of [24, 60, 100, 160]) {
      await rm(join(suite.root, 'reports'), { recursive: true, force: true });
      const { first, room } = await inNamespace(`
mkdir -p reports
mount -t tmpfs -o size=${kilobytes}k tmpfs reports
cupel first
id=$(ls reports/runs)
mount -o remount,size=64m reports
cupel room --resume $id
cp -a reports/runs kept
umount reports
mkdir -p reports/runs
cp -a kept/. reports/runs
rm -r kept`);
      expect([kilobytes, first?.status, first?.said]).toEqual([
        kilobytes,
        3,
        expect.stringMatching(/its disk is full/),
      ]);
      expect([kilobytes, room?.status]).toEqual([kilobytes, 0]);
      expect(await resumed()).toEqual([]);
    }
  });

  test('with a full state folder blames no answer: nothing fails that passed before, and verdicts that cannot be kept are said', async () => {
    const { full, room } = await inNamespace(`
mkdir -p .cupel/verdicts .cupel/resolutions .cupel/history
for part in verdicts resolutions history; do mount -t tmpfs -o size=64k tmpfs .cupel/$part; fill .cupel/$part; done
cupel full
for part in verdicts resolutions history; do umount .cupel/$part; done
cupel room --resume $(ls reports/runs)`);
    expect(full?.said).toMatch(/verdicts cannot be kept.*ENOSPC/);
    expect(room?.status).toBe(0);
    expect(await resumed()).toEqual([]);
  });

  test('whose state folder is on a full disk takes no failure for the answer’s: it is ungraded, and graded when there is room', async () => {
    const { full, room } = await inNamespace(`
mkdir whole && mount --bind .cupel whole
mount -t tmpfs -o size=300m tmpfs .cupel
cp -a whole/. .cupel
fill .cupel
cupel full
cp reports/runs/*/results.json tmp/full.json
umount .cupel
cupel room --resume $(ls reports/runs)
umount whole && rmdir whole`);
    expect(full?.status).toBe(3);
    const { grades } = JSON.parse(await readFile(join(suite.temporary, 'full.json'), 'utf8')) as Results;
    expect(grades.map(({ verdict }) => verdict)).not.toContain('fail');
    expect(grades.flatMap(({ reasons }) => reasons).join('\n')).toMatch(/the disk of \S+ is full .* make room/);
    expect(room?.status).toBe(0);
    expect(await resumed()).toEqual([]);
  });

  test.each([
    ['state', '.cupel', /--state names another/],
    ['reports', 'reports', /make it writable/],
  ])(
    'with a read-only %s folder ends with status 3 and says so, and runs when it can be written',
    async (_what, folder, remedy) => {
      const { refused, again } = await inNamespace(`
mkdir -p ${folder}
mount --bind ${folder} ${folder}
mount -o remount,bind,ro ${folder}
cupel refused
umount ${folder}
cupel again`);
      expect(refused?.said).toMatch(/a file system that is read-only/);
      expect(refused?.said).toMatch(remedy);
      expect(refused?.said).toContain(join(suite.root, folder));
      expect(refused?.status).toBe(3);
      expect(again?.status).toBe(0);
      expect(await resumed()).toEqual([]);
    },
  );
});

describe('a size of the state folder that is none', () => {
  test('is refused with status 2', async () => {
    const { exitCode, stderr } = await execa(cupel, [...suite.words, '--state-size', 'much'], {
      cwd: suite.root,
      env: suite.env,
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([2, 'cupel: --state-size: expected a size such as 10GB or 500MB, found much.']);
  });
});
