/** Requirements files, read line by line as pip reads them. */
import { posix } from 'node:path';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { OUTSIDE, OWN_INDEX, isProjectItself, isUsualIndex } from './collector.ts';
import type { Collector } from './collector.ts';

/** What Python's `splitlines` takes for the end of a line. */
const lineEnd = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;
const comment = /(?:^|\s+)#.*$/;

/**
 * Logical lines of a requirements file with the number of their first line: continuations joined, then comments gone.
 */
export function logicalLines(text: string): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = [];
  let pending: { text: string; line: number } | null = null;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(lineEnd)
    .entries()) {
    const current: { text: string; line: number } = pending ?? { text: '', line: index + 1 };
    const isComment = /^\s*#/.test(raw);
    const continues = raw.endsWith('\\') && !isComment;
    current.text += isComment ? ` ${raw}` : continues ? raw.replace(/\\+$/, '') : raw;
    pending = continues ? current : null;
    if (pending === null) lines.push(current);
  }
  if (pending !== null) lines.push(pending);
  return lines
    .map((line) => ({ ...line, text: line.text.replace(comment, '').trim() }))
    .filter((line) => line.text !== '');
}

/** Options of requirements files that take a value, by their long names. */
const valued = [
  'index-url',
  'pypi-url',
  'extra-index-url',
  'find-links',
  'requirement',
  'constraint',
  'editable',
  'trusted-host',
  'no-binary',
  'only-binary',
  'use-feature',
  'hash',
  'global-option',
  'config-settings',
] as const;
const flags = ['no-index', 'pre', 'require-hashes', 'prefer-binary'] as const;
type OptionName = (typeof valued)[number] | (typeof flags)[number];

const short: Readonly<Record<string, OptionName>> = {
  i: 'index-url',
  f: 'find-links',
  r: 'requirement',
  c: 'constraint',
  e: 'editable',
  C: 'config-settings',
};

interface Option {
  name: OptionName;
  value: string;
}

const takesValue = (name: OptionName): boolean => valued.some((other) => other === name);

/** An option by its long name or by any beginning that no other option has, as pip's parser takes it. */
function longOption(written: string): OptionName | null {
  const all: readonly OptionName[] = [...valued, ...flags];
  const matches = all.filter((name) => name === written || name.startsWith(written));
  return matches.find((name) => name === written) ?? (matches.length === 1 ? (matches[0] ?? null) : null);
}

/** Words of a line as a shell splits them, quotes taken away. */
function words(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_all, double, single, escaped) =>
      String(double ?? single ?? escaped),
    ),
  );
}

/** The options at the end of a line; null when one is there that pip does not know. */
function optionsIn(text: string): Option[] | null {
  const options: Option[] = [];
  const rest = words(text);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, longName, longValue] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const [, letter, attached] = /^-(\w)(.*)$/s.exec(word) ?? [];
    const name = longName === undefined ? (short[letter ?? ''] ?? null) : longOption(longName);
    if (name === null) return null;
    const value = longName === undefined ? attached || undefined : longValue;
    options.push({ name, value: takesValue(name) ? (value ?? rest.shift() ?? '') : '' });
  }
  return options;
}

/** A requirement and the options behind it: what begins with a hyphen begins the options. */
function partsOf(text: string): { requirement: string; options: string } {
  const start = /(?:^|\s)-/.exec(text);
  if (start === null) return { requirement: text, options: '' };
  return { requirement: text.slice(0, start.index).trim(), options: text.slice(start.index).trim() };
}

/** Reads requirements files of an answer, with those that they include. */
export class RequirementsReader {
  readonly #known: ReadonlyMap<string, AnswerFile>;
  readonly #into: Collector;
  readonly #seen = new Set<string>();

  /** @param known the answer's files by path */
  constructor(known: ReadonlyMap<string, AnswerFile>, into: Collector) {
    this.#known = known;
    this.#into = into;
  }

  /** Reads a whole file, once. */
  read(file: AnswerFile, as: 'requirements' | 'constraints' = 'requirements'): void {
    const key = `${as} ${file.path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    for (const { text, line } of logicalLines(file.text)) this.line(text, file.path, line, as);
  }

  /** Reads one logical line, wherever it stands: other manifests hold such lines too. */
  line(text: string, file: string, line: number | null, as: 'requirements' | 'constraints' = 'requirements'): void {
    if (isProjectItself(text)) return;
    const parts = partsOf(text);
    const options = optionsIn(parts.options);
    if (options === null) this.#into.broken(text, file, line, 'an option that pip does not know');
    for (const option of options ?? []) this.#option(option, text, file, line, as);
    if (parts.requirement === '' || isProjectItself(parts.requirement)) return;
    if (as === 'constraints') this.#into.constrain(parts.requirement, file, line);
    else this.#into.add(parts.requirement, file, line);
  }

  #option(
    { name, value }: Option,
    text: string,
    file: string,
    line: number | null,
    as: 'requirements' | 'constraints',
  ): void {
    switch (name) {
      case 'requirement':
        return this.#include(value, text, file, line, as);
      case 'constraint':
        return this.#include(value, text, file, line, 'constraints');
      case 'editable':
        if (!isProjectItself(value)) this.#into.refuse(text, file, line, OUTSIDE);
        return;
      case 'index-url':
      case 'pypi-url':
      case 'extra-index-url':
        if (!isUsualIndex(value)) this.#into.refuse(text, file, line, OWN_INDEX);
        return;
      case 'find-links':
      case 'no-index':
      case 'trusted-host':
        return this.#into.refuse(text, file, line, OWN_INDEX);
      default: // says how to install, and Cupel decides that
    }
  }

  #include(value: string, text: string, file: string, line: number | null, as: 'requirements' | 'constraints'): void {
    if (/^[a-z][a-z0-9+.-]*:/i.test(value)) return this.#into.refuse(text, file, line, OUTSIDE);
    const target = posix.join(posix.dirname(file), value);
    const included = this.#known.get(target);
    if (included === undefined) this.#into.broken(text, file, line, `there is no ${target} in the answer`);
    else this.read(included, as);
  }
}
