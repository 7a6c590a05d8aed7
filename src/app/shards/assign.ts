/** Which shard runs which cell: a pure function of the plan, so that every machine comes to the same. */
import type { Cell } from '../../domain/grading/cell.ts';
import type { Shard } from '../../domain/runs/run.ts';

/** Seconds by scenario; null where nobody wrote any down. */
type Seconds = Readonly<Record<string, number>> | null;

/** What a scenario probably takes that the file does not name: the median of those that it names. */
function usual(seconds: Seconds): number {
  const sorted = Object.values(seconds ?? {}).sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
}

/**
 * The shard (counted from 0) of each cell, in the order of the cells. The repeats of one question are spread as evenly
 * as they can be, and within that each goes where least is to be done: then no two shards differ by more than the
 * longest cell.
 */
export function assignShards(cells: readonly Cell[], of: number, seconds: Seconds): number[] {
  const other = usual(seconds);
  const weight = ({ scenario }: Cell): number =>
    (scenario !== null && Object.hasOwn(seconds ?? {}, scenario) ? seconds?.[scenario] : undefined) ?? other;
  const groups = [
    ...Map.groupBy(
      cells.map((cell, position) => ({ cell, position })),
      ({ cell: { prompt, scenario, model } }) => JSON.stringify([prompt, scenario, model]),
    ).values(),
  ].map((members) => ({ members, weight: members[0] === undefined ? 0 : weight(members[0].cell) }));
  groups.sort((one, next) => next.weight - one.weight); // the longest first; equal ones stay in their order
  const loads = Array.from({ length: of }, () => 0);
  const shards = cells.map(() => 0);
  for (const { members, weight: each } of groups) {
    const ofGroup = loads.map(() => 0);
    for (const { position } of members) {
      const fewest = Math.min(...ofGroup);
      const free = loads.map((load, shard) => ({ load, shard })).filter(({ shard }) => ofGroup[shard] === fewest);
      const { shard } = free.reduce((best, next) => (next.load < best.load ? next : best));
      shards[position] = shard;
      ofGroup[shard] = fewest + 1;
      loads[shard] = (loads[shard] ?? 0) + each;
    }
  }
  return shards;
}

/** Those of some values that a shard has, each value standing for the cell of its position. */
export function partOf<T>(
  values: readonly T[],
  cellOf: (value: T) => Cell,
  { index, of }: Shard,
  seconds: Seconds,
): T[] {
  if (of === 1) return [...values];
  const shards = assignShards(values.map(cellOf), of, seconds);
  return values.filter((_value, position) => shards[position] === index - 1);
}
