import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grade } from '../../../src/domain/grading/grade.ts';
import { hostile, manyGrades, sampleExcerpts, sampleGrade, sampleRun } from '../../support/samples.ts';
import { htmlReport } from '../../../src/reporters/html/page.ts';

const browser = '/usr/bin/chromium';
const there = existsSync(browser);
if (!there)
  process.stderr.write(
    `The page is not tried in a browser: expected ${browser} (Debian: apt-get install chromium), found none.\n`,
  );

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cupel-page-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads a page and returns its document after `virtual` milliseconds; console errors and breaches of the policy fail the test. */
function loaded(page: string, hash = ''): string {
  const path = join(folder, 'report.html');
  writeFileSync(path, page);
  const url = `${pathToFileURL(path).href}${hash}`;
  const { stdout, stderr } = spawnSync(
    browser,
    [
      ...quiet,
      `--user-data-dir=${join(folder, 'profile')}`,
      '--enable-logging=stderr',
      '--virtual-time-budget=4000',
      '--dump-dom',
      url,
    ],
    {
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 100_000_000,
    },
  );
  expect(stderr.split('\n').filter((line) => line.includes('CONSOLE'))).toEqual([]);
  return stdout;
}

const pageOf = (grades: readonly Grade[], text?: string): string =>
  htmlReport(sampleRun(grades), sampleExcerpts(grades, text));

/** Puts a script into a page after the policy was taken out, to act as a reader would and to write down what is seen then. */
function acting(page: string, act: string): string {
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const last = open.lastIndexOf('</body>');
  return `${open.slice(0, last)}<script>${act}</script>${open.slice(last)}`;
}

describe.skipIf(!there)('in a browser, the page', () => {
  test('shows the matrix, opens the worst answer, and marks the finding in its line', () => {
    const dom = loaded(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', scenario: 'other' })]));
    expect(dom.match(/class="chip /g)).toHaveLength(2);
    expect(dom).toContain('2 of 2 answers');
    expect(dom).toMatch(
      /<tr class="meant"><td class="sign">▶<\/td><td class="no">2<\/td><td class="no">12<\/td><td><code><mark>print\(1\) # 2<\/mark>/,
    );
    expect(dom).toContain('$ pytest it is wrong');
    expect(dom).toContain('exit status 1, 1.5 s');
  });

  test('opens the check that its address names', () => {
    const dom = loaded(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', repeat: 2 })]), '#c1-0');
    expect(dom).toMatch(/<details class="check passed" id="c1-0" open="">/);
  });

  test('runs nothing of a hostile answer, even where its policy is gone', () => {
    const page = pageOf([sampleGrade({ text: hostile, scenario: hostile.toWellFormed() })], hostile);
    expect(loaded(page)).not.toMatch(/<img/);
    const dom = loaded(
      acting(
        page,
        "document.title = document.querySelectorAll('script').length + ' scripts, ' + document.querySelectorAll('img').length + ' images';",
      ),
    );
    expect(dom).toContain('<title>3 scripts, 0 images</title>');
  });

  test('filters and is used by keyboard', () => {
    const act = `
      const seen = [];
      const look = (what) => seen.push(what + ': ' + document.getElementById('count').textContent);
      const press = (key) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      const set = (id, value) => { const field = document.getElementById(id); field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); };
      set('verdict', 'fail'); look('fail');
      set('verdict', ''); set('status', 'failed'); set('check', 'python/build'); look('failed build');
      set('check', 'python/tests'); look('failed tests');
      set('status', ''); set('check', ''); press('/'); seen.push(document.activeElement.id); set('search', 'other NOTHING'); look('nothing');
      set('search', 'OTHER'); look('other'); press('Escape'); press('j'); seen.push(document.activeElement.parentElement.id);
      press('?'); seen.push('help ' + document.getElementById('help').open); document.getElementById('help').close();
      press('t'); seen.push(document.documentElement.dataset.theme);
      document.title = seen.join(' | ');`;
    const dom = loaded(acting(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', scenario: 'other' })]), act));
    expect(/<title>(.*?)<\/title>/.exec(dom)?.[1]).toBe(
      'fail: 1 of 2 answers | failed build: 0 of 2 answers | failed tests: 1 of 2 answers | search | nothing: 0 of 2 answers | other: 1 of 2 answers | c1 | help true | light',
    );
  });

  test('of 600 answers is there whole, and filters all of them', () => {
    const act = `
      const field = document.getElementById('search');
      field.value = 'scenario-7 found';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.title = document.getElementById('count').textContent;`;
    const dom = loaded(
      acting(pageOf(manyGrades(600), 'a line of code that is as long as most lines of code are'), act),
    );
    expect(dom.match(/<details class="cell /g)).toHaveLength(600);
    expect(/<title>(.*?)<\/title>/.exec(dom)?.[1]).toMatch(/^\d+ of 600 answers$/);
  });
});
