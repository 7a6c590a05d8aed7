import type { LimitFunction } from 'p-limit';
import type { Answer } from '../../domain/grading/answer.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { fingerprintSchema } from '../../domain/runs/run.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { gradeAnswer, gradeWithoutAnswer } from '../../stages/pipeline.ts';
import { hashOf, sha256 } from '../../store/files/hash.ts';
import type { KeptResolution } from '../../domain/runs/resolution.ts';
import type { RunStore } from '../../store/runs/run-store.ts';
import type { Services } from '../services/services.ts';
import { measureCatches } from '../tests-catch/measure.ts';
import { answerEffects } from './answer-effects.ts';
import { questionHash } from './job.ts';
import type { CellJob, GradedCell } from './job.ts';
import { toolVersions } from './tool-versions.ts';

/** A run whose cells are taken to their grades. */
export interface OpenRun {
  services: Services;
  store: RunStore;
  listener: RunListener;
  /** Bounds how many answers are graded at the same time. */
  limit: LimitFunction;
}

/** An answer that was graded, what its dependencies resolved to, and the key from which its lots were drawn. */
interface GradedAnswer {
  text: string;
  resolution: KeptResolution;
  lots: string | null;
}

/** Writes a grade and all that belongs to it into the run's folder. */
async function keepGrade(
  { services: { grading }, store }: OpenRun,
  { planned }: CellJob,
  grade: Grade,
  { text, resolution, lots }: GradedAnswer,
): Promise<GradedCell> {
  const dependencies = Object.fromEntries(
    Object.entries(resolution.projects).map(([project, files]) => [project, hashOf(files)]),
  );
  // With its keys in the order in which a resumed run reads them back.
  const fingerprint = fingerprintSchema.parse({ ...planned, answer: sha256(text), dependencies, lots });
  await store.keepGrade(grade, resolution, fingerprint, await toolVersions(grading, [grade]));
  return { grade, fingerprint };
}

async function gradeAndKeep(run: OpenRun, job: CellJob, answer: Answer): Promise<GradedCell> {
  const { services, store, listener } = run;
  const { cell, judging, lots, testsCatch = false } = job;
  services.signal.throwIfAborted();
  const effects = await answerEffects(services, cell, answer, listener, {
    lots,
    keepFiles: (files) => store.keepFiles(cell, files),
  });
  const graded = await gradeAnswer(cell, answer, judging, effects);
  const { scenario } = judging;
  const grade = testsCatch ? await measureCatches(services, scenario, answer.text, graded) : graded;
  services.signal.throwIfAborted();
  await effects.resolutions.save();
  return keepGrade(run, job, grade, { text: answer.text, resolution: effects.resolutions.all(), lots: effects.lots });
}

/** Takes one cell to its answer, its files and its grade; each is kept before the next is made. */
export async function gradeCell(run: OpenRun, job: CellJob): Promise<GradedCell> {
  const { services, store, limit } = run;
  const { cell, judging } = job;
  const question = questionHash(job);
  const earlier = await store.earlierAnswer(cell, question);
  const generated = earlier === null ? await job.answer(services.signal) : { answer: earlier };
  if ('missing' in generated) {
    services.signal.throwIfAborted();
    const grade = gradeWithoutAnswer(cell, judging, generated.missing);
    return keepGrade(run, job, grade, { text: '', resolution: { answer: sha256(''), projects: {} }, lots: null });
  }
  if (earlier === null) await store.keepAnswer(cell, generated.answer, question);
  return limit(() => gradeAndKeep(run, job, generated.answer));
}
