import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { goCheats } from './cheats-go.ts';
import { javaCheats } from './cheats-java.ts';
import { pythonCheats } from './cheats-python.ts';
import { typescriptCheats, vitestCheats } from './cheats-typescript.ts';
import { npmDeclarations, pythonDeclarations } from './declarations.ts';
import { escapes } from './escapes.ts';

const page = 'docs/design/hostile.md';

function table(heading: string, what: string, rows: readonly { name: string; stoppedBy: string }[]): string {
  return [
    `## ${heading}\n`,
    `| ${what} | stopped by |`,
    '|---|---|',
    ...rows.map(({ name, stoppedBy }) => `| ${name} | ${stoppedBy} |`),
    '',
  ].join('\n');
}

const declarations = [
  ...pythonDeclarations.map(({ name }) => ({ name: `${name} (Python)`, stoppedBy: 'the grammar of requirements' })),
  ...npmDeclarations.map(({ name }) => ({ name: `${name} (npm)`, stoppedBy: "npm's own parser of specifiers" })),
];

test('the page on hostile answers says what the suites try', async ({ expect }) => {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf('## Cheats');
  const tables = [
    table(`Cheats in Python (${pythonCheats.length})`, 'an answer with', pythonCheats),
    table(`Cheats in TypeScript (${typescriptCheats.length + vitestCheats.length})`, 'an answer with', [
      ...typescriptCheats,
      ...vitestCheats,
    ]),
    table(`Cheats in Go (${goCheats.length})`, 'an answer with', goCheats),
    table(`Cheats in Java (${javaCheats.length})`, 'an answer with', javaCheats),
    table(`Escapes (${escapes.length})`, 'a program that', escapes),
    table(`Declarations (${declarations.length})`, 'a manifest that asks for', declarations),
  ].join('\n');
  await expect((start === -1 ? text : text.slice(0, start)) + tables).toMatchFileSnapshot(`${process.cwd()}/${page}`);
});
