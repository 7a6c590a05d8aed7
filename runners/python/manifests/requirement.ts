/**
 * One requirement of a Python package (PEP 508), read by its grammar. Whatever does not fit the grammar never reaches a
 * resolver.
 */
import { validRange } from '@renovatebot/pep440';

/** A package of the registry, with the versions that will do. */
export interface RegistryRequirement {
  kind: 'registry';
  /** Normalised name of the package. */
  name: string;
  /** The requirement, written anew from its parts: nothing of the original spelling is left. */
  text: string;
}

/** Why a text is no requirement of a registry package. */
export type ReadRequirement =
  | RegistryRequirement
  /** A URL, a repository, a path, or something that a tool could take for one. */
  | { kind: 'outside' }
  /** Neither a requirement nor an address. */
  | { kind: 'unreadable' };

/** PEP 503: runs of `-`, `_` and `.` are one hyphen. */
export function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

const HEAD = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*/;
const EXTRA = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Endings that make installers look for a file of this name. */
const archive = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma))$/i;

/**
 * Signs of an address: a scheme, a separator of paths, a relative path, an `@`, a variable that an installer would fill
 * in.
 */
const address = /^[a-z][a-z0-9+.-]*:|[/\\@]|^\.|\$\{?\w/i;

const MARKER_TOKEN =
  /\s*(?:([()])|(and|or|not\s+in|in)\b|(===|[<>=!~]=|[<>])|(python_(?:version|full_version|implementation)|os_name|sys_platform|platform_(?:release|system|version|machine|python_implementation)|implementation_(?:name|version)|os\.name|sys\.platform|platform\.(?:version|machine|python_implementation)|extra)\b|'([\w .,:;!@%&*+/~<>=-]*)'|"([\w .,:;!@%&*+/~<>=-]*)")/y;

/** An environment marker, written anew token by token; null when it holds anything that is no token of the grammar. */
function marker(text: string): string | null {
  const tokens: string[] = [];
  MARKER_TOKEN.lastIndex = 0;
  while (MARKER_TOKEN.lastIndex < text.length) {
    const match = MARKER_TOKEN.exec(text);
    if (match === null) return null;
    const [, bracket, word, operator, variable, single, double] = match;
    tokens.push(bracket ?? word?.replaceAll(/\s+/g, ' ') ?? operator ?? variable ?? `"${single ?? double ?? ''}"`);
  }
  return tokens.join(' ');
}

/** Version clauses without spaces (`>=1,<2`), the brackets of old notation gone; null when they are none. */
function versions(text: string): string | null {
  const bare = text.trim().replace(/^\((.*)\)$/, '$1');
  const clauses = bare
    .split(',')
    .map((clause) => clause.trim().replace(/^([<>=!~]+)\s+/, '$1'))
    .filter((clause) => clause !== '');
  const understood = clauses.every((clause) => /^[<>=!~]=?=?[A-Za-z0-9._+!*-]+$/.test(clause));
  return understood && validRange(clauses.join(',')) ? clauses.join(',') : null;
}

function extrasOf(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return '';
  const extras = text.split(',').map((extra) => extra.trim());
  return extras.every((extra) => EXTRA.test(extra)) ? `[${extras.join(',')}]` : null;
}

/** Reads a requirement as an installer would. */
export function readRequirement(written: string): ReadRequirement {
  const text = written.trim();
  const other: ReadRequirement = { kind: address.test(text) ? 'outside' : 'unreadable' };
  const head = HEAD.exec(text);
  const [, name = '', extraList] = head ?? [];
  if (head === null) return other;
  if (archive.test(name)) return { kind: 'outside' };
  const [bounds = '', ...rest] = text.slice(head[0].length).split(';');
  if (bounds.trim().startsWith('@')) return { kind: 'outside' };
  const extras = extrasOf(extraList);
  const clauses = versions(bounds);
  const condition = rest.length === 0 ? '' : marker(rest.join(';').trim());
  if (extras === null || clauses === null || condition === null) return other;
  return {
    kind: 'registry',
    name: normalise(name),
    text: `${name}${extras}${clauses}${condition === '' ? '' : ` ; ${condition}`}`,
  };
}
