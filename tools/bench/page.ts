/**
 * How large the page of a large run is, and how soon a browser shows and filters it: `npm run bench -- page [--write]`.
 * Needs Chromium.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { catalog } from '../../src/app/services/checks.ts';
import { pageAssets } from '../../src/reporters/html/assets.ts';
import { htmlReport } from '../../src/reporters/html/page.ts';
import { chromium, quietOptions } from '../../tests/support/chromium.ts';
import { manyGrades, sampleExcerpts, sampleRun } from '../../tests/support/samples.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { median, milliseconds, print } from './measure.ts';

const CELLS = 600;
const ROUNDS = 3;

/** What the browser measured of a page, in milliseconds. */
interface Figures {
  firstPaint: number;
  ready: number;
  slowestFilter: number;
}

/** What is done in the page: wait for the first paint, type into the search, tell. */
const act = (port: number): string => `
new PerformanceObserver((list, observer) => {
  const paint = list.getEntriesByName('first-contentful-paint')[0];
  if (paint === undefined) return;
  observer.disconnect();
  const field = document.getElementById('search');
  const times = ['e', 'ex', 'expected 3', 'scenario-7 found', ''].map((text) => {
    const before = performance.now();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.body.offsetHeight;
    return performance.now() - before;
  });
  const ready = performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
  fetch('http://127.0.0.1:${port}/', { method: 'POST', mode: 'no-cors', body: JSON.stringify({ firstPaint: paint.startTime, ready, slowestFilter: Math.max(...times) }) });
}).observe({ type: 'paint', buffered: true });`;

/** Opens a page from disk and resolves with what its script tells. */
async function opened(page: string, folder: string): Promise<Figures> {
  const told = Promise.withResolvers<Figures>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      response.end();
      told.resolve(JSON.parse(body) as Figures);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const path = join(folder, 'report.html');
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const last = open.lastIndexOf('</body>');
  writeFileSync(
    path,
    `${open.slice(0, last)}<script>${act((server.address() as AddressInfo).port)}</script>${open.slice(last)}`,
  );
  const started = execa(
    chromium,
    [
      ...quietOptions,
      '--remote-debugging-port=0',
      `--user-data-dir=${join(folder, 'profile')}`,
      pathToFileURL(path).href,
    ],
    { reject: false, timeout: 120_000 },
  );
  void started.then(({ stderr }) =>
    told.reject(new Error(`the browser ended before it told anything: ${stderr.slice(-500)}`)),
  );
  try {
    return await told.promise;
  } finally {
    started.kill();
    await started;
    server.close();
  }
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  if (!existsSync(chromium)) throw new Error(`expected ${chromium}, found none; install the system package chromium`);
  const grades = manyGrades(CELLS);
  const page = htmlReport(
    sampleRun(grades),
    sampleExcerpts(grades, 'a line of code that is as long as most lines of code are'),
    await pageAssets('run'),
    catalog,
  );
  const folder = mkdtempSync(join(tmpdir(), 'cupel-bench-page-'));
  try {
    const rounds: Figures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await opened(page, folder));
    const of = (pick: (figures: Figures) => number): string => milliseconds(median(rounds.map(pick)));
    const rows = [
      ['what', 'measured', 'asked'],
      ['size', `${(Buffer.byteLength(page) / 1_000_000).toFixed(1)} MB`, 'under 10 MB'],
      ['first paint', of(({ firstPaint }) => firstPaint), 'under 1 s'],
      ['document there and script done', of(({ ready }) => ready), ''],
      ['slowest of five filters, with layout', of(({ slowestFilter }) => slowestFilter), 'no lag'],
    ];
    print(
      'page',
      'The page of a run',
      `${markdownTable(rows)}\n\n${CELLS} made-up answers, opened from disk in headless Chromium; medians of ${ROUNDS}.`,
      words.includes('--write'),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
