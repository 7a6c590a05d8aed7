import { z } from 'zod';

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}

/** A section that a prompt asks every answer to have. */
export const sectionSchema = z.strictObject({
  /** As findings name it. */
  name: z.string().min(1),
  /** A regular expression, without regard to case: the section is there when it matches a part of a heading. */
  heading: z.string().min(1).refine(isPattern, 'expected a regular expression'),
});

/** The file beside a prompt that names the sections of its answers: `sections.yaml`. */
export const sectionsSchema = z.array(sectionSchema).min(1);

export type Section = z.infer<typeof sectionSchema>;
