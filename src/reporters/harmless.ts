import { stripVTControlCharacters } from 'node:util';

/** Control characters, and those that are invisible or change the direction of what follows. */
const harmful = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text of an answer or a tool on one line, with nothing in it that could command a terminal; cut at `longest`
 * characters.
 */
export function harmless(text: string, longest = 100): string {
  const flat = text
    .toWellFormed()
    .replaceAll(/[ \t\r\n\v\f]+/g, ' ')
    .replaceAll(harmful, '\uFFFD')
    .trim();
  return flat.length > longest ? `${flat.slice(0, longest - 1)}…` : flat;
}

/**
 * Text of an answer or a tool with its lines and tabs, without colours, and with nothing in it that is invisible; cut
 * at `longest` characters.
 */
export function visible(text: string, longest = 10_000): string {
  const plain = stripVTControlCharacters(text).toWellFormed().replaceAll(/\r\n?/g, '\n');
  const shown = plain.replaceAll(harmful, (character) =>
    character === '\n' || character === '\t' ? character : '\uFFFD',
  );
  return shown.length > longest ? `${shown.slice(0, Math.max(0, longest - 1)).toWellFormed()}…` : shown;
}
