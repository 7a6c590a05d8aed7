import { z } from 'zod';

/** How much of a part of the request is checked: `presence` means that only its being there is looked at. */
export const extents = ['checked', 'partly', 'presence', 'not'] as const;

/** One part of what was asked, as a grade has it, with the checks that looked at it. */
export const requestPartSchema = z.strictObject({
  /** The variable of the prompt whose words these are; null for an instruction of the prompt itself. */
  variable: z.string().nullable(),
  words: z.string(),
  extent: z.enum(extents),
  /** Ids of the checks that looked at it. */
  checks: z.array(z.string()),
  /** Ids of what quotes or names these words in the contract: probes, canaries, endpoints, and `run`. */
  probes: z.array(z.string()),
});

const names = z.array(z.string().min(1)).default([]);

const lookedAt = {
  /** Names (`tests`) or ids (`answer/files`) of checks: where all of them are asked for, the part is checked. */
  checked: names,
  /** Checks that look at some of it. */
  partly: names,
  /** Checks that only look whether it is there. */
  presence: names,
};

/**
 * `asked.yaml` beside a prompt: its instructions and variables, each with the checks that look at it. It is not sent to
 * models.
 */
export const requestPartsSchema = z.strictObject({
  instructions: z.array(z.strictObject({ words: z.string().min(1), ...lookedAt })),
  variables: z
    .record(
      z.string(),
      z.strictObject({
        ...lookedAt,
        /** Whether the value is listed clause by clause, each checked where a probe of the contract quotes it. */
        quoted: z.boolean().default(false),
      }),
    )
    .default({}),
});

export type Extent = (typeof extents)[number];
export type RequestPart = z.infer<typeof requestPartSchema>;
export type RequestParts = z.infer<typeof requestPartsSchema>;
export type LookedAt = Readonly<Record<'checked' | 'partly' | 'presence', readonly string[]>>;

/** Whether a prompt's list names a check by its id. */
export function namesCheck({ instructions, variables }: RequestParts, id: string): boolean {
  return [...instructions, ...Object.values(variables)].some(({ checked, partly, presence }) =>
    [...checked, ...partly, ...presence].includes(id),
  );
}
