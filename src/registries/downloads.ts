/** What was downloaded from registries, kept on disk by Cupel alone and compared with its hash whenever it is used. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const recordSchema = z.strictObject({
  /** What it is kept under. */
  key: z.string(),
  /** Where it came from, after redirections. */
  url: z.string(),
  type: z.string(),
  etag: z.string().nullable(),
  /** Of its bytes. */
  sha256: z.string(),
  /** Milliseconds since 1970: when the registry said last that this is what it has. */
  confirmedAt: z.number(),
});
type DownloadRecord = z.infer<typeof recordSchema>;

/** Something that was downloaded: a record, and where its bytes are. */
export interface Download {
  record: DownloadRecord;
  path: string;
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** A folder of downloads. Nothing in it is ever shown to a program in the sandbox but by its content. */
export class Downloads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #pathOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return join(this.#folder, name.slice(0, 2), name);
  }

  /** What is kept under a key; null when there is nothing, or when its bytes are not those that were downloaded. */
  async get(key: string): Promise<Download | null> {
    const path = this.#pathOf(key);
    try {
      const record = recordSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
      return record.key === key && (await hashOfFile(path)) === record.sha256 ? { record, path } : null;
    } catch {
      return null; // missing, torn or damaged: it is downloaded again
    }
  }

  /** Keeps what a registry answers. */
  async put(key: string, parts: Pick<DownloadRecord, 'url' | 'type' | 'etag'>, body: Readable): Promise<Download> {
    const path = this.#pathOf(key);
    await mkdir(join(path, '..'), { recursive: true });
    const unfinished = `${path}.${randomUUID()}`;
    try {
      const hash = createHash('sha256');
      await pipeline(
        body,
        async function* (source: AsyncIterable<Buffer>) {
          for await (const part of source) {
            hash.update(part);
            yield part;
          }
        },
        createWriteStream(unfinished),
      );
      const record = { key, ...parts, sha256: hash.digest('hex'), confirmedAt: Date.now() };
      await rename(unfinished, path);
      await this.#write(path, record);
      return { record, path };
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  /** Notes that the registry still has the same. */
  async confirm({ record, path }: Download): Promise<Download> {
    const confirmed = { ...record, confirmedAt: Date.now() };
    await this.#write(path, confirmed);
    return { record: confirmed, path };
  }

  async #write(path: string, record: DownloadRecord): Promise<void> {
    const unfinished = `${path}.${randomUUID()}.json`;
    await writeFile(unfinished, JSON.stringify(record));
    await rename(unfinished, `${path}.json`);
  }
}
