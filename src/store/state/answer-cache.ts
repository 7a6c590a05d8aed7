import { open, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { answerSchema } from '../../domain/grading/answer.ts';
import type { Answer } from '../../domain/grading/answer.ts';
import type { AnswerCache } from '../../ports/answers.ts';
import { makeFolder, writeJson } from '../files/atomic.ts';
import { diskBatches, pendingAnswers } from './batch-records.ts';
import { hashOf, sha256 } from '../files/hash.ts';
import { inFlight, inSingleFlight } from './single-flight.ts';

const entrySchema = z.strictObject({
  key: z.string(),
  answer: answerSchema,
  /** Hash of key and answer: an entry that was torn or changed is not believed. */
  seal: z.string(),
});

const sealOf = (key: string, answer: Answer): string =>
  hashOf(['kept answer', key, { ...answer, text: sha256(answer.text) }]);

/** More than the largest answer needs, so that what is paid for finds its place. */
const ROOM_BYTES = 8 * 1024 * 1024;

/** Makes the folder; its name for the kernel is the same by whatever path it is reached. */
async function placeOf(folder: string): Promise<string> {
  await makeFolder(folder);
  const { dev, ino } = await stat(folder);
  return sha256(`${dev}:${ino}`).slice(0, 16);
}

function believed(text: string, key: string): Answer | null {
  try {
    const entry = entrySchema.parse(JSON.parse(text));
    return entry.key === key && entry.seal === sealOf(key, entry.answer) ? entry.answer : null;
  } catch {
    return null;
  }
}

/**
 * Answers as files `<state>/answers/<first two>/<key>.json`; `note` is told of damaged ones. Rejects for one that is
 * there and cannot be read.
 */
export function diskAnswers(state: string, note: (text: string) => void = () => {}): AnswerCache {
  const folder = join(state, 'answers');
  let place: Promise<string> | null = null;
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), `${key}.json`);
  const nameOf = async (key: string): Promise<string> => `cupel-${await (place ??= placeOf(folder))}-${key}`;
  return {
    async get(key) {
      const text = await readFile(pathOf(key), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (text === null) return null;
      const answer = believed(text, key);
      if (answer === null) note(`the answer in ${pathOf(key)} is damaged; it is asked for again, and paid for again`);
      return answer;
    },
    put: (key, answer) => writeJson(pathOf(key), { key, answer, seal: sealOf(key, answer) }),
    alone: async (key, signal, work) => inSingleFlight(await nameOf(key), signal, work),
    isBusy: async (key) => inFlight(await nameOf(key)),
    pending: (key) => pendingAnswers(diskBatches(state)).then((batches) => batches.get(key) ?? null),
    async expectRoom() {
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < ROOM_BYTES) {
        throw Object.assign(
          new Error(
            `${folder}: expected ${ROOM_BYTES / 1024 / 1024} MiB of free space for an answer, found ` +
              `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB; nothing was asked`,
          ),
          { code: 'ENOSPC' },
        );
      }
      const probe = join(folder, `.probe-${process.pid}`);
      await (await open(probe, 'w')).close();
      await rm(probe, { force: true });
    },
  };
}
