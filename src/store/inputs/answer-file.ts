import { readFile } from 'node:fs/promises';
import { UsageError } from '../../domain/usage-error.ts';

/** Reads an answer. Throws `UsageError` when it is no text file. */
export async function readAnswerFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UsageError(
      `${path}: expected a file with an answer, or the id of a run; found ` +
        `${(error as NodeJS.ErrnoException).code ?? 'an error'}.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new UsageError(`${path}: expected text in UTF-8, found bytes that are not.`);
  }
}
