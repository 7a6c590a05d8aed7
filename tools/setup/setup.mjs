// Sets up what a fresh machine lacks, then starts a program of this project with the pinned Node.
// Plain JavaScript for any Node from 20 on, and nothing imported from node_modules: there may be none yet.
// Usage: node tools/setup/setup.mjs cupel run | test [FILE] | test:fast | vitest run | live | check | conformance
// FOLDER | bench NAME | picture [RUN]
//        | compare-verdicts BEFORE AFTER | ledger | figures | package
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.cupel-setup');

/** Ends with a message that says what to do. */
function giveUp(message) {
  process.stderr.write(`cupel setup: ${message}\n`);
  process.exit(2);
}

/** Runs a program in sight of the user; false when it failed. */
function run(command, ...words) {
  return spawnSync(command, words, { cwd: root, stdio: 'inherit' }).status === 0;
}

/** Whether a program can be started and says that it is well. */
function works(command, ...words) {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}

/** Package managers, with the words that install from them. */
const managers = [
  ['apt-get', ['install', '-y', '-q', '--no-install-recommends']],
  ['dnf', ['install', '-y', '-q']],
  ['apk', ['add', '-q']],
  ['pacman', ['-S', '--noconfirm', '--needed']],
];

/** Installs a system package when we may; otherwise says what to install. */
function systemPackage(name, needed) {
  const manager = managers.find(([command]) => works(command, '--version'));
  if (process.getuid?.() !== 0 || manager === undefined) {
    giveUp(
      `expected ${needed}, found none; install the system package ${name} (Debian, Ubuntu: sudo apt-get install ${name}), then start again.`,
    );
  }
  const [command, words] = manager;
  process.stdout.write(`cupel setup: installing ${name} with ${command}\n`);
  if (command === 'apt-get') spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
  if (spawnSync(command, [...words, name], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) {
    giveUp(`${command} could not install ${name}; install it by hand, then start again.`);
  }
}

function installModules() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stdout.write('cupel setup: installing packages\n');
  // Not `npm ci`: it refuses a lock that lacks optional packages of other platforms, and not every registry has those.
  const install = () =>
    run('npm', 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  // A network may fail for a moment: once more before giving up.
  if (!install() && !install()) {
    giveUp('npm install failed (see above); expected npm and a package registry in reach.');
  }
  const link = join(modules, '.bin', 'cupel');
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'src', 'cli', 'cupel'), link);
  writeFileSync(stamp, lock);
}

if (process.platform !== 'linux')
  giveUp(`expected Linux, found ${process.platform}; the sandbox needs Linux namespaces.`);
installModules();
if (!works('bwrap', '--version')) systemPackage('bubblewrap', 'bubblewrap (bwrap)');
if (works('/usr/bin/python3.11', '--version') && !works('/usr/bin/python3.11', '-m', 'pip', '--version')) {
  systemPackage('python3-pip', 'pip for Python 3.11');
}

const node = join(modules, '.bin', 'node');
const bin = (name) => join(modules, '.bin', name);
const vitest = [node, join(modules, 'vitest', 'vitest.mjs'), '--config', 'tools/setup/vitest.config.ts'];
const [name = '', ...words] = process.argv.slice(2);
const namesFile = words.some((word) => word.startsWith('tests'));
/** Levels of tests: how often properties are tried depends on it (tests/support/levels.ts). */
const levels = { test: namesFile ? 'all' : 'test', 'test:fast': 'fast' };

const programs = {
  cupel: [[join(root, 'src', 'cli', 'cupel')]],
  // Every test, at every level: what a build server runs.
  vitest: [[...vitest]],
  // Every behaviour once. With the name of a file, the tests of that file, whatever their level.
  test: [
    [...vitest, 'run', ...(namesFile ? [] : ['--project', 'fast', '--project', 'grading', '--project', 'programs'])],
  ],
  // Pure code alone: no tool, no sandbox.
  'test:fast': [[...vitest, 'run', '--project', 'fast']],
  // Asks a real model on loopback, which is built first: minutes the first time.
  live: [[node, join(modules, 'vitest', 'vitest.mjs'), 'run', '--config', 'tools/live/vitest.config.ts']],
  // Measures Cupel itself.
  bench: [[node, '--disable-warning=ExperimentalWarning', 'tools/bench/main.ts']],
  // Measures extraction and the prompt loaders on a folder of other people's answers and prompts, no part of the
  // project.
  conformance: [[node, 'tools/corpora/main.ts']],
  // Prints sizes, widths and the graph of imports; --write keeps them in docs/figures.md.
  figures: [[node, 'tools/figures/main.ts']],
  // Makes dist/, the npm package: pack it with `npm pack ./dist`.
  package: [[node, 'tools/package/build.ts']],
  // Says what two runs say differently: verdicts, scores, facts and findings.
  'compare-verdicts': [[node, 'tools/verdicts/main.ts']],
  // Holds the verdicts of recordings and specimens to a file that is committed.
  ledger: [[node, 'tools/verdicts/keep-ledger.ts']],
  // Makes docs/report.png of a run, with Chromium.
  picture: [[node, 'tools/picture/picture.mjs']],
  check: [
    [bin('tsc'), '--noEmit', '-p', '.'],
    [bin('oxfmt'), '--check', 'src', 'runners', 'tests', 'tools'],
    [bin('oxlint'), '--type-aware', '--deny-warnings', 'src', 'runners', 'tests', 'tools'],
    [node, join(modules, 'knip', 'bin', 'knip.js')],
  ],
};
if (!(name in programs)) giveUp(`expected one of ${Object.keys(programs).join(', ')}, found ${name || 'nothing'}.`);

// A signal reaches the program through the terminal's process group: it decides how to end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
for (const [command, ...fixed] of programs[name]) {
  const { status, signal } = spawnSync(command, [...fixed, ...words], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(modules, '.bin')}:${process.env.PATH}`,
      CUPEL_TEST_LEVEL: process.env.CUPEL_TEST_LEVEL ?? levels[name] ?? 'all',
    },
  });
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 3));
}
