/** The path jail: which paths of an answer may be written, whatever a later stage does with them. */

/** A path that is safe to lay out under a root, or why it is not. */
export type Jailed = { ok: true; path: string } | { ok: false; reason: string };

const longestComponent = 100;
const longestPath = 240;
const deepest = 20;
/** Folders that tools own: an answer that writes there would change what judges it. */
const owned = new Set(['node_modules', '.git', '.venv', '__pycache__']);
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Takes a path as an answer wrote it to the form in which it may be written: relative, forward slashes, no `.` or `..`.
 * Never repairs a dangerous path into a harmless one: it is refused with the reason.
 */
export function jail(written: string): Jailed {
  const path = written.trim().replace(/^(?:\.\/)+/, '');
  const reason = refusal(path);
  return reason === null ? { ok: true, path } : { ok: false, reason };
}

function refusal(path: string): string | null {
  if (path === '') return 'the path is empty';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]/.test(path))
    return 'the path holds a control character';
  if (/^[A-Za-z]:/.test(path)) return 'the path names a drive';
  if (path.includes('\\')) return 'the path holds a backslash';
  if (path.startsWith('/')) return 'the path is absolute';
  if (path.length > longestPath) return `the path is longer than ${longestPath} characters`;
  const parts = path.split('/');
  if (parts.length > deepest) return `the path is deeper than ${deepest} folders`;
  return parts.map(refuseComponent).find((reason) => reason !== null) ?? null;
}

function refuseComponent(part: string): string | null {
  if (part === '') return 'the path has an empty component';
  if (part === '..') return 'the path leaves the project (..)';
  if (part === '.') return 'the path has a component "."';
  if (new TextEncoder().encode(part).length > longestComponent)
    return `a component is longer than ${longestComponent} bytes`;
  if (owned.has(part.toLowerCase())) return `the path is inside ${part}`;
  if (/[<>:"|?*]/.test(part)) return 'the path holds a character that no file name should';
  if (/[ .]$/.test(part) || part.startsWith(' ')) return 'a component begins or ends with a space or ends with a dot';
  return deviceName.test(part) ? 'a component is the name of a device' : null;
}
