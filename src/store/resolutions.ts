import { join } from 'node:path';
import type { Project } from '../domain/project.ts';
import type { Resolution } from '../contract/runner.ts';
import { writeJson } from './atomic.ts';
import { sha256 } from './hash.ts';
import { readResolution } from './library.ts';
import type { KeptResolution } from './library.ts';

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

/** Looks beside the answer first (`besides`), then among those committed, then in the state folder; new ones go there. */
export async function answerResolutions(
  text: string,
  places: { state: string; besides: string | null; committed: ReadonlyMap<string, KeptResolution> },
): Promise<AnswerResolutions> {
  const answer = sha256(text);
  const path = join(places.state, 'resolutions', `${answer}.json`);
  const candidates = [
    places.besides === null ? null : await readResolution(places.besides),
    places.committed.get(answer) ?? null,
    await readResolution(path),
  ];
  const kept: KeptResolution = candidates.find((candidate) => candidate?.answer === answer) ?? { answer, projects: {} };
  let changed = false;
  return {
    get: (project) => kept.projects[nameOf(project)] ?? null,
    keep(project, resolution) {
      kept.projects[nameOf(project)] = { ...resolution };
      changed = true;
    },
    all: () => kept,
    async save() {
      if (changed) await writeJson(path, kept);
      changed = false;
    },
  };
}
