import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { question, sampleCells, sampleSummary } from '../../../src/compare/samples.ts';
import type { Comparison } from '../../../src/domain/runs/comparison.ts';
import { gateSchema } from '../../../src/domain/runs/gate.ts';
import { hostile } from '../../support/samples.ts';
import { comparisonMarkdown } from '../../../src/reporters/comparison/markdown.ts';
import { comparisonPage } from '../../../src/reporters/comparison/page.ts';
import { comparisonText } from '../../../src/reporters/comparison/text.ts';

const gate = gateSchema.parse({ hard: ['finding:bandit *'], limits: { cost: 1.25 } });
const made = (scenarios: number, repeats: number, evil = ''): Comparison => {
  const side = (prompt: string, failing: number) =>
    sampleSummary(
      prompt,
      sampleCells(scenarios, repeats, prompt, (scenario, repeat) => ({
        scenario: `s${scenario}${evil}`,
        pass: (scenario + repeat) % 7 >= failing,
        costUsd: 0.1 + 0.01 * (repeat % 3) * failing,
        findings: [
          `ruff E${scenario % 9}`,
          ...(failing > 1 && scenario === 0 && repeat === 0 ? [`bandit B608${evil.replaceAll(' ', '')}`] : []),
        ],
      })),
    );
  const texts = {
    prompts: new Map([
      ['hash of p@1', `Write code.${evil}`],
      ['hash of p@2', 'Write better code.'],
    ]),
    resolutions: null,
  };
  return compare(question(side('p@1', 1), side('p@2', 3), { gate, texts }));
};

const browser = '/usr/bin/chromium';
const there = existsSync(browser);
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
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cupel-comparison-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads a page and returns its document; console errors and breaches of the policy fail the test. */
function loaded(page: string): string {
  const path = join(folder, 'comparison.html');
  writeFileSync(path, page);
  const { stdout, stderr } = spawnSync(
    browser,
    [
      ...quiet,
      `--user-data-dir=${join(folder, 'profile')}`,
      '--enable-logging=stderr',
      '--virtual-time-budget=4000',
      '--dump-dom',
      pathToFileURL(path).href,
    ],
    { encoding: 'utf8', timeout: 120_000, maxBuffer: 200_000_000 },
  );
  expect(stderr.split('\n').filter((line) => line.includes('CONSOLE'))).toEqual([]);
  return stdout;
}

/** Puts a script into a page after the policy was taken out, to act as a reader would and to write down what is seen then. */
function acting(page: string, act: string): string {
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const last = open.lastIndexOf('</body>');
  return `${open.slice(0, last)}<script>${act}</script>${open.slice(last)}`;
}
const titleOf = (dom: string): string => /<title>(.*?)<\/title>/.exec(dom)?.[1] ?? '';

describe('a comparison in every format', () => {
  test('says verdict and reason first, then what changed, then dimensions, then scenarios', () => {
    const shown = made(10, 5);
    const order = [/worse|enough|better/, /pass:/, /gate/, /p@1 → p@2/, /cost/, /bandit B608/, /s0/];
    for (const text of [
      comparisonText(shown),
      comparisonMarkdown(shown),
      comparisonPage(shown, new Map()).replace(/<style>[\s\S]*?<\/style>/, ''),
    ]) {
      for (const part of order) expect(text).toMatch(part);
      expect(text.search(/pass:/)).toBeLessThan(text.search(/Dimension by dimension|dimension {2}/));
    }
  });

  test('lets nothing of an answer be markup or command a terminal', () => {
    const evil = ` ${hostile.toWellFormed()}`;
    const shown = made(3, 2, evil);
    const page = comparisonPage(shown, new Map([[`p@1/${shown.rows[0]?.baseCells[0]?.key ?? ''}`, hostile]]));
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<img/);
    expect(comparisonText(shown)).not.toMatch(/[\u001b\u202e\u0000]/);
    expect(comparisonMarkdown(shown)).not.toMatch(/^<\/script>|\n<img/);
  });

  test('needs nothing but itself: the page names no address', () => {
    expect(comparisonPage(made(4, 2), new Map()).replaceAll('http-equiv', '')).not.toMatch(
      /(?:src|href)="(?!#)|https?:\/\//,
    );
  });
});

describe.skipIf(!there)('in a browser, the page of a comparison', () => {
  test('opens a scenario with both sides, and shows the answers side by side', () => {
    const shown = made(6, 2);
    const [row] = shown.rows;
    const answers = new Map([
      [`p@1/${row?.baseCells[0]?.key}`, 'text of the base'],
      [`p@2/${row?.headCells[0]?.key}`, 'text of the head'],
    ]);
    const act = `
      const row = document.getElementById('s0');
      row.open = true;
      setTimeout(() => {
        const texts = row.querySelector('.texts');
        texts.open = true;
        setTimeout(() => { document.title = [...row.querySelectorAll('.pair pre')].map((pre) => pre.textContent).join(' | ') + ' | ' + row.querySelectorAll('.answers > li').length + ' answers, ' + document.querySelectorAll('svg.forest').length + ' plots'; }, 50);
      }, 50);`;
    expect(titleOf(loaded(acting(comparisonPage(shown, answers), act)))).toBe(
      'text of the base | text of the head | 4 answers, 2 plots',
    );
  });

  test('filters and is used by keyboard', () => {
    const act = `
      const seen = [];
      const look = (what) => seen.push(what + ': ' + document.getElementById('count').textContent);
      const press = (key) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      const set = (id, value) => { const field = document.getElementById(id); field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); };
      set('move', '-1'); look('fewer'); set('move', '1'); look('more'); set('move', '');
      press('/'); seen.push(document.activeElement.id); set('search', 'ruff e3'); look('found'); press('Escape');
      press('j'); seen.push(document.activeElement.parentElement.className); press('?'); seen.push('help ' + document.getElementById('help').open); document.getElementById('help').close();
      press('t'); seen.push(document.documentElement.dataset.theme);
      document.title = seen.join(' | ');`;
    expect(titleOf(loaded(acting(comparisonPage(made(6, 1), new Map()), act)))).toMatch(
      /^fewer: \d of 6 scenarios \| more: 0 of 6 scenarios \| search \| found: 1 of 6 scenarios \| cell scenario \w+ \| help true \| light$/,
    );
  });

  test('with 10,000 answers is there and filters', () => {
    const page = comparisonPage(made(500, 10), new Map());
    const act = `
      const field = document.getElementById('search');
      const times = ['s', 's4', 'ruff e3', 'nothing of the kind', ''].map((text) => {
        const before = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        document.body.offsetHeight;
        return Math.round(performance.now() - before) + ' ms ' + document.getElementById('count').textContent;
      });
      document.title = times.join(' | ');`;
    const told = titleOf(loaded(acting(page, act)));
    process.stderr.write(`10,000 answers, ${(page.length / 1e6).toFixed(1)} MB: ${told}\n`);
    expect(told.replaceAll(/\d+ ms /g, '')).toMatch(
      /^500 of 500 scenarios \| \d+ of 500 scenarios \| 5[56] of 500 scenarios \| 0 of 500 scenarios \| 500 of 500 scenarios$/,
    );
  });
});
