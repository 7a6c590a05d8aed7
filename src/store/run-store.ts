import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answerSchema } from '../domain/answer.ts';
import type { Answer } from '../domain/answer.ts';
import { cellKey } from '../domain/cell.ts';
import type { Cell } from '../domain/cell.ts';
import { evidenceName } from '../domain/check.ts';
import type { AnswerFile } from '../domain/extraction.ts';
import { gradeSchema } from '../domain/grade.ts';
import type { Grade } from '../domain/grade.ts';
import { manifestSchema, resultsSchema } from '../domain/run.ts';
import type { Fingerprint, Manifest, Results } from '../domain/run.ts';
import { UsageError } from '../domain/usage-error.ts';
import { writeAtomically, writeJson } from './atomic.ts';
import { sha256 } from './hash.ts';
import { appendLine, gradedCells, mendJournal } from './journal.ts';
import type { KeptResolution } from './library.ts';
import { takeLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { validated } from './yaml.ts';

/** The artifacts of one run: `reports/runs/<id>/`. Each is written whole or not at all; the journal only grows. */
export class RunStore {
  readonly folder: string;

  constructor(root: string, id: string) {
    this.folder = join(root, 'reports', 'runs', id);
  }

  /** Begins a run, or goes on with one that is held until the lock is given back. Throws `UsageError` when another process is at it. */
  async start(manifest: Manifest): Promise<Lock> {
    await mkdir(this.folder, { recursive: true });
    const lock = await takeLock(join(this.folder, 'lock'), `run ${manifest.id}`);
    await mendJournal(join(this.folder, 'journal.ndjson'));
    await writeJson(join(this.folder, 'run.json'), manifest);
    await this.journal('run-started', { id: manifest.id });
    return lock;
  }

  /** One line a happening, in order. */
  async journal(event: string, fields: Record<string, unknown>): Promise<void> {
    await appendLine(join(this.folder, 'journal.ndjson'), { at: new Date().toISOString(), event, ...fields });
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
  async keepGrade(grade: Grade, resolution: KeptResolution, fingerprint: Fingerprint): Promise<void> {
    const { cell } = grade;
    for (const check of grade.checks) {
      if (check.evidence.length === 0) continue;
      await writeJson(join(this.#path('evidence', cell, ''), `${evidenceName(check.id)}.json`), check.evidence);
    }
    await writeJson(this.#path('resolutions', cell, '.json'), resolution);
    const path = this.#path('grades', cell, '.json');
    await writeJson(path, grade);
    const written = sha256(await readFile(path));
    await this.journal('graded', { cell, verdict: grade.verdict, score: grade.score, fingerprint, sha256: written });
  }

  /** What an earlier start of this run was for. Throws `UsageError` when there is no such run. */
  async manifest(): Promise<Manifest> {
    const path = join(this.folder, 'run.json');
    return validated(manifestSchema, JSON.parse(await this.#text(path)), path);
  }

  /** The grades of an earlier start, by the cell's key; a file that is not what was written is `damaged`. */
  async graded(): Promise<Map<string, { grade: Grade; fingerprint: Fingerprint } | 'damaged'>> {
    const found = new Map<string, { grade: Grade; fingerprint: Fingerprint } | 'damaged'>();
    for (const entry of await gradedCells(join(this.folder, 'journal.ndjson'))) {
      const text = await readFile(this.#path('grades', entry.cell, '.json'), 'utf8').catch(() => '');
      const whole = sha256(text) === entry.sha256;
      const grade = whole ? validated(gradeSchema, JSON.parse(text), 'a grade') : null;
      found.set(cellKey(entry.cell), grade === null ? 'damaged' : { grade, fingerprint: entry.fingerprint });
    }
    return found;
  }

  /** The answer of an earlier start; null when there is none, or when text and record differ. */
  async earlierAnswer(cell: Cell): Promise<Answer | null> {
    try {
      const answer = answerSchema.parse(JSON.parse(await readFile(this.#path('answers', cell, '.json'), 'utf8')));
      return (await readFile(this.#path('answers', cell, '.md'), 'utf8')) === answer.text ? answer : null;
    } catch {
      return null;
    }
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

  /** An answer and some of its files (paths that went through the path jail), for reports; what is gone is null or absent. */
  async texts(cell: Cell, paths: readonly string[]): Promise<{ answer: string | null; files: Map<string, string> }> {
    const files = new Map<string, string>();
    for (const path of paths) {
      const text = await readFile(join(this.#path('files', cell, ''), path), 'utf8').catch(() => null);
      if (text !== null) files.set(path, text);
    }
    return { answer: await readFile(this.#path('answers', cell, '.md'), 'utf8').catch(() => null), files };
  }

  /** Writes a report beside the others; returns its path. */
  async keepReport(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeAtomically(path, text);
    return path;
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
