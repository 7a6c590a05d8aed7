/**
 * Makes dist/, which is the npm package: compiled JavaScript with declarations, and beside it what programs read.
 * Usage: node tools/package/build.ts
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundleScript } from '../../src/reporters/html/bundle.ts';
import { manifestOf, shrinkwrapOf } from './manifest.ts';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');
const html = join(dist, 'src', 'reporters', 'html');

/** Scenarios that come along as examples, without the answers whose verdicts are known. */
const examples = ['evals/rate-limiter', 'evals/statement-reconcile'];

/** Whether a file is read as it is, at run time or by tools in the sandbox, instead of being compiled. */
const isAsset = (path: string): boolean =>
  (!/\.[cm]?ts$/.test(path) || path.endsWith('.d.ts')) && !path.endsWith('README.md') && !path.includes('__pycache__');

const isExample = (path: string): boolean => /\/(?:scenario|contract)\.yaml$/.test(path);

/** Copies files below a folder of the checkout to the same place in dist/. */
function copy(folder: string, wanted: (path: string) => boolean): void {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.filter(wanted)) {
    const target = join(dist, relative(root, path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
}

/** Declarations name modules as the sources do, and what is shipped is JavaScript. */
function nameModules(): void {
  for (const name of readdirSync(join(dist, 'src'), { recursive: true, encoding: 'utf8' })) {
    const path = join(dist, 'src', name);
    if (!path.endsWith('.d.ts')) continue;
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll(/((?:from|import\() ?['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
}

/** The scripts of pages are bundled here once: the bundler is no dependency of the package. */
async function bundlePages(): Promise<void> {
  rmSync(join(html, 'client'), { recursive: true });
  mkdirSync(join(html, 'bundled'));
  for (const page of ['run', 'comparison', 'plain'] as const)
    writeFileSync(join(html, 'bundled', `${page}.js`), await bundleScript(page));
}

rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', import.meta.dirname], { stdio: 'inherit' });
nameModules();
for (const folder of ['src', 'runners']) copy(folder, isAsset);
for (const folder of examples) copy(folder, isExample);
await bundlePages();
rmSync(join(dist, 'src', 'cli', 'cupel')); // it starts the sources
chmodSync(join(dist, 'src', 'cli', 'start.js'), 0o755);
for (const name of ['README.md', 'CHANGELOG.md']) cpSync(join(root, name), join(dist, name));
const manifest = manifestOf(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const lock = shrinkwrapOf(readFileSync(join(root, 'package-lock.json'), 'utf8'), manifest);
writeFileSync(join(dist, 'npm-shrinkwrap.json'), `${JSON.stringify(lock, null, 2)}\n`);
