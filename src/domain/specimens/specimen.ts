import { z } from 'zod';
import { parseCheckId } from '../grading/check-id.ts';

const identifier = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');

/** A change of the text of an answer. What is replaced stands in it exactly once. */
export const replacementSchema = z.strictObject({
  from: z.string().min(1).describe('Text that stands in the answer exactly once.'),
  to: z.string(),
});

/** The kinds of defect, for saying how many of each kind are found. */
export const defectClasses = ['behaviour', 'secrets', 'tests', 'build', 'form', 'other-task'] as const;

/** An answer with one known defect, and the checks that must find it. */
export const specimenSchema = z.strictObject({
  id: identifier,
  defect: z.string().min(1).describe('What is wrong with it, as a sentence.'),
  class: z.enum(defectClasses),
  language: z.string().describe('The language whose program has the defect.'),
  replace: z.array(replacementSchema).default([]).describe('What makes it out of the reference.'),
  answer: z
    .string()
    .optional()
    .describe('An answer of its own instead: a path below evals/, such as the good answer to another scenario.'),
  end: z.string().min(1).optional().describe('The answer ends before this text, which stands in it exactly once.'),
  fails: z.array(z.string()).min(1).describe('Ids of the checks that must fail. No other may.'),
});

/** `evals/<scenario>/specimens.yaml`. */
export const specimensSchema = z
  .strictObject({
    mark: z
      .string()
      .regex(/^[a-z0-9-]{16,}$/, 'at least 16 lower-case letters, digits and hyphens, made at random')
      .describe('A mark that occurs nowhere else, so that a leak of this file can be found.'),
    reference: z.strictObject({
      answer: z.string().describe('A path below evals/.'),
      replace: z
        .array(replacementSchema)
        .default([])
        .describe('What must be mended in it before it passes everything.'),
    }),
    date: z.iso.date().describe('The day as of which dependencies are resolved.'),
    specimens: z.array(specimenSchema).min(1),
  })
  .refine(
    ({ specimens }) => new Set(specimens.map(({ id }) => id)).size === specimens.length,
    'expected specimens with ids of their own',
  );

export type Replacement = z.infer<typeof replacementSchema>;
export type Specimen = z.infer<typeof specimenSchema>;
export type Specimens = z.infer<typeof specimensSchema>;

/** What came of one specimen, or of the reference in one language. */
export interface SpecimenResult {
  scenario: string;
  specimen: string;
  language: string;
  /** Ids of the checks that must fail, in order. */
  expected: string[];
  /** Ids of the checks that failed, in order. */
  got: string[];
  ok: boolean;
}

/** A text that cannot be changed as it is written. */
export class ReplacementError extends Error {
  override name = 'ReplacementError';
}

/** Where a text stands that must stand there exactly once. */
function onlyPlace(text: string, part: string): number {
  const at = text.indexOf(part);
  const shown = JSON.stringify(part.slice(0, 80));
  if (at === -1) throw new ReplacementError(`expected ${shown} in the answer, found it nowhere`);
  if (text.includes(part, at + 1)) throw new ReplacementError(`expected ${shown} once in the answer, found it twice`);
  return at;
}

/** The text with all replacements made, in order. Throws `ReplacementError`. */
export function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((current, { from, to }) => {
    const at = onlyPlace(current, from);
    return current.slice(0, at) + to + current.slice(at + from.length);
  }, text);
}

/** The text of a specimen that is made out of a reference. Throws `ReplacementError`. */
export function specimenText(reference: string, { replace, end }: Pick<Specimen, 'replace' | 'end'>): string {
  const text = replaced(reference, replace);
  return end === undefined ? text : text.slice(0, onlyPlace(text, end));
}

/** The language of a check; null for one of the answer as a whole. */
export const languageOf = (id: string): string | null => {
  const { language } = parseCheckId(id);
  return language === 'answer' ? null : language;
};
