import type { CheckResult } from '../../domain/grading/check.ts';
import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { SharedChecks } from '../../ports/checks.ts';
import type { Draw, Kit, Resolution, Runner } from '../../ports/runner.ts';
import type { VerdictCache } from '../../ports/verdicts.ts';
import type { Lanes, Used } from './lanes.ts';

/** A folder in which files are laid out, for as long as it is needed. */
export interface LaidOut {
  folder: string;
  remove(): void;
}

/** What grading needs of this machine, the same for every answer of a process. */
export interface Grading {
  kit: Kit;
  runners: readonly Runner[];
  /** The checks that belong to no single language. */
  sharedChecks: SharedChecks;
  lanes: Lanes;
  cache: VerdictCache;
  /**
   * Whether a kept verdict on a project is used again when only files in projects of other languages are different.
   * For answers whose languages have nothing to do with one another; false when absent, for nobody knows that of a
   * model's answer.
   */
  languagesApart?: boolean;
  layOut(files: readonly AnswerFile[]): Promise<LaidOut>;
  /** Hash of a value, for cache keys. */
  hash(value: unknown): string;
  /** Hash of Cupel's own code that decides verdicts. */
  graderKey: string;
  /** Versions of a runner's tools; rejects when they cannot be had. */
  tools(runner: Runner): Promise<Record<string, string>>;
  /** Why a failure could be ours for now, such as a full disk; null when it could not. */
  trouble(): Promise<string | null>;
}

/** What grading one answer needs: the machine's part, and what belongs to this answer. */
export interface AnswerEffects {
  grading: Grading;
  /** Draws lots for this answer. */
  draw: Draw;
  /** What the dependencies of the answer's projects resolved to. */
  resolutions: {
    get(project: Project): Resolution | null;
    keep(project: Project, resolution: Resolution): void;
  };
  /** What checks of the same scenario took in earlier runs. */
  history: {
    /** Null when no check of this name has run. */
    expected(id: string): Used | null;
    learn(id: string, used: Used): void;
  };
  /** Told how the answer's grading goes on. */
  listener: {
    /** The files that were taken out of the answer; checks start when it resolves. */
    extracted(files: readonly AnswerFile[]): Promise<void>;
    checkStarted(id: string): void;
    checkEnded(result: CheckResult, cached: boolean): void;
  };
}

/** Lays files out for as long as `use` takes. */
export async function withFiles<T>(
  { layOut }: Pick<Grading, 'layOut'>,
  files: readonly AnswerFile[],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const laidOut = await layOut(files);
  try {
    return await use(laidOut.folder);
  } finally {
    laidOut.remove();
  }
}
