import type { Grade } from '../domain/grading/grade.ts';
import { languageOf } from '../domain/specimens/specimen.ts';
import type { Specimen, SpecimenResult } from '../domain/specimens/specimen.ts';
import { UsageError } from '../domain/usage-error.ts';
import { wilson } from '../compare/statistics/intervals.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { readSpecimens } from '../store/inputs/specimens.ts';
import type { KnownAnswers } from '../store/inputs/specimens.ts';
import { declaringAlike } from './declarations.ts';
import { grade } from './grade.ts';
import type { Services } from './services/services.ts';

/** How many of the specimens of a class of defect are found, with Wilson's interval (95 %). */
export interface Sensitivity {
  class: Specimen['class'];
  found: number;
  of: number;
  low: number;
  high: number;
}

/** What came of validating. */
export interface Validation {
  specimens: SpecimenResult[];
  sensitivity: Sensitivity[];
  /** Specimens that could not be graded, by scenario and id: our failure, not theirs. */
  ungraded: string[];
  /** Whether every specimen fails exactly where it is written, and every reference passes. */
  ok: boolean;
}

/** Which answers are validated. */
export interface ValidationRequest {
  /** Ids of scenarios; all that have specimens when empty. */
  scenarios: readonly string[];
  /** Ids of specimens, `reference` among them; all when empty. */
  specimens: readonly string[];
}

/** Told as each answer has been graded. */
export type Judged = (results: readonly SpecimenResult[]) => void;

/** The scenarios that have specimens, with their answers. */
async function scenariosWith(
  { library }: Services,
  wanted: readonly string[],
): Promise<{ scenario: string; known: KnownAnswers }[]> {
  const all = wanted.length > 0 ? wanted : await library.scenarios();
  const read = await Promise.all(
    all.map(async (scenario) => ({ scenario, known: await readSpecimens(library, scenario) })),
  );
  const without = read.find(({ known }) => known === null);
  if (wanted.length > 0 && without !== undefined)
    throw new UsageError(
      `scenario ${without.scenario}: expected evals/${without.scenario}/specimens.yaml, found none.`,
    );
  return read.flatMap(({ scenario, known }) => (known === null ? [] : [{ scenario, known }]));
}

const failedIn = ({ checks }: Grade): string[] =>
  checks
    .filter(({ status }) => status === 'failed')
    .map(({ id }) => id)
    .sort();

/** What a graded specimen is held to. `ungraded` is never as it should be. */
export function specimenResult(
  scenario: string,
  { id, language, fails }: Pick<Specimen, 'id' | 'language' | 'fails'>,
  graded: Grade,
): SpecimenResult {
  const [expected, got] = [fails.toSorted(), failedIn(graded)];
  const ok = graded.verdict !== 'ungraded' && expected.join(' ') === got.join(' ');
  return { scenario, specimen: id, language, expected, got, ok };
}

/** The reference in each of its languages: nothing of it may fail, nor of the answer as a whole. */
export function referenceResults(scenario: string, languages: readonly string[], graded: Grade): SpecimenResult[] {
  return languages.map((language): SpecimenResult => {
    const got = failedIn(graded).filter((id) => (languageOf(id) ?? language) === language);
    return {
      scenario,
      specimen: 'reference',
      language,
      expected: [],
      got,
      ok: graded.verdict === 'pass' && got.length === 0,
    };
  });
}

/** How many specimens of each class were found: every check failed that must. */
export function sensitivityOf(
  graded: readonly { class: Specimen['class']; result: Pick<SpecimenResult, 'expected' | 'got'> }[],
): Sensitivity[] {
  return [...new Set(graded.map((one) => one.class))].sort().map((kind): Sensitivity => {
    const ofClass = graded.filter((one) => one.class === kind);
    const found = ofClass.filter(({ result: { expected, got } }) => expected.every((id) => got.includes(id))).length;
    const [low, high] = wilson(found, ofClass.length, 0.95);
    return { class: kind, found, of: ofClass.length, low, high };
  });
}

/** Grades references and specimens of scenarios, one after the other, and holds them to what is written of them. */
export async function validate(
  given: Services,
  { scenarios, specimens: wanted }: ValidationRequest,
  listener: RunListener = {},
  judged: Judged = () => {},
): Promise<Validation> {
  // A specimen has its defect in one language: the verdicts on the others are those on the reference.
  const services: Services = { ...given, grading: { ...given.grading, languagesApart: true } };
  const results: SpecimenResult[] = [];
  const graded: { class: Specimen['class']; result: SpecimenResult }[] = [];
  const ungraded: string[] = [];
  const isWanted = (id: string): boolean => wanted.length === 0 || wanted.includes(id);
  const keep = (some: readonly SpecimenResult[]): void => {
    results.push(...some);
    judged(some);
  };
  for (const { scenario, known } of await scenariosWith(services, scenarios)) {
    const gradeText = async (id: string, text: string): Promise<Grade> => {
      const resolvedLike = declaringAlike(text, known, services.grading.runners);
      const request = { text, scenario, asOf: known.date, resolutionFile: known.resolutionFile, resolvedLike };
      const one = await grade(services, request, listener);
      if (one.verdict === 'ungraded') ungraded.push(`${scenario}/${id}`);
      return one;
    };
    if (isWanted('reference')) {
      const { languages } = await services.library.scenario(scenario);
      keep(referenceResults(scenario, Object.keys(languages), await gradeText('reference', known.reference)));
    }
    for (const { specimen, text } of known.specimens.filter((one) => isWanted(one.specimen.id))) {
      const one = await gradeText(specimen.id, text);
      const result = specimenResult(scenario, specimen, one);
      if (one.verdict !== 'ungraded') graded.push({ class: specimen.class, result });
      keep([result]);
    }
  }
  if (results.length === 0) throw new UsageError('expected specimens to validate, found none.');
  return { specimens: results, sensitivity: sensitivityOf(graded), ungraded, ok: results.every(({ ok }) => ok) };
}
