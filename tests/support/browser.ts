import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { chromium, quietOptions } from './chromium.ts';

/** Whether pages can be tried in a browser here; says what is missing when they cannot. */
export const hasBrowser = existsSync(chromium);
if (!hasBrowser)
  process.stderr.write(
    `Pages are not tried in a browser: expected ${chromium} (Debian: apt-get install chromium), found none.\n`,
  );

/**
 * Loads a page from disk and returns its document after its scripts ran. Console errors and breaches of its policy fail
 * the test.
 */
export function loaded(page: string, hash = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-page-'));
  try {
    const path = join(folder, 'page.html');
    writeFileSync(path, page);
    const { stdout, stderr } = spawnSync(
      chromium,
      [
        ...quietOptions,
        `--user-data-dir=${join(folder, 'profile')}`,
        '--enable-logging=stderr',
        '--virtual-time-budget=4000',
        '--dump-dom',
        `${pathToFileURL(path).href}${hash}`,
      ],
      { encoding: 'utf8', timeout: 120_000, maxBuffer: 200_000_000 },
    );
    expect(stderr.split('\n').filter((line) => line.includes('CONSOLE'))).toEqual([]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Adds a script to a page, and takes the policy away that would stop it: it acts as a reader would and writes down what
 * is seen.
 */
export function withScript(page: string, script: string): string {
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const last = open.lastIndexOf('</body>');
  return `${open.slice(0, last)}<script>${script}</script>${open.slice(last)}`;
}

/** The title of a document; empty when it has none. */
export const titleOf = (dom: string): string => /<title>(.*?)<\/title>/.exec(dom)?.[1] ?? '';

/**
 * Code with which a script acts as a reader: `press` a key, `set` a field, and `look`, which adds how many rows are
 * left to `seen`.
 */
export const reader = `
const seen = [];
const look = (what) => seen.push(what + ': ' + document.getElementById('count').textContent);
const press = (key) =>
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
const set = (id, value) => {
  const field = document.getElementById(id);
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};`;
