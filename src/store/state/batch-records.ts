import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { batchRecordSchema } from '../../domain/runs/batch.ts';
import type { BatchRecord } from '../../domain/runs/batch.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { BatchRecords } from '../../ports/batches.ts';
import { writeJson } from '../files/atomic.ts';

/** Without a record something could be paid twice, so a damaged one ends the command. */
async function readRecord(path: string): Promise<BatchRecord> {
  try {
    return batchRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new UsageError(
      `${path}: expected the record of a batch, found something else; without it answers could be paid twice. ` +
        'Restore it, or delete it if its batch was never submitted.',
      { cause: error },
    );
  }
}

/** Records as files `<state>/batches/<name>.json`. Throws `UsageError` for one that cannot be read. */
export function diskBatches(state: string): BatchRecords {
  const folder = join(state, 'batches');
  const pathOf = ({ name }: BatchRecord): string => join(folder, `${name}.json`);
  return {
    async all() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const records = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => readRecord(join(folder, name))),
      );
      return records.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    write: (record) => writeJson(pathOf(record), record),
    remove: (record) => rm(pathOf(record), { force: true }),
  };
}

/** The batch that each answer is waited for from, by the answer's key. */
export async function pendingAnswers(records: BatchRecords): Promise<Map<string, string>> {
  const open = (await records.all()).filter(({ collected }) => !collected);
  return new Map(
    open.flatMap(({ name, batch, requests }) =>
      Object.values(requests).map(({ key }) => [key, batch ?? name] as const),
    ),
  );
}
