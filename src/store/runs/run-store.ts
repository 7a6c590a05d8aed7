import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { z } from 'zod';
import { answerSchema } from '../../domain/grading/answer.ts';
import type { Answer } from '../../domain/grading/answer.ts';
import { cellKey, cellName } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import { evidenceName } from '../../domain/grading/check.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import { gradeSchema } from '../../domain/grading/grade.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { manifestSchema, resultsSchema } from '../../domain/runs/run.ts';
import type { WholePlan } from '../../domain/runs/plan.ts';
import type { Fingerprint, Manifest, Results } from '../../domain/runs/run.ts';
import type { KeptResolution } from '../../domain/runs/resolution.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { makeFolder, removeCutOff, writeAtomically, writeJson } from '../files/atomic.ts';
import { hashOf, sha256 } from '../files/hash.ts';
import { appendLine, artifactKinds, mendJournal, readJournal } from '../files/journal.ts';
import type { ArtifactKind, JournalEntry } from '../files/journal.ts';
import { takeLock } from '../files/lock.ts';
import type { Lock } from '../files/lock.ts';
import { parseJson, validated } from '../files/yaml.ts';

/** What an earlier start of a run left that still holds. */
export interface Earlier {
  manifest: Manifest;
  /** Grades with all that belongs to them, by the cell's key; `tools` are the versions that made them. */
  grades: Map<string, { grade: Grade; fingerprint: Fingerprint; tools: Readonly<Record<string, string>> }>;
}

/** Files below a folder, relative to it, in order; none when there is no such folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The artifacts of one run: `reports/runs/<id>/`. Each is written whole or not at all; the journal only grows. */
export class RunStore {
  readonly folder: string;
  /** The folder, relative to the project's. */
  readonly path: string;
  readonly #id: string;
  readonly #note: (text: string) => void;
  /** What the journal knew at the start. */
  #entries: readonly JournalEntry[] = [];

  /**
   * `note` is told of artifacts that are damaged, and what is done about it. `folder` is where the run lies when
   * that is not below the project.
   */
  constructor(root: string, id: string, note: (text: string) => void = () => {}, folder?: string) {
    this.path = join('reports', 'runs', id);
    this.folder = folder ?? join(root, this.path);
    this.#id = id;
    this.#note = note;
  }

  /**
   * Takes a run for this process; `again` for one that was started before. Throws `UsageError` when another process is
   * at it.
   */
  async take(again: boolean): Promise<Lock> {
    if (again && !existsSync(this.folder))
      throw new UsageError(
        `--resume ${this.#id}: expected a run of that name in ${dirname(this.folder)}, found none; cupel list ` +
          'shows the runs.',
      );
    await makeFolder(this.folder);
    return takeLock(join(this.folder, 'lock'), `run ${this.#id}`);
  }

  /** Begins a run that was taken, or goes on with it; `plan` is the whole plan of which a shard is a part. */
  async start(manifest: Manifest, plan?: WholePlan): Promise<void> {
    await mendJournal(this.#journal);
    // Files and evidence are replaced whole, folder and all.
    for (const kind of ['', 'answers', 'resolutions', 'grades']) await removeCutOff(join(this.folder, kind));
    await writeJson(join(this.folder, 'run.json'), manifest);
    if (plan !== undefined) await writeJson(join(this.folder, 'plan.json'), plan);
    await this.journal('run-started', { manifest });
  }

  get #journal(): string {
    return join(this.folder, 'journal.ndjson');
  }

  /** One line a happening, in order. */
  async journal(event: string, fields: Record<string, unknown>): Promise<void> {
    await appendLine(this.#journal, { at: new Date().toISOString(), event, ...fields });
  }

  #path(kind: ArtifactKind, cell: Cell, ending: string): string {
    return join(this.folder, kind, `${cellKey(cell)}${ending}`);
  }

