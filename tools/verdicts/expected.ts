import { z } from 'zod';
import type { Difference } from './differences.ts';

/** `expected.yaml`: differences that a change of Cupel makes on purpose, each with its reason. */
export const expectedSchema = z.array(
  z.strictObject({
    /** Why the difference is right. */
    why: z.string().min(1),
    /** The cell's name, in which `*` stands for any text; every cell when absent. */
    cell: z.string().default('*'),
    /** The place, in which `*` stands for any text. */
    place: z.string(),
    /** JSON of what the later run says there, in which `*` stands for any text; anything when absent. */
    after: z.string().default('*'),
  }),
);
export type Expected = z.infer<typeof expectedSchema>;

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(text);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The differences that no entry of the list expects. */
export function unexpected(differences: readonly Difference[], expected: Expected): Difference[] {
  return differences.filter(
    ({ cell, place, after }) =>
      !expected.some(
        (entry) => matches(entry.cell, cell) && matches(entry.place, place) && matches(entry.after, after ?? 'null'),
      ),
  );
}
