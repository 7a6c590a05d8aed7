/** Scenarios whose answers now pass and now fail, and those that are kept from gating for a while. */
import type { Quarantine, SeriesNight } from '../../domain/runs/night.ts';

/** Nights that are looked at. */
const NIGHTS = 14;
/** Turns from all to not all, or back, from which on a scenario is flaky. */
const TURNS = 3;

export interface Flaky {
  scenario: string;
  passed: number;
  of: number;
}

/** Scenarios of a series that went back and forth in the last two weeks, the most even first. */
export function flakyOf(nights: readonly SeriesNight[]): Flaky[] {
  const line = nights.at(-1)?.line;
  const last = nights.filter((night) => night.line === line).slice(-NIGHTS);
  const scenarios = [...new Set(last.flatMap(({ perScenario }) => Object.keys(perScenario)))].sort();
  return scenarios
    .flatMap((scenario): Flaky[] => {
      const counts = last.flatMap(({ perScenario }) => {
        const count = perScenario[scenario];
        return count === undefined ? [] : [count];
      });
      const whole = counts.map(([passed, of]) => passed === of);
      const turns = whole.filter((all, index) => index > 0 && all !== whole[index - 1]).length;
      if (turns < TURNS) return [];
      const sum = (at: 0 | 1): number => counts.reduce((total, count) => total + count[at], 0);
      return [{ scenario, passed: sum(0), of: sum(1) }];
    })
    .sort((one, other) => Math.abs(one.passed / one.of - 0.5) - Math.abs(other.passed / other.of - 0.5));
}

/** The longest that a quarantine may last, in days. */
export const LONGEST_QUARANTINE = 30;

/** Entries that hold on a day, that are over, and that end later than a quarantine may. */
export function quarantined(
  entries: Quarantine,
  day: string,
): { holds: Set<string>; over: string[]; tooLong: string[] } {
  const last = new Date(Date.parse(day) + LONGEST_QUARANTINE * 86_400_000).toISOString().slice(0, 10);
  return {
    holds: new Set(entries.filter(({ until }) => until >= day && until <= last).map(({ scenario }) => scenario)),
    over: entries.filter(({ until }) => until < day).map(({ scenario }) => scenario),
    tooLong: entries.filter(({ until }) => until > last).map(({ scenario }) => scenario),
  };
}