  /** Hash of a cell's files of one kind, as they are on disk. */
  async #hashOf(kind: ArtifactKind, cell: Cell): Promise<string> {
    const paths: Readonly<Record<ArtifactKind, readonly string[]>> = {
      answers: ['.md', '.json'],
      resolutions: ['.json'],
      grades: ['.json'],
      files: (await filesBelow(this.#path('files', cell, ''))).map((path) => `/${path}`),
      evidence: (await filesBelow(this.#path('evidence', cell, ''))).map((path) => `/${path}`),
    };
    const read = (path: string): Promise<string> => readFile(this.#path(kind, cell, path)).then(sha256, () => 'none');
    return hashOf(await Promise.all(paths[kind].map(async (path) => [path, await read(path)])));
  }

  /**
   * The answer as text for people and, with all that is known of it, as JSON for programs; `question` is the hash of
   * what it answers.
   */
  async keepAnswer(cell: Cell, answer: Answer, question: string): Promise<void> {
    await writeAtomically(this.#path('answers', cell, '.md'), answer.text);
    await writeJson(this.#path('answers', cell, '.json'), answer);
    await this.journal('answered', { cell, asked: question, answers: await this.#hashOf('answers', cell) });
  }

  /** The files as laid out, in place of those of an earlier start. */
  async keepFiles(cell: Cell, files: readonly AnswerFile[]): Promise<void> {
    await rm(this.#path('files', cell, ''), { recursive: true, force: true });
    for (const file of files) await writeAtomically(join(this.#path('files', cell, ''), file.path), file.text);
  }

  /** The grade, each check's evidence beside it, and what its dependencies resolved to. */
  async keepGrade(
    grade: Grade,
    resolution: KeptResolution,
    fingerprint: Fingerprint,
    tools: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { cell } = grade;
    await rm(this.#path('evidence', cell, ''), { recursive: true, force: true });
    for (const check of grade.checks) {
      if (check.evidence.length === 0) continue;
      await writeJson(join(this.#path('evidence', cell, ''), `${evidenceName(check.id)}.json`), check.evidence);
    }
    await writeJson(this.#path('resolutions', cell, '.json'), resolution);
    await writeJson(this.#path('grades', cell, '.json'), grade);
    const artifacts = Object.fromEntries(
      await Promise.all(artifactKinds.map(async (kind) => [kind, await this.#hashOf(kind, cell)] as const)),
    );
    await this.journal('graded', { cell, verdict: grade.verdict, score: grade.score, fingerprint, tools, artifacts });
  }

  /** Whether there is something that a later start can go on with. */
  exists(): boolean {
    return existsSync(this.folder);
  }

  /**
   * What an earlier start left; null when it ended before it began. What is damaged is told to `note` and left out.
   * Throws `UsageError` when nobody knows what the run was for.
   */
  async earlier(): Promise<Earlier | null> {
    if (!existsSync(this.#journal) && !existsSync(join(this.folder, 'run.json'))) return null;
    const { entries, damaged } = await readJournal(this.#journal);
    this.#entries = entries;
    for (const line of damaged) this.#note(`line ${line} of ${this.#journal} is damaged; what it told is done again`);
    const grades: Earlier['grades'] = new Map();
    for (const entry of entries) {
      if (entry.event !== 'graded') continue;
      const key = cellKey(entry.cell);
      grades.delete(key); // the last word counts
      const changed = await this.#changed(entry.cell, entry.artifacts);
      if (changed.length === 0)
        grades.set(key, { grade: await this.#grade(entry.cell), fingerprint: entry.fingerprint, tools: entry.tools });
      else if (entries.findLast((other) => other.event === 'graded' && cellKey(other.cell) === key) === entry) {
        this.#note(`what is kept of ${cellName(entry.cell)} is damaged (${changed.join(', ')}); it is graded again`);
      }
    }
    return { manifest: await this.#manifest(), grades };
  }

  /** Kinds of a cell's artifacts that are not what was written. */
  async #changed(cell: Cell, written: Readonly<Record<ArtifactKind, string>>): Promise<ArtifactKind[]> {
    const same = await Promise.all(
      artifactKinds.map(async (kind) => (await this.#hashOf(kind, cell)) === written[kind]),
    );
    return artifactKinds.filter((_kind, index) => same[index] !== true);
  }

  async #grade(cell: Cell): Promise<Grade> {
    const path = this.#path('grades', cell, '.json');
    return parseJson(gradeSchema, await readFile(path, 'utf8'), path);
  }

  /** What the run was for: by the journal, else by run.json. */
  async #manifest(): Promise<Manifest> {
    const path = join(this.folder, 'run.json');
    const text = await readFile(path, 'utf8').catch(() => '');
    const manifest = this.#entries.findLast((entry) => entry.event === 'run-started')?.manifest;
    if (manifest === undefined) return parsed(manifestSchema, text, path, 'start the suite anew');
    const file = manifestSchema.safeParse(jsonOf(text));
    // Tools are known when the run has ended.
    if (!file.success || hashOf({ ...file.data, tools: {} }) !== hashOf({ ...manifest, tools: {} })) {
      this.#note(`${path} is damaged; it is made again`);
    }
    return manifest;
  }

  /**
   * The answer of an earlier start to a question, given as its hash (null: to whatever was asked then). Null when there
   * is none, and when it is damaged, which `note` is told. One that the journal does not have is none: what was paid
   * for is in the cache.
   */
  async earlierAnswer(cell: Cell, question: string | null): Promise<Answer | null> {
    const entry = this.#entries.findLast((each) => each.event === 'answered' && cellKey(each.cell) === cellKey(cell));
    if (entry?.event !== 'answered' || (question !== null && entry.asked !== question)) return null;
    const text = await readFile(this.#path('answers', cell, '.json'), 'utf8').catch(() => '');
    const whole = entry.answers === (await this.#hashOf('answers', cell));
    const answer = answerSchema.safeParse(jsonOf(text));
    const plain = await readFile(this.#path('answers', cell, '.md'), 'utf8').catch(() => null);
    if (whole && answer.success && plain === answer.data.text) return answer.data;
    this.#note(`the answer of ${cellName(cell)} is damaged; the model is asked again`);
    return null;
  }

  /**
   * Takes over what another run has of a cell: its files, and the last words of its journal. The other run must have
   * been read with `earlier`.
   */
  async adopt(cell: Cell, other: RunStore): Promise<void> {
    const key = cellKey(cell);
    for (const kind of artifactKinds) {
      const entries = await readdir(join(other.folder, kind), { withFileTypes: true }).catch(() => []);
      for (const entry of entries.filter(({ name }) => [key, `${key}.md`, `${key}.json`].includes(name))) {
        const path = join(kind, entry.name);
        const below = entry.isDirectory() ? await filesBelow(join(other.folder, path)) : [];
        const files = entry.isFile() ? [path] : below.map((inner) => join(path, inner)); // never what a link points to
        for (const file of files)
          await writeAtomically(join(this.folder, file), await readFile(join(other.folder, file)));
      }
    }
    for (const event of ['answered', 'graded'] as const) {
      const entry = other.#entries.findLast(
        (each) => each.event !== 'run-started' && each.event === event && cellKey(each.cell) === key,
      );
      if (entry !== undefined) await appendLine(this.#journal, entry);
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
    return parsed(resultsSchema, await this.#text(path), path, `make it again with cupel run --resume ${this.#id}`);
  }

  async answer(cell: Cell): Promise<Answer> {
    const path = this.#path('answers', cell, '.json');
    return parsed(answerSchema, await this.#text(path), path, `make it again with cupel run --resume ${this.#id}`);
  }

  /**
   * An answer and some of its files (paths that went through the path jail), for reports; what is gone is null or
   * absent.
   */
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

/** The value of a JSON text; undefined when it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An artifact that fits its schema. Throws `UsageError` with what was found and what to do. */
function parsed<T extends z.ZodType>(schema: T, text: string, path: string, remedy: string): z.output<T> {
  const value = jsonOf(text);
  if (value === undefined)
    throw new UsageError(
      `${path}: expected JSON as it was written, found ${text === '' ? 'nothing' : 'something else'}; ${remedy}.`,
    );
  return validated(schema, value, path);
}

/** Ids of the runs, the newest last. */
export async function runIds(root: string): Promise<string[]> {
  try {
    return (await readdir(join(root, 'reports', 'runs'))).sort();
  } catch {
    return [];
  }
}

/** Id of the latest run that is finished; undefined when there is none. */
export async function latestRun(root: string): Promise<string | undefined> {
  return (await runIds(root)).findLast((id) => existsSync(join(new RunStore(root, id).folder, 'results.json')));
}
