/** Tables of packages with their versions, as Poetry and Pipenv have them. */
import { strings, table } from '../configurations.ts';
import type { Table } from '../configurations.ts';
import { OUTSIDE, isProjectItself } from './collector.ts';
import type { Collector, LineOf } from './collector.ts';

/**
 * Poetry's caret and tilde in the terms of PEP 440. Of alternatives (`^1 || ^2`) the last, which is the newest, is
 * meant.
 */
export function fromPoetry(version: string): string {
  return (version.split('||').at(-1) ?? '')
    .split(/,|(?<=[\w*.])\s+(?=[<>=!~^])/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '*')
    .map((part) => {
      const operator = /^[\^~](?!=)/.exec(part)?.[0];
      if (operator === undefined) return /^\d/.test(part) ? `==${part}` : part.replaceAll(' ', '');
      const numbers = part.slice(1).replace(/^=/, '').split('.').map(Number);
      const firstSet = numbers.findIndex((number) => number !== 0);
      const lastFixed =
        operator === '~' ? Math.min(1, numbers.length - 1) : firstSet === -1 ? numbers.length - 1 : firstSet;
      const upper = numbers.slice(0, lastFixed + 1).map((number, index) => (index === lastFixed ? number + 1 : number));
      return `>=${numbers.join('.')},<${upper.join('.')}`;
    })
    .join(',');
}

/** Keys of an entry that take a package from somewhere else than a registry. */
const places = ['git', 'hg', 'svn', 'bzr', 'path', 'file', 'url', 'develop'];

/** Reads tables `name = version` or `name = { version, extras, … }`. */
export function readTables(tables: readonly unknown[], file: string, into: Collector, lineOf: LineOf): void {
  for (const [name, value] of tables.flatMap((packages) => Object.entries(table(packages))))
    for (const entry of Array.isArray(value) ? value : [value]) readEntry(name, entry, file, into, lineOf(name));
}

function readEntry(name: string, value: unknown, file: string, into: Collector, line: number | null): void {
  const entry = table(value);
  const { path, version } = typeof value === 'string' ? { path: undefined, version: value } : entry;
  if (typeof path === 'string' && isProjectItself(path)) return;
  if (places.some((key) => key in entry)) return into.refuse(name, file, line, OUTSIDE);
  if (name === 'python') {
    into.declared.python ??= { specifier: fromPoetry(typeof version === 'string' ? version : '*'), file };
    return;
  }
  const extras = strings(entry['extras']);
  const suffix = extras.length > 0 ? `[${extras.join(',')}]` : '';
  into.add(`${name}${suffix}${fromPoetry(typeof version === 'string' ? version : '*')}`, file, line);
}

/** Reads Poetry's tables, in pyproject.toml's `[tool.poetry]`. */
export function readPoetry(poetry: Table, file: string, into: Collector, lineOf: LineOf): void {
  const groups = Object.values(table(poetry['group'])).map((group) => table(group)['dependencies']);
  readTables([poetry['dependencies'], poetry['dev-dependencies'], ...groups], file, into, lineOf);
}
