/** What a history says, in words and numbers for a person. */
import type { Night, SeriesNight, Suspicion } from '../../domain/runs/night.ts';
import { harmless } from '../harmless.ts';

/** A series with its nights. */
export interface Trend {
  model: string;
  prompt: string;
  nights: { at: string; run: string; series: SeriesNight }[];
  /** Changes that fresh answers confirmed, with the day on which the alarm was given. */
  alarms: (Suspicion & { at: string })[];
  flaky: { scenario: string; passed: number; of: number }[];
  /** The gate's own false alarms in control comparisons. */
  control: { worse: number; of: number };
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** Values before and now of what is followed. */
export function changeText({ what, before, now, nights }: Suspicion): string {
  const value = (one: number): string =>
    what === 'pass' || what === 'score'
      ? percent(one)
      : what === 'cost'
        ? `$${one.toPrecision(2)}`
        : `${(one / 1000).toPrecision(3)} s`;
  const since = nights === 1 ? 'since this night' : `since ${nights} nights`;
  return `${what} ${value(before)} → ${value(now)} ${since}`;
}

const signs = { better: '▲', 'no worse': '=', worse: '▼', 'not enough data': '?' } as const;

/** The line that a person reads in the morning. */
export function morningLine(night: Night): string {
  const names = new Set(night.series.map(({ prompt }) => prompt));
  const series = night.series.map(({ model, prompt, outcome, gateMet, passed, answers, ungraded }) => {
    const name = harmless(names.size > 1 ? `${model} × ${prompt}` : model, 60);
    const graded = answers - ungraded;
    const rest = ungraded === 0 ? '' : `, ${ungraded} ungraded`;
    const verdict = outcome === null ? 'no baseline' : `${signs[outcome]} ${outcome}${gateMet ? '' : ', GATE NOT MET'}`;
    return `${name} ${verdict} (${passed}/${graded} pass${rest})`;
  });
  const alarms = night.suspicions.filter(({ confirmed }) => confirmed);
  const dismissed = night.suspicions.length - alarms.length;
  const alarmText =
    alarms.length === 0
      ? 'no alarm'
      : `ALARM: ${alarms.map((one) => `${harmless(one.model, 60)}: ${changeText(one)}`).join('; ')}`;
  const more = dismissed === 0 ? '' : `, ${dismissed} suspicion${dismissed === 1 ? '' : 's'} not confirmed`;
  return `${night.suite} ${night.at.slice(0, 10)} (asked anew): ${series.join('; ')}. ${alarmText}${more}. $${night.spentUsd.toFixed(2)}, run ${night.run}`;
}

const passText = ({ passed, answers, ungraded }: SeriesNight): string =>
  answers === ungraded ? '–' : percent(passed / (answers - ungraded));

/** The heads of the table of trends. */
export const trendHead = [
  'model',
  'prompt',
  'nights',
  'first',
  'last',
  'alarms',
  'flaky scenarios',
  'gate control',
] as const;

/** One row a series. */
export function trendRow({ model, prompt, nights, alarms, flaky, control }: Trend): string[] {
  const [first, last] = [nights[0]?.series, nights.at(-1)?.series];
  return [
    model,
    prompt,
    String(nights.length),
    first === undefined ? '' : passText(first),
    last === undefined ? '' : passText(last),
    alarms.map((alarm) => `${alarm.at.slice(0, 10)} ${changeText(alarm)}`).join('; ') || 'none',
    flaky.map(({ scenario, passed, of }) => `${scenario} (${passed} of ${of})`).join(', ') || 'none',
    control.of === 0 ? 'not measured' : `${control.worse} of ${control.of} said "worse"`,
  ];
}
