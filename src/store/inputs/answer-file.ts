import { readFile } from 'node:fs/promises';
import { UsageError } from '../../domain/usage-error.ts';
import { foundInstead } from '../../formats/system-error.ts';

/** Reads an answer. Throws `UsageError` when it is no text file. */
export async function readAnswerFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const name = path === '' ? 'an empty name' : path;
    throw new UsageError(`${name}: expected a file with an answer, or the id of a run; found ${foundInstead(error)}.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new UsageError(`${path}: expected text in UTF-8, found bytes that are not.`);
  }
}
