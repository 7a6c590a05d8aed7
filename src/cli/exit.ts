import type { Grade } from '../domain/grade.ts';

/** Exit statuses of every command. */
export const exit = { held: 0, gate: 1, usage: 2, unmeasured: 3, interrupted: 130 } as const;

/** 3 when a cell could not be graded; a failing answer is a result, so 0. */
export function statusOf(grades: readonly Grade[]): number {
  return grades.some(({ verdict }) => verdict === 'ungraded') ? exit.unmeasured : exit.held;
}
