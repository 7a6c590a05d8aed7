import { appendFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answerSchema } from '../domain/answer.ts';
import type { Answer } from '../domain/answer.ts';
import { cellKey } from '../domain/cell.ts';
import type { Cell } from '../domain/cell.ts';
import type { AnswerFile } from '../domain/extraction.ts';
import { resultsSchema } from '../domain/run.ts';
import type { Manifest, Results } from '../domain/run.ts';
import type { Grade } from '../domain/grade.ts';
import { UsageError } from '../domain/usage-error.ts';
import { writeAtomically, writeJson } from './atomic.ts';
import type { KeptResolution } from './library.ts';
import { validated } from './yaml.ts';

/** The artifacts of one run: `reports/runs/<id>/`. Each is written whole or not at all; the journal only grows. */
export class RunStore {
  readonly folder: string;

  constructor(root: string, id: string) {
    this.folder = join(root, 'reports', 'runs', id);
  }

  async start(manifest: Manifest): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeJson(join(this.folder, 'run.json'), manifest);
    await this.journal('run-started', { id: manifest.id });
  }

  /** One line a happening, in order. */
  async journal(event: string, fields: Record<string, unknown>): Promise<void> {
    const line = JSON.stringify({ at: new Date().toISOString(), event, ...fields });
    await appendFile(join(this.folder, 'journal.ndjson'), `${line}\n`);
  }

  #path(kind: string, cell: Cell, ending: string): string {
    return join(this.folder, kind, `${cellKey(cell)}${ending}`);
  }

  /** The answer as text for people and, with all that is known of it, as JSON for programs. */
  async keepAnswer(cell: Cell, answer: Answer): Promise<void> {
    await writeAtomically(this.#path('answers', cell, '.md'), answer.text);
    await writeJson(this.#path('answers', cell, '.json'), answer);
    await this.journal('answered', { cell });
  }

  /** The files as laid out. */
  async keepFiles(cell: Cell, files: readonly AnswerFile[]): Promise<void> {
    for (const file of files) await writeAtomically(join(this.#path('files', cell, ''), file.path), file.text);
  }

  /** The grade, each check's evidence beside it, and what its dependencies resolved to. */
  async keepGrade(grade: Grade, resolution: KeptResolution): Promise<void> {
    const { cell } = grade;
    for (const check of grade.checks) {
      if (check.evidence.length === 0) continue;
      const name = check.id.replaceAll(/[^\w@.-]/g, '_');
      await writeJson(join(this.#path('evidence', cell, ''), `${name}.json`), check.evidence);
    }
    await writeJson(this.#path('resolutions', cell, '.json'), resolution);
    await writeJson(this.#path('grades', cell, '.json'), grade);
    await this.journal('graded', { cell, verdict: grade.verdict, score: grade.score });
  }

  async finish(results: Results, reports: Readonly<Record<string, string>>): Promise<void> {
    await writeJson(join(this.folder, 'run.json'), results.run);
    await writeJson(join(this.folder, 'results.json'), results);
    for (const [name, text] of Object.entries(reports)) await writeAtomically(join(this.folder, name), text);
    await this.journal('run-ended', {});
  }

  /** The finished run's grades. Throws `UsageError` when there are none. */
  async results(): Promise<Results> {
    const path = join(this.folder, 'results.json');
    return validated(resultsSchema, JSON.parse(await this.#text(path)), path);
  }

  async answer(cell: Cell): Promise<Answer> {
    const path = this.#path('answers', cell, '.json');
    return validated(answerSchema, JSON.parse(await this.#text(path)), path);
  }

  async #text(path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new UsageError(`expected a finished run with ${path}, found none; cupel list shows the runs.`);
    }
  }
}

/** Ids of the runs, the newest last. */
export async function runIds(root: string): Promise<string[]> {
  try {
    return (await readdir(join(root, 'reports', 'runs'))).sort();
  } catch {
    return [];
  }
}
