/** Reports of pull requests as files: one job writes them, and another, which may comment, reads them. */
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pullReportSchema } from '../../domain/runs/pull-request.ts';
import type { PullReport } from '../../domain/runs/pull-request.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { writeJson } from '../../store/files/atomic.ts';
import { parseJson } from '../../store/files/yaml.ts';

/** A report of one suite is some kilobytes; whoever writes more means no good. */
const MOST_BYTES = 1_000_000;
const MOST_FILES = 100;

/** Writes each report into a folder, by the name of its suite. */
export async function writeReports(folder: string, reports: readonly PullReport[]): Promise<void> {
  for (const report of reports) await writeJson(join(folder, `${report.suite}.json`), report);
}

/**
 * Reads reports that a stranger's job may have written: plain files of a bounded size and number, that fit the schema
 * and are called like their suite. Throws `UsageError` for anything else, and posts nothing of it.
 */
export async function readReports(folder: string): Promise<PullReport[]> {
  const names = (await readdir(folder).catch((): string[] => [])).sort();
  if (names.length === 0 || names.length > MOST_FILES)
    throw new UsageError(`${folder}: expected 1 to ${MOST_FILES} reports, found ${names.length} files.`);
  const reports: PullReport[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const file = await lstat(path);
    if (!file.isFile() || file.size > MOST_BYTES)
      throw new UsageError(`${path}: expected a report of at most ${MOST_BYTES} bytes, found something else.`);
    const report = parseJson(pullReportSchema, await readFile(path, 'utf8'), path);
    if (name !== `${report.suite}.json`)
      throw new UsageError(`${path}: expected the report of the suite that it is called like, found another.`);
    reports.push(report);
  }
  return reports;
}
