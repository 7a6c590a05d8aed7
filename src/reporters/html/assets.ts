import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The modules of the page's script, each after those that it imports. */
const modules = ['element', 'finding', 'check', 'view', 'filter', 'theme', 'main'];

/** These files are TypeScript in the sources and JavaScript where the package is built. */
const typed = import.meta.url.endsWith('.ts');

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

let script: string | undefined;

function module(name: string): string {
  const source = read(`client/${name}.${typed ? 'ts' : 'js'}`);
  const plain = typed ? stripTypeScriptTypes(source) : source;
  return plain.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '').replaceAll(/[ \t]+$/gm, '').replaceAll(/\n{2,}/g, '\n');
}

/** The page's script: its modules in one scope, so that a page from disk needs no other file. */
export function clientScript(): string {
  script ??= `(() => {\n'use strict';\n${modules.map(module).join('')}})();\n`;
  return script;
}

/** The page's style sheet. */
export const styleSheet = (): string => read('style.css');
