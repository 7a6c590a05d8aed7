import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The modules of each page's script, each after those that it imports. */
const modules = {
  run: ['element', 'finding', 'check', 'view', 'filter', 'theme', 'main'],
  comparison: ['element', 'theme', 'comparison'],
} as const;
/** What a page shows. */
type Page = keyof typeof modules;

/** These files are TypeScript in the sources and JavaScript where the package is built. */
const typed = import.meta.url.endsWith('.ts');

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const scripts = new Map<Page, string>();

function module(name: string): string {
  const source = read(`client/${name}.${typed ? 'ts' : 'js'}`);
  const plain = typed ? stripTypeScriptTypes(source) : source;
  return plain
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^export /gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n');
}

/** The page's script: its modules in one scope, so that a page from disk needs no other file. */
export function clientScript(page: Page): string {
  const script = scripts.get(page) ?? `(() => {\n'use strict';\n${modules[page].map(module).join('')}})();\n`;
  scripts.set(page, script);
  return script;
}

/** The page's style sheet. */
export const styleSheet = (page: Page): string =>
  `${read('style.css')}${page === 'comparison' ? read('comparison.css') : ''}`;
