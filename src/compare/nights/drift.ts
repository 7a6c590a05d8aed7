/**
 * Whether a series of nights has changed for the worse. Windows of the last nights are compared with the nights before
 * them, at a level that the month's budget of false alarms allows; fresh answers have to confirm what is suspected.
 */
import { followed } from '../../domain/runs/night.ts';
import type { Followed, SeriesNight, Suspicion } from '../../domain/runs/night.ts';
import { lnChoose, tCdf } from '../statistics/distributions.ts';
import { fisherMore } from '../statistics/exact.ts';
import { mean, variance } from '../statistics/moments.ts';

/** Nights of a month, as the budget counts them. */
export const MONTH = 30;
/** False alarms a month, over all models and all that is followed, where nobody says otherwise. */
export const BUDGET = 0.1;
/** The chance that fresh answers confirm a suspicion of which nothing is true. */
export const CONFIRMING = 0.05;
/** Numbers of last nights that are looked at together. */
const WINDOWS = [1, 2, 4, 8] as const;
/** Nights before a window that are needed to know what is usual. */
export const FEWEST_BEFORE = 7;
/** The least spread of a night's mean (of the score; of the logarithm of a quantity): nothing is quite constant. */
const LEAST_SPREAD: Readonly<Record<Followed, number>> = { pass: 0.01, score: 0.01, cost: 0.02, latency: 0.05 };

/** What each test of a night may spend, so that false alarms stay within the budget (a union bound). */
export const levelOf = (series: number, budget = BUDGET): number =>
  Math.min(0.05, budget / (MONTH * series * followed.length * CONFIRMING));

/** A night's value, higher is better; null where it is not known. */
function valueOf(night: SeriesNight, what: Followed): number | null {
  const less = (quantity: number | null): number | null =>
    quantity === null || quantity <= 0 ? null : -Math.log(quantity);
  const graded = night.answers - night.ungraded;
  if (what === 'pass') return graded === 0 ? null : night.passed / graded;
  if (what === 'score') return night.score;
  return less(what === 'cost' ? night.costUsd : night.latencyMs);
}

const shown = (what: Followed, value: number): number =>
  what === 'pass' || what === 'score' ? value : Math.exp(-value);

const countOf = (nights: readonly SeriesNight[]): { hits: number; of: number } => {
  const of = nights.reduce((sum, { answers, ungraded }) => sum + answers - ungraded, 0);
  return { hits: of - nights.reduce((sum, { passed }) => sum + passed, 0), of };
};

/**
 * The chance of a last part as bad as this if nothing had changed. Passing is counted (Fisher; scenarios are the same
 * every night, which makes counts vary less than it assumes); other values are those of nights, for answers of one
 * night hang together (t with the spread of the nights before).
 */
function chanceOf(
  before: readonly SeriesNight[],
  last: readonly SeriesNight[],
  what: Followed,
): { p: number; was: number; is: number } | null {
  const values = (nights: readonly SeriesNight[]): number[] => nights.flatMap((night) => valueOf(night, what) ?? []);
  const [past, now] = [values(before), values(last)];
  if (past.length < FEWEST_BEFORE || now.length < last.length) return null;
  const [was, is] = [mean(past), mean(now)];
  if (is >= was) return null;
  if (what === 'pass') return { p: fisherMore(countOf(before), countOf(last)), was, is };
  const spread = Math.sqrt(Math.max(variance(past), LEAST_SPREAD[what] ** 2) * (1 / past.length + 1 / now.length));
  return { p: tCdf((is - was) / spread, past.length - 1), was, is };
}

/** The nights of one line that belong together: those of the last line, after the last confirmed change. */
function current(nights: readonly SeriesNight[]): readonly SeriesNight[] {
  const line = nights.at(-1)?.line;
  return nights.filter((night) => night.line === line);
}

/** What of a series has changed for the worse, tonight being the last of its nights; one entry for each thing. */
export function suspect(nights: readonly SeriesNight[], level: number): Suspicion[] {
  const same = current(nights);
  const tonight = same.at(-1);
  if (tonight === undefined) return [];
  return followed.flatMap((what): Suspicion[] => {
    const found = WINDOWS.flatMap((size) => {
      const [before, last] = [same.slice(0, -size), same.slice(-size)];
      const chance = last.length < size ? null : chanceOf(before, last, what);
      return chance === null || chance.p > level / WINDOWS.length ? [] : [{ size, ...chance }];
    });
    const [best] = found.sort((one, other) => one.p - other.p);
    if (best === undefined) return [];
    const { size, p, was, is } = best;
    const { model, prompt } = tonight;
    return [{ model, prompt, what, nights: size, before: shown(what, was), now: shown(what, is), p }];
  });
}

/** Whether fresh answers, which nobody has looked at, are as much worse than what was usual before. */
export function confirms(
  nights: readonly SeriesNight[],
  { what, nights: size }: Suspicion,
  fresh: SeriesNight,
): boolean {
  const chance = chanceOf(current(nights).slice(0, -size), [fresh], what);
  return chance !== null && chance.p <= CONFIRMING;
}

const binomialTail = (least: number, of: number, rate: number): number => {
  let sum = 0;
  for (let k = Math.max(0, least); k <= of; k += 1)
    sum += Math.exp(lnChoose(of, k) + k * Math.log(rate) + (of - k) * Math.log1p(-rate));
  return Math.min(1, sum);
};

/** A series before it changes, and what it changes to. */
export interface Loss {
  /** Nights before the change, and answers a night. */
  before: number;
  answers: number;
  /** Pass rates before and after. */
  from: number;
  to: number;
}

/**
 * The nights within which such a loss is suspected and confirmed with a chance of at least `wanted`; null for never.
 */
export function nightsToFind({ before, answers, from, to }: Loss, level: number, wanted = 0.9): number | null {
  const past = { hits: Math.round(before * answers * (1 - from)), of: before * answers };
  const fewest = (of: number, allowed: number): number => {
    for (let fails = 0; fails <= of; fails += 1) if (fisherMore(past, { hits: fails, of }) <= allowed) return fails;
    return Infinity;
  };
  const lost = Math.min(1 - 1e-9, Math.max(1e-9, 1 - to));
  const seen = (of: number, allowed: number): number => {
    const least = fewest(of, allowed);
    return Number.isFinite(least) ? binomialTail(least, of, lost) : 0;
  };
  const confirmed = seen(answers, CONFIRMING);
  // A suspicion stays, and each night it stays asks for fresh answers once more.
  for (let within = 1; within <= MONTH; within += 1)
    for (const size of WINDOWS.filter((one) => one <= within))
      if (seen(size * answers, level / WINDOWS.length) * (1 - (1 - confirmed) ** (within - size + 1)) >= wanted)
        return within;
  return null;
}
