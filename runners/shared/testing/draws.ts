import { createHash } from 'node:crypto';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The items in a drawn order; it does not depend on the order in which they come. */
export function shuffled<T>(items: readonly T[], nameOf: (item: T) => string, lot: string): T[] {
  return items
    .map((item) => ({ item, key: hash(`${lot}\n${nameOf(item)}`) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ item }) => item);
}

/** Some letters that say nothing, for a name in a changed source: the same for the same lot and number. */
export function drawnName(lot: string, number: number): string {
  const digits = hash(`${lot}\nname ${number}`).slice(0, 10);
  return [...digits].map((digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)]).join('');
}
