import { parseCheckId } from '../domain/grading/check-id.ts';
import type { CheckResult, Facts } from '../domain/grading/check.ts';
import type { Grade } from '../domain/grading/grade.ts';

/** What was seen of the running programs of an answer: three counts, each with what was asked for. */
export interface Behaviour {
  starts: [number, number];
  /** Endpoints, or commands. */
  exists: [number, number];
  /** Probes that must pass. */
  behaves: [number, number];
}

const amount = (facts: Facts, name: string): number => {
  const value = facts[name];
  return typeof value === 'number' ? value : 0;
};

/** The three numbers of an answer whose scenario has a contract; null where nothing was asked of a running program. */
export function behaviourOf({ checks }: Pick<Grade, 'checks'>): Behaviour | null {
  const checksNamed = (name: string): CheckResult[] =>
    checks.filter(({ id, status }) => parseCheckId(id).name === name && status !== 'not_applicable');
  const starts = checksNamed('starts');
  if (starts.length === 0) return null;
  const measured = checksNamed('acceptance').map(({ facts }) => facts);
  const sum = (name: string): number => measured.reduce((total, facts) => total + amount(facts, name), 0);
  const mustPassed = sum('must_passed');
  return {
    starts: [starts.filter(({ status }) => status === 'passed').length, starts.length],
    exists: [sum('endpoints_present'), sum('endpoints_asked')],
    behaves: [mustPassed, mustPassed + sum('must_failed')],
  };
}

/** The three numbers for a table: `1/1, 3/3, 70/71`; empty where nobody asked. */
export function behaviourShort(grade: Pick<Grade, 'checks'>): string {
  const behaviour = behaviourOf(grade);
  if (behaviour === null) return '';
  const { starts, exists, behaves } = behaviour;
  return [starts, exists, behaves].map(([reached, all]) => (all === 0 ? '–' : `${reached}/${all}`)).join(', ');
}

/** The three numbers with their names, in a few words each: `starts 1/1, exists 3/3, behaves 70/71`. */
export function behaviourNamed(grade: Pick<Grade, 'checks'>): string {
  const numbers = behaviourShort(grade);
  const names = behaviourHeading.split(', ');
  return numbers === ''
    ? ''
    : numbers
        .split(', ')
        .map((number, at) => `${names[at] ?? ''} ${number}`)
        .join(', ');
}

/** What the three numbers of `behaviourShort` are, as the heading of a column. */
export const behaviourHeading = 'starts, exists, behaves';

/** The headline of an answer: does it start, is there what was asked for, does it behave? Empty where nobody asked. */
export function behaviourText(grade: Pick<Grade, 'checks'>): string {
  const behaviour = behaviourOf(grade);
  if (behaviour === null) return '';
  const words = ([reached, all]: [number, number], what: string): string =>
    all === 0 ? 'not asked' : `${reached} of ${all}${what}`;
  return [
    `starts ${words(behaviour.starts, '')}`,
    `exists ${words(behaviour.exists, ' endpoints')}`,
    `behaves ${words(behaviour.behaves, ' probes')}`,
  ].join(', ');
}
