import { z } from 'zod';

const json = z.json();
/** A grade as any version of Cupel wrote it: what is not named here is kept as it is. */
const gradeSchema = z.looseObject({
  cell: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  verdict: z.string(),
  score: z.number().nullable(),
  checks: z.array(
    z.looseObject({
      id: z.string(),
      status: z.string(),
      score: z.number().nullable(),
      reason: z.string().nullish(),
      facts: z.record(z.string(), json),
      findings: z.array(z.record(z.string(), json)),
    }),
  ),
});

/** The part of `results.json` that says what a run found. Other versions may have more keys. */
export const verdictsSchema = z.looseObject({ grades: z.array(gradeSchema) });
type Grade = z.infer<typeof gradeSchema>;

/** Something that two runs say differently of the same cell. */
export interface Difference {
  /** The parts of the cell's name, joined by a blank. */
  cell: string;
  /** Where: `verdict`, `check <id> status`, `check <id> fact <key>`, `check <id> finding <tool> <rule>` … */
  place: string;
  /** JSON of what each run says; null where a run does not have it. */
  before: string | null;
  after: string | null;
}

type Places = ReadonlyMap<string, string>;

/** Keys of a grade that are compared whole. Evidence is left out: it holds times. */
const whole = ['verdict', 'score', 'reasons', 'required', 'assumptions', 'flags', 'projects'] as const;

const nameOf = ({ cell }: Grade): string => Object.values(cell).join(' ');

/** Everything that a grade says, by place. Equal findings are counted. */
function placesOf(grade: Grade): Places {
  const places = new Map<string, string>();
  for (const key of whole) places.set(key, JSON.stringify(grade[key] ?? null));
  for (const { id, status, score, reason, facts, findings } of grade.checks) {
    places.set(`check ${id} status`, JSON.stringify(status));
    places.set(`check ${id} score`, JSON.stringify(score));
    places.set(`check ${id} reason`, JSON.stringify(reason ?? null));
    for (const [key, value] of Object.entries(facts)) places.set(`check ${id} fact ${key}`, JSON.stringify(value));
    for (const [finding, count] of counted(findings.map((each) => JSON.stringify(each, Object.keys(each).sort()))))
      places.set(`check ${id} finding ${finding}`, String(count));
  }
  return places;
}

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function between(cell: string, before: Places, after: Places): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((place) => before.get(place) !== after.get(place))
    .map((place) => ({ cell, place, before: before.get(place) ?? null, after: after.get(place) ?? null }));
}

/** What two runs say differently. A cell that only one of them has is one difference, at the place `cell`. */
export function differences(before: readonly Grade[], after: readonly Grade[]): Difference[] {
  const [old, now] = [before, after].map((grades) => new Map(grades.map((grade) => [nameOf(grade), grade] as const)));
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((cell) => {
    const [one, other] = [old?.get(cell), now?.get(cell)];
    if (one !== undefined && other !== undefined) return between(cell, placesOf(one), placesOf(other));
    const verdict = (grade: Grade | undefined): string | null => (grade === undefined ? null : grade.verdict);
    return [{ cell, place: 'cell', before: verdict(one), after: verdict(other) }];
  });
}
