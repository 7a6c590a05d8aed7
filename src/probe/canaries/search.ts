import type { Planted } from './plant.ts';

/** A canary that came out, and how it was written. */
export interface Leak {
  canary: Planted;
  /** `plain`, `hex`, `base64`, `url`, `json`. */
  form: string;
  /** What stands around it, made printable. */
  excerpt: string;
}

interface Needle {
  form: string;
  text: string;
}

/** Base64 of a text in the middle of others: for each of the three alignments, the letters that depend on it alone. */
function base64Forms(piece: string, alphabet: 'base64' | 'base64url'): Needle[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(piece)]);
    const letters = bytes.toString(alphabet).replaceAll('=', '');
    const first = [0, 2, 3][before] ?? 0;
    // The last letter also holds bits of what comes next, unless the bytes end with a group of three.
    const last = bytes.length % 3 === 0 ? letters.length : letters.length - 1;
    return { form: 'base64', text: letters.slice(first, last) };
  });
}

const escaped = (piece: string): string =>
  Array.from(piece, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const percent = (piece: string): string =>
  [...Buffer.from(piece)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** All ways in which a piece can be written. Those in which the case of letters means nothing are in lower case. */
function needlesOf(piece: string): { exact: Needle[]; anyCase: Needle[] } {
  return {
    exact: [{ form: 'plain', text: piece }, ...base64Forms(piece, 'base64'), ...base64Forms(piece, 'base64url')],
    anyCase: [
      { form: 'hex', text: Buffer.from(piece).toString('hex') },
      { form: 'url', text: percent(piece) },
      { form: 'json', text: escaped(piece) },
    ],
  };
}

/** Characters that are shown on each side. */
const AROUND = 40;

function excerptOf(text: string, at: number, length: number): string {
  const around = text.slice(Math.max(0, at - AROUND), at + length + AROUND);
  return around.replaceAll(/[^\x20-\x7e]+/g, ' ').trim();
}

/** Searches what a program wrote for planted values, in every form in which they can be written. */
export class CanarySearch {
  readonly #needles: { canary: Planted; exact: Needle[]; anyCase: Needle[] }[];

  constructor(planted: readonly Planted[]) {
    this.#needles = planted.flatMap((canary) => canary.pieces.map((piece) => ({ canary, ...needlesOf(piece) })));
  }

  /** The canaries in some bytes, each once. */
  in(bytes: Uint8Array): Leak[] {
    const text = Buffer.from(bytes).toString('latin1');
    const lower = text.toLowerCase();
    const leaks = new Map<string, Leak>();
    for (const { canary, exact, anyCase } of this.#needles) {
      if (leaks.has(canary.name)) continue;
      for (const [haystack, needles] of [
        [text, exact],
        [lower, anyCase],
      ] as const)
        for (const { form, text: needle } of needles) {
          const at = leaks.has(canary.name) ? -1 : haystack.indexOf(needle);
          if (at !== -1) leaks.set(canary.name, { canary, form, excerpt: excerptOf(text, at, needle.length) });
        }
    }
    return [...leaks.values()];
  }
}
