import type { Grade } from '../domain/grading/grade.ts';

/** A number of answers, in words. */
export const answers = (count: number): string => (count === 1 ? '1 answer' : `${count} answers`);

/** A run in one sentence. */
export function headline(grades: readonly Grade[]): string {
  const count = (verdict: Grade['verdict']): number => grades.filter((grade) => grade.verdict === verdict).length;
  const [failing, ungraded, all] = [count('fail'), count('ungraded'), grades.length];
  if (all === 0) return 'No answer was graded';
  if (failing === 0 && ungraded === 0) return all === 1 ? 'The answer passes' : `All ${all} answers pass`;
  const fails =
    failing === 0 ? 'No answer is known to fail' : `${failing} of ${answers(all)} ${failing === 1 ? 'fails' : 'fail'}`;
  return ungraded === 0 ? fails : `${fails}; ${ungraded} could not be graded`;
}
