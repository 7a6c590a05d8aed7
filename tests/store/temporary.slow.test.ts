import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { printed, storeProcess } from '../support/processes.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cupel-parent-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** A process with a temp folder and a file in it, until its input ends. */
const owner = `
const { ownTemporaryFolder } = await from('state/temporary.ts');
const { mkdtempSync } = await import('node:fs');
const { tmpdir } = await import('node:os');
await ownTemporaryFolder();
mkdtempSync(tmpdir() + '/inside-');
console.log('has ' + tmpdir());
for await (const _ of process.stdin);`;

const start = () => storeProcess(owner, [], { TMPDIR: parent });

describe('the temp folder of a process', () => {
  test('holds all that is temporary, and is gone when the process has ended', async () => {
    const child = start();
    await printed(child, 'has ');
    const [folder = ''] = await readdir(parent);
    expect(await readdir(join(parent, folder))).toEqual([expect.stringMatching(/^inside-/), 'lock']);
    child.stdin.end();
    expect((await child).exitCode).toBe(0);
    expect(await readdir(parent)).toEqual([]);
  });

  test('goes away when the process is killed, too', async () => {
    const child = start();
    await printed(child, 'has ');
    child.kill('SIGKILL');
    await child;
    while ((await readdir(parent)).length > 0) await sleep(20);
  });

  test('goes away when the process is killed while it makes it, too', async () => {
    const child = start();
    while ((await readdir(parent)).length === 0) await sleep(1);
    child.kill('SIGKILL');
    await child;
    while ((await readdir(parent)).length > 0) await sleep(20);
  });

  test('is removed by the next process when nobody was left to do it, and that of a running one stays', async () => {
    await mkdir(join(parent, 'cupel-temp-left', 'inside'), { recursive: true });
    await writeFile(join(parent, 'cupel-temp-left', 'lock'), '');
    const [first, second] = [start(), start()];
    await Promise.all([printed(first, 'has '), printed(second, 'has ')]);
    expect(existsSync(join(parent, 'cupel-temp-left'))).toBe(false);
    expect(await readdir(parent)).toHaveLength(2);
    first.stdin.end();
    second.stdin.end();
    await Promise.all([first, second]);
  });
});
