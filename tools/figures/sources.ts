import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the project that somebody wrote by hand. */
export interface Source {
  /** Below the root, with slashes. */
  path: string;
  text: string;
  /** Whether it is a test, or there for tests alone. */
  test: boolean;
}

/** Folders that are measured, and the endings of files that people write code in. */
const measured = ['src', 'runners', 'tests', 'tools'];
const code = /\.(?:ts|mjs|cjs|js|py|go|sh|css)$/;
const skipped = new Set(['node_modules', 'fixtures', 'pinned']);
/** Files and folders that are there for tests alone, in this layout and in earlier ones. */
const forTests =
  /^tests\/|\.test\.ts$|^runners\/(?:conformance|hostile)\/|^src\/setup\/loopback\/|\/(?:samples|hostile-texts|recordings\.expected)\.ts$/;

/** Whether a path is that of a test or of something that only tests need. */
export const isTest = (path: string): boolean => forTests.test(path);

function* pathsBelow(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* pathsBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}

/** The paths of all files below the measured folders, code or not. */
export function filesOf(root: string): string[] {
  const there = readdirSync(root);
  return measured.filter((folder) => there.includes(folder)).flatMap((folder) => [...pathsBelow(root, folder)]);
}

/** The code below a root. */
export function sourcesOf(root: string): Source[] {
  return filesOf(root)
    .filter((path) => code.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8'), test: isTest(path) }));
}

/** The lines of a text; an end of line at its end begins none. */
export const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
