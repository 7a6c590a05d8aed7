/** How an answer names its files: where all carry a name, code without one is shown and not delivered. */
import type { Delivered } from '../code/delivered.ts';
import type { Dialect } from '../code/dialects.ts';
import type { Relation } from '../code/relation.ts';

export interface Habit {
  /** Files of code that carry a name, by dialect. */
  named: ReadonlyMap<Dialect, number>;
  /** Blocks without a name that define something new and have nothing to do with the named files. */
  strangers: number;
}

export function habitOf(relations: readonly (Relation | null)[], { files }: Delivered): Habit {
  const countByDialect = new Map<Dialect, number>();
  for (const { dialect } of files)
    if (dialect !== null) countByDialect.set(dialect, (countByDialect.get(dialect) ?? 0) + 1);
  const strangers = relations.filter(
    (relation) =>
      relation !== null && relation.newNames.length > 0 && relation.versionOf === null && relation.uses.length === 0,
  );
  return { named: countByDialect, strangers: strangers.length };
}

/** Files of the dialect that carry a name. */
export const namedIn = ({ named }: Habit, dialect: Dialect | null): number =>
  dialect === null ? namedInAll({ named, strangers: 0 }) : (named.get(dialect) ?? 0);

const namedInAll = ({ named }: Habit): number => [...named.values()].reduce((sum, count) => sum + count, 0);

/** Nearly all files of the dialect carry a name. */
export const isHabit = (habit: Habit, dialect: Dialect | null): boolean =>
  namedIn(habit, dialect) >= 2 && habit.strangers * 2 <= namedIn(habit, dialect);

/** Many files carry a name, and hardly any block has none. */
export const isStrongHabit = (habit: Habit): boolean =>
  namedInAll(habit) >= 4 && habit.strangers * 4 <= namedInAll(habit);
