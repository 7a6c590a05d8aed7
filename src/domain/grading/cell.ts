import { z } from 'zod';

/** prompt@version x scenario x model x repeat: the name under which every artifact is filed. */
export const cellSchema = z.strictObject({
  /**
   * The reference as it was written (`code-generation-assistant@2.1`, `git:main:prompts/x.md`); null for a bare answer.
   */
  prompt: z.string().nullable(),
  scenario: z.string().nullable(),
  model: z.string().nullable(),
  /** Counted from 1. */
  repeat: z.int().positive(),
});

export type Cell = z.infer<typeof cellSchema>;

/** A cell's name for people. */
export function cellName(cell: Cell): string {
  const parts = [cell.scenario ?? 'answer', cell.prompt, cell.model].filter((part) => part !== null);
  return `${parts.join(' × ')} #${cell.repeat}`;
}

/** A cell's name as one safe path component; different cells have different names. */
export function cellKey(cell: Cell): string {
  return [cell.scenario, cell.prompt, cell.model, `r${cell.repeat}`]
    .map((part) =>
      encodeURIComponent(part ?? '')
        .replaceAll('*', '%2A')
        .replaceAll('~', '%7E'),
    )
    .join('~');
}
