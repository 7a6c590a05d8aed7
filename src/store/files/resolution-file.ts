import { readFile } from 'node:fs/promises';
import { resolutionSchema } from '../../domain/runs/resolution.ts';
import type { KeptResolution } from '../../domain/runs/resolution.ts';

/** A resolution from its JSON text; null for any other text. */
export function parseResolution(text: string): KeptResolution | null {
  try {
    return resolutionSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The resolution in a file; null when there is none, or when it is damaged: it is made again then. */
export async function readResolution(path: string): Promise<KeptResolution | null> {
  return parseResolution(await readFile(path, 'utf8').catch(() => ''));
}
