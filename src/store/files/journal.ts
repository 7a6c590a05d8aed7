import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { cellSchema } from '../../domain/grading/cell.ts';
import { fingerprintSchema, manifestSchema } from '../../domain/runs/run.ts';
import { withPath } from './atomic.ts';
import { sha256 } from './hash.ts';

/** Kinds of artifacts of a cell: each is a folder of the run. */
export const artifactKinds = ['answers', 'files', 'evidence', 'resolutions', 'grades'] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/** What the journal says that a later start goes by. Lines of other kinds are for people. */
const entrySchema = z.discriminatedUnion('event', [
  z.looseObject({ event: z.literal('run-started'), manifest: manifestSchema }),
  z.looseObject({
    event: z.literal('answered'),
    cell: cellSchema,
    /** Hash of the request and the model's settings. */
    asked: z.string(),
    /** Hash of the answer's files. */
    answers: z.string(),
  }),
  z.looseObject({
    event: z.literal('graded'),
    cell: cellSchema,
    fingerprint: fingerprintSchema,
    /** Version of each tool of the cell's languages, by name. */
    tools: z.record(z.string(), z.string()),
    /** Hash of the cell's files of each kind. */
    artifacts: z.record(z.enum(artifactKinds), z.string()),
  }),
]);
export type JournalEntry = z.infer<typeof entrySchema>;

/** Makes a line that a crash cut off a line of its own, so that the next one is whole. */
export async function mendJournal(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
}

const sumOf = (body: string): string => sha256(body).slice(0, 16);

/** Appends one line, with a sum of itself. */
export async function appendLine(path: string, fields: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify(fields);
  try {
    await appendFile(path, `${body.slice(0, -1)},"sum":"${sumOf(body)}"}\n`);
  } catch (error) {
    throw withPath(error, path);
  }
}

/** A line's fields; null when it is torn or was changed. */
function fieldsOf(line: string): unknown {
  const [, body = '', sum = ''] = /^(\{.*),"sum":"([0-9a-f]{16})"\}$/.exec(line) ?? [];
  return sumOf(`${body}}`) === sum ? JSON.parse(`${body}}`) : null;
}

/**
 * The fields of all whole lines, in their order, and the numbers of the damaged ones. Nothing of a file that is not
 * there.
 */
export async function readLines(path: string): Promise<{ lines: unknown[]; damaged: number[] }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw withPath(error, path);
  });
  const lines: unknown[] = [];
  const damaged: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const fields = fieldsOf(line);
    if (fields === null) damaged.push(index + 1);
    else lines.push(fields);
  }
  return { lines, damaged };
}

/** What a journal says, in its order, and the numbers of the lines that say nothing because they are damaged. */
export async function readJournal(path: string): Promise<{ entries: JournalEntry[]; damaged: number[] }> {
  const { lines, damaged } = await readLines(path);
  return { entries: lines.flatMap((line) => entrySchema.safeParse(line).data ?? []), damaged };
}
