import type { CheckResult } from '../../domain/grading/check.ts';
import { namesOfCheck, parseCheckId } from '../../domain/grading/check-id.ts';
import type { Contract, Level } from '../../domain/grading/contract/contract.ts';
import type { LookedAt, RequestPart, RequestParts } from '../../domain/grading/request-parts.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';

/**
 * Words that a contract quotes or names: by which probe or canary, which check asks it, and whether it decides.
 */
interface Quote {
  id: string;
  words: string;
  level: Level;
  check: 'acceptance' | 'secrets' | 'starts' | 'latency';
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** The words by which a request tells how a program is run: `npm start`, `app.main:app`, `cmd/server`. */
function runWords({ run }: Contract): string[] {
  return Object.values(run).flatMap(({ command = [], package: main = '' }) => [
    ...(command.length > 1 ? [command.slice(0, 2).join(' ')] : []),
    ...[...command, main.replace(/^\.\//, '')].filter((word) => /^[\w.-]+[:/][\w./-]+$/.test(word)),
  ]);
}

/** What a contract quotes; the names of endpoints and of programs say only that these must be there. */
function quotesOf(contract: Contract): Quote[] {
  const { probes, canaries, endpoints } = contract;
  const all = [
    ...probes.map((probe) => ({ ...probe, check: 'acceptance' as const })),
    ...Object.entries(canaries).map(([name, canary]) => ({
      id: `canary-${name}`,
      ...canary,
      check: 'secrets' as const,
    })),
  ];
  return [
    ...all.flatMap(({ id, quote, level, check }) =>
      [quote ?? []].flat().map((words): Quote => ({ id, words: oneLine(words), level, check })),
    ),
    ...Object.entries(endpoints).map(([id, words]): Quote => ({
      id: `endpoint-${id}`,
      words,
      level: 'should',
      check: 'acceptance',
    })),
    ...(contract.kind === 'http' ? contract.latency : []).flatMap(({ quote }) =>
      [quote ?? []]
        .flat()
        .map((words): Quote => ({ id: 'latency', words: oneLine(words), level: 'should', check: 'latency' })),
    ),
    ...runWords(contract).map((words): Quote => ({ id: 'run', words, level: 'should', check: 'starts' })),
  ];
}

/** A clause of a value, and where it stands in it. */
interface Clause {
  words: string;
  start: number;
  end: number;
}

/** The clauses of a value: they end with a comma, a semicolon or a full stop that is not inside of brackets. */
function clausesOf(value: string): Clause[] {
  const clauses: Clause[] = [];
  let [start, depth] = [0, 0];
  for (let at = 0; at <= value.length; at += 1) {
    const sign = value[at] ?? '';
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    const isEnd = sign === '' || (depth <= 0 && ',;.'.includes(sign) && value[at + 1] === ' ');
    if (!isEnd) continue;
    const words = value.slice(start, at + 1).trim();
    if (words !== '') clauses.push({ words, start: value.indexOf(words, start), end: at + 1 });
    start = at + 1;
  }
  return clauses;
}

/** How much of a clause some words cover, wherever they stand in the value: 0 to 1. */
function covered(value: string, words: string, { start, end }: Clause): number {
  let most = 0;
  for (let at = value.indexOf(words); at !== -1; at = value.indexOf(words, at + 1))
    most = Math.max(most, Math.min(end, at + words.length) - Math.max(start, at));
  return most / (end - start);
}

/** The share of a clause that a quote must cover for the clause to count as checked, and not only partly. */
const MOST_OF_IT = 0.5;

/** The ids of the checks that somebody asked for, of those that are named. */
const askedFor = (checks: readonly CheckResult[], names: readonly string[]): string[] =>
  checks
    .filter(({ id, status }) => status !== 'not_applicable' && namesOfCheck(id).some((name) => names.includes(name)))
    .map(({ id }) => id);

function lookedAt(
  { checked, partly, presence }: LookedAt,
  checks: readonly CheckResult[],
): Pick<RequestPart, 'extent' | 'checks'> {
  const some = askedFor(checks, [...checked, ...partly]);
  const ids = askedFor(checks, [...checked, ...partly, ...presence]);
  const isWhole = checked.length > 0 && checked.every((name) => askedFor(checks, [name]).length > 0);
  return {
    extent: isWhole ? 'checked' : some.length > 0 ? 'partly' : ids.length > 0 ? 'presence' : 'not',
    checks: ids,
  };
}

/** A clause of a variable's value: what quotes it decides; where nothing does, what is said of the variable. */
function clausePart(
  variable: string,
  words: string,
  quotes: readonly (Quote & { share: number })[],
  general: Pick<RequestPart, 'extent' | 'checks'>,
  checks: readonly CheckResult[],
): RequestPart {
  const names = new Set(quotes.map(({ check }) => check));
  const ids = checks
    .filter(
      ({ id, status }) => status !== 'not_applicable' && [...names].some((name) => parseCheckId(id).name === name),
    )
    .map(({ id }) => id);
  if (ids.length === 0) return { variable, words, ...general, probes: [] };
  const decides = quotes.some(({ level, share }) => level === 'must' && share >= MOST_OF_IT);
  return {
    variable,
    words,
    extent: decides ? 'checked' : 'partly',
    checks: ids,
    probes: [...new Set(quotes.map(({ id }) => id))],
  };
}

/**
 * What was asked, part by part, and how much of it the checks of an answer looked at. Undefined where nobody wrote down
 * the parts of the prompt.
 */
export function requestPartsOf(
  parts: RequestParts | undefined,
  scenario: Scenario | null,
  checks: readonly CheckResult[],
): RequestPart[] | undefined {
  if (parts === undefined || scenario === null) return undefined;
  const quotes = scenario.contract === undefined ? [] : quotesOf(scenario.contract);
  const instructions = parts.instructions.map(({ words, ...named }): RequestPart => ({
    variable: null,
    words,
    ...lookedAt(named, checks),
    probes: [],
  }));
  const variables = Object.entries(parts.variables).flatMap(([variable, { quoted, ...named }]): RequestPart[] => {
    const value = oneLine(scenario.variables[variable] ?? '');
    const general = lookedAt(named, checks);
    if (value === '') return [];
    if (!quoted) return [{ variable, words: value, ...general, probes: [] }];
    return clausesOf(value).map((clause) => {
      const touching = quotes
        .map((quote) => ({ ...quote, share: covered(value, quote.words, clause) }))
        .filter(({ share }) => share > 0);
      return clausePart(variable, clause.words, touching, general, checks);
    });
  });
  return [...instructions, ...variables];
}
