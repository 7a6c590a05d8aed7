import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { baseOf } from '../../../tools/verdicts/base.ts';
import type { Git } from '../../../tools/verdicts/base.ts';

let folder = '';

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];

function make(where: string, ...words: string[]): string {
  return execFileSync('git', [...identity, ...words], { cwd: where, encoding: 'utf8' }).trim();
}

/** Commits a file, and gives the revision. */
function commit(where: string, name: string, text: string): string {
  writeFileSync(join(where, name), text);
  make(where, 'add', '.');
  make(where, 'commit', '--quiet', '--message', `${name}: ${text}`);
  return make(where, 'rev-parse', 'HEAD');
}

const gitIn =
  (where: string): Git =>
  (...words) => {
    const { status, stdout } = spawnSync('git', words, { cwd: where, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cupel-ledger-'));
  make(folder, 'init', '--quiet', '--initial-branch', 'main', 'origin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the ledger is held against', () => {
  test('is the ledger where a branch left main, also in a clone that has no branch main of its own', () => {
    const origin = join(folder, 'origin');
    const left = commit(origin, 'ledger.yaml', 'before');
    make(origin, 'checkout', '--quiet', '-b', 'change');
    commit(origin, 'ledger.yaml', 'turned');
    commit(origin, 'other.txt', 'later');
    expect(baseOf('ledger.yaml', gitIn(origin))).toEqual({ revision: left, text: 'before' });
    make(folder, 'clone', '--quiet', '--branch', 'change', 'origin', 'clone');
    expect(baseOf('ledger.yaml', gitIn(join(folder, 'clone')))).toEqual({ revision: left, text: 'before' });
  });

  test('is on main the one before the last change of the ledger', () => {
    const origin = join(folder, 'origin');
    const before = commit(origin, 'ledger.yaml', 'before');
    commit(origin, 'ledger.yaml', 'turned');
    commit(origin, 'other.txt', 'later');
    expect(baseOf('ledger.yaml', gitIn(origin))).toEqual({ revision: before, text: 'before' });
  });

  test('is missing, with the reason, in a shallow clone, without a commit, without git and without a ledger', () => {
    const origin = join(folder, 'origin');
    const none = { missing: expect.stringContaining('expected a branch main or an earlier commit') as string };
    expect(baseOf('ledger.yaml', gitIn(origin))).toEqual(none);
    expect(baseOf('ledger.yaml', () => null)).toEqual(none);
    commit(origin, 'other.txt', 'first');
    commit(origin, 'ledger.yaml', 'turned');
    expect(baseOf('ledger.yaml', gitIn(origin))).toEqual({ missing: expect.stringContaining('no ledger') as string });
    make(folder, 'clone', '--quiet', '--depth', '1', `file://${origin}`, 'shallow');
    expect(baseOf('ledger.yaml', gitIn(join(folder, 'shallow')))).toEqual(none);
  });
});
