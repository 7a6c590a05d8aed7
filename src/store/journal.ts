import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { cellSchema } from '../domain/cell.ts';
import { fingerprintSchema } from '../domain/run.ts';

/** What the journal says of a graded cell: enough to take its grade over, and to see whether the file is still that grade. */
const gradedSchema = z.looseObject({
  event: z.literal('graded'),
  cell: cellSchema,
  fingerprint: fingerprintSchema,
  /** SHA-256 of the grade's file. */
  sha256: z.string(),
});
export type Graded = z.infer<typeof gradedSchema>;

/** Makes a line that a crash cut off a line of its own, so that the next one is whole. */
export async function mendJournal(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
}

/** Appends one line. */
export async function appendLine(path: string, fields: Record<string, unknown>): Promise<void> {
  await appendFile(path, `${JSON.stringify(fields)}\n`);
}

/** The last word on each graded cell, in the order of the journal; lines that are torn or of another kind say nothing. */
export async function gradedCells(path: string): Promise<Graded[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    try {
      const parsed = gradedSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
