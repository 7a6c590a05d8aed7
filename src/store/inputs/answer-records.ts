/** JSON Lines: records read one by one, so that a file of any size is no matter. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../../domain/usage-error.ts';
import { foundInstead } from '../../formats/system-error.ts';

const answerRecord = z.looseObject({ id: z.union([z.string(), z.number()]), answer: z.string() });

/** An answer with the name under which its owner files it. */
export type AnswerRecord = z.infer<typeof answerRecord>;

/**
 * The records of a file, or of standard input for `-`. Throws `UsageError` with the line of a record that does not fit.
 */
export async function* answerRecords(path: string): AsyncGenerator<AnswerRecord> {
  const from = path === '-' ? 'standard input' : path;
  let line = 0;
  for await (const bytes of rawLines(path)) {
    line += 1;
    const record = parseRecord(bytes, `${from}:${line}`, line === 1);
    if (record !== null) yield record;
  }
}

/** Lines end at `\n` only: JSON texts may hold the other separators that Unicode knows. */
async function* rawLines(path: string): AsyncGenerator<Buffer> {
  const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
  let unfinished: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...unfinished, chunk.subarray(start, end)]);
        unfinished = [];
        start = end + 1;
      }
      if (start < chunk.length) unfinished.push(chunk.subarray(start));
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new UsageError(`--jsonl ${path}: expected a file of JSON Lines, found ${foundInstead(error)}.`, {
      cause: error,
    });
  }
  if (unfinished.length > 0) yield Buffer.concat(unfinished);
}

const shape = 'a JSON object with id and answer on one line';

/** The record; null for a blank line. */
function parseRecord(bytes: Buffer, where: string, first: boolean): AnswerRecord | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: !first }).decode(bytes).trim();
  } catch {
    throw new UsageError(`${where}: expected ${shape}, found bytes that are not UTF-8.`);
  }
  if (text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${where}: expected ${shape}, found text that is not JSON.`);
  }
  const parsed = answerRecord.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path.join('.') ?? '';
  throw new UsageError(
    `${where}: expected ${shape}, found ${key === '' ? 'no object' : `${key} that is ${wrong(value, key)}`}.`,
  );
}

const wrong = (value: unknown, key: string): string =>
  Object.hasOwn(value as object, key) ? `no ${key === 'id' ? 'string or number' : 'string'}` : 'missing';
