// Makes a picture of a run's page with Chromium: docs/report.png, which the README shows.
// Usage: npm run picture -- [run] [--out FILE] [--width PIXELS] [--height PIXELS] [--dark] [--at '#c0-1']
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { quietOptions } from '../../tests/support/chromium.ts';

const root = join(import.meta.dirname, '..', '..');
const runs = join(root, 'reports', 'runs');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(root, 'docs', 'report.png') },
    width: { type: 'string', default: '1180' },
    height: { type: 'string', default: '1400' },
    at: { type: 'string', default: '' },
    dark: { type: 'boolean', default: false },
  },
});

function giveUp(message) {
  process.stderr.write(`cupel picture: ${message}\n`);
  process.exit(2);
}

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (browser === undefined) giveUp('expected Chromium, found none; install the system package chromium.');

const hasPage = (id) => existsSync(join(runs, id, 'report.html'));
const id = positionals[0] ?? (existsSync(runs) ? readdirSync(runs).sort().findLast(hasPage) : undefined);
if (id === undefined || !hasPage(id))
  giveUp(
    `expected a run with report.html below reports/runs, found ${id ?? 'none'}; npm start makes one, npx cupel report ${id ?? '<run>'} --open makes it again.`,
  );

const profile = mkdtempSync(join(tmpdir(), 'cupel-picture-'));
const out = resolve(values.out);
const { stderr } = spawnSync(
  browser,
  [
    ...quietOptions,
    '--hide-scrollbars',
    `--user-data-dir=${profile}`,
    `--window-size=${values.width},${values.height}`,
    `--blink-settings=preferredColorScheme=${values.dark ? 0 : 1}`,
    `--screenshot=${out}`,
    `${pathToFileURL(join(runs, id, 'report.html')).href}${values.at}`,
  ],
  { encoding: 'utf8', timeout: 60_000 },
);
rmSync(profile, { recursive: true, force: true });
if (!existsSync(out) || Date.now() - statSync(out).mtimeMs > 60_000)
  giveUp(`expected ${browser} to write ${out}, found: ${stderr}`);
process.stdout.write(`${out} (${Math.round(statSync(out).size / 1024)} KB)\n`);
