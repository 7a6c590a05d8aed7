import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { bundleScript } from './bundle.ts';
import type { Page } from './bundle.ts';

/** What a page holds besides its data. */
export interface PageAssets {
  script: string;
  style: string;
}

const styles: Readonly<Record<Page, readonly string[]>> = {
  run: ['style.css'],
  comparison: ['style.css', 'comparison.css'],
  plain: ['style.css', 'comparison.css', 'plain.css'],
};

const assetsByPage = new Map<Page, Promise<PageAssets>>();

/** The script that the npm package was built with; a checkout bundles it when a page is made. */
function scriptOf(page: Page): Promise<string> {
  const bundled = new URL(`bundled/${page}.js`, import.meta.url);
  return existsSync(bundled) ? readFile(bundled, 'utf8') : bundleScript(page);
}

async function read(page: Page): Promise<PageAssets> {
  const [script, ...sheets] = await Promise.all([
    scriptOf(page),
    ...styles[page].map((name) => readFile(new URL(name, import.meta.url), 'utf8')),
  ]);
  return { script, style: sheets.join('') };
}

/** The script and the style sheet of a page, read once a process. Rejects when the script cannot be bundled. */
export function pageAssets(page: Page): Promise<PageAssets> {
  const assets = assetsByPage.get(page) ?? read(page);
  assetsByPage.set(page, assets);
  return assets;
}
