import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Project } from '../../domain/grading/project.ts';
import { resolutionSchema } from '../../domain/runs/resolution.ts';
import type { KeptResolution } from '../../domain/runs/resolution.ts';
import type { Resolution } from '../../ports/runner.ts';
import { writeJson } from '../files/atomic.ts';
import { hashOf, sha256 } from '../files/hash.ts';
import { readResolution } from '../files/resolution-file.ts';

/** The resolutions of one answer's projects: what its dependencies resolved to, the first time. */
export interface AnswerResolutions {
  get(project: Pick<Project, 'language' | 'root'>): Resolution | null;
  keep(project: Pick<Project, 'language' | 'root'>, resolution: Resolution): void;
  /** Everything kept so far. */
  all(): KeptResolution;
  /** Writes what is new; done before the grade that rests on it is written. */
  save(): Promise<void>;
}

const nameOf = (project: Pick<Project, 'language' | 'root'>): string => `${project.language}@${project.root}`;

const sealOf = (kept: KeptResolution): string => hashOf(['resolution', kept]);

/**
 * A resolution from the state folder, where nobody else looks after it; null when there is none, or none to be
 * believed.
 */
async function readSealed(path: string, answer: string, note: (text: string) => void): Promise<KeptResolution | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { seal, ...kept } = resolutionSchema.extend({ seal: z.string() }).parse(JSON.parse(text));
    if (seal === sealOf(kept) && kept.answer === answer) return kept;
  } catch {
    // said below
  }
  note(`the resolution in ${path} is damaged; the answer's dependencies are resolved again`);
  return null;
}

interface Places {
  state: string;
  resolutionFile: string | null;
  /** Texts of answers that declare the same dependencies, the likeliest first. */
  like?: readonly string[];
  committed(answer: string): Promise<KeptResolution | null>;
  note(text: string): void;
}

const pathOf = (state: string, answer: string): string => join(state, 'resolutions', `${answer}.json`);

/** What is kept for an answer: beside it, among those committed, or in the state folder. */
async function keptFor(
  answer: string,
  { state, resolutionFile, committed, note }: Places,
): Promise<KeptResolution | null> {
  const beside = resolutionFile === null ? null : await readResolution(resolutionFile);
  if (beside?.answer === answer) return beside;
  return (await committed(answer)) ?? readSealed(pathOf(state, answer), answer, note);
}

/**
 * What the dependencies of an answer resolved to, or those of an answer that declares the same. New ones go to the
 * state folder.
 */
export async function answerResolutions(text: string, places: Places): Promise<AnswerResolutions> {
  const answer = sha256(text);
  const path = pathOf(places.state, answer);
  let kept: KeptResolution | null = null;
  for (const one of [text, ...(places.like ?? [])]) kept ??= await keptFor(sha256(one), places);
  return keeping({ answer, projects: { ...kept?.projects } }, path);
}

/** Resolutions that are written to a file when some are new. */
function keeping(kept: KeptResolution, path: string): AnswerResolutions {
  let changed = false;
  return {
    get: (project) => kept.projects[nameOf(project)] ?? null,
    keep(project, resolution) {
      kept.projects[nameOf(project)] = { ...resolution };
      changed = true;
    },
    all: () => kept,
    async save() {
      if (changed) await writeJson(path, { ...kept, seal: sealOf(kept) });
      changed = false;
    },
  };
}
