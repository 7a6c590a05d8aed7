import { createHash } from 'node:crypto';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The items in a drawn order; it does not depend on the order in which they come. */
export function shuffled<T>(items: readonly T[], nameOf: (item: T) => string, lot: string): T[] {
  return items
    .map((item) => ({ item, key: hash(`${lot}\n${nameOf(item)}`) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ item }) => item);
}
