import type { Grade } from '../../domain/grading/grade.ts';

/** Exit statuses of every command. */
export const exit = { held: 0, gate: 1, usage: 2, unmeasured: 3, interrupted: 130 } as const;

/** 3 when more cells could not be graded than are allowed; a failing answer is a result, so 0. */
export function statusOf(grades: readonly Grade[], allowed = 0): number {
  return grades.filter(({ verdict }) => verdict === 'ungraded').length > allowed ? exit.unmeasured : exit.held;
}
