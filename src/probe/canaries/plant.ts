import { createHash } from 'node:crypto';
import type { Canary, Contract } from '../../domain/grading/contract/contract.ts';
import { randomText } from '../../formats/contract/functions.ts';

/** A planted value, and the pieces of it that are looked for. */
export interface Planted extends Canary {
  name: string;
  value: string;
  pieces: readonly string[];
}

/** Characters of a piece: few enough that no message cuts it short, enough that chance does not make it. */
const PIECE = 6;
/** Digits of a card number that may not be shown together: the first six and the last four may. */
const CARD_PIECE = 11;

/** Sixteen digits that pass the Luhn check and begin as those of a card. */
function cardNumber(seed: string): string {
  const digits = [...createHash('sha256').update(`card ${seed}`).digest()].map((byte) => byte % 10).slice(0, 14);
  const body = [4, ...digits];
  const sum = body.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return [...body, (10 - (sum % 10)) % 10].join('');
}

/** Every piece of so many characters that does not overlap with another, and the last one. */
function piecesOf(text: string, length: number): string[] {
  const starts = Array.from({ length: Math.max(1, Math.floor(text.length / length)) }, (_, index) => index * length);
  return [...new Set([...starts, Math.max(0, text.length - length)].map((start) => text.slice(start, start + length)))];
}

/** Every piece of so many characters, wherever it begins. */
function windowsOf(text: string, length: number): string[] {
  return Array.from({ length: text.length - length + 1 }, (_, start) => text.slice(start, start + length));
}

function plant(name: string, canary: Canary, seed: string): Planted {
  const letters = randomText(seed, canary.length);
  switch (canary.kind) {
    case 'card': {
      const value = cardNumber(seed);
      return { ...canary, name, value, pieces: windowsOf(value, CARD_PIECE) };
    }
    case 'email': {
      const local = randomText(seed, PIECE);
      return { ...canary, name, value: `${local}@example.com`, pieces: [local] };
    }
    default:
      return { ...canary, name, value: letters, pieces: piecesOf(letters, PIECE) };
  }
}

/** The canaries of a contract. They depend on its mark alone, so that a verdict is the same twice. */
export function plantAll({ canaries, mark }: Pick<Contract, 'canaries' | 'mark'>): Planted[] {
  return Object.entries(canaries).map(([name, canary]) => plant(name, canary, `${mark} ${name}`));
}
