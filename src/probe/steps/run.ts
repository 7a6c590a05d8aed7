import type { Step } from '../../domain/grading/contract/steps.ts';
import { exitedStep, fileStep, outputStep, restartStep, signalStep, waitStep } from './process.ts';
import { differentStep, equalStep } from './relations.ts';
import { holdStep, releaseStep, requestStep, sendStep } from './requests.ts';
import { scopeIn } from './step.ts';
import type { StepOutcome, StepRun } from './step.ts';
import { togetherStep } from './together.ts';

/** One step of a probe of a service. Rejects with `SandboxError` or `UnreachableError` for what is our failure. */
function runStep(run: StepRun, step: Step): Promise<StepOutcome> | StepOutcome {
  if ('request' in step) return requestStep(run, step);
  if ('together' in step) return togetherStep(run, step);
  if ('send' in step) return sendStep(run, step);
  if ('hold' in step) return holdStep(run, step);
  if ('release' in step) return releaseStep(run, step);
  if ('signal' in step) return signalStep(run, step);
  if ('exited' in step) return exitedStep(run, step);
  if ('restart' in step) return restartStep(run, step);
  if ('wait' in step) return waitStep(step);
  if ('file' in step) return fileStep(run, step);
  if ('output' in step) return outputStep(run, step);
  if ('equal' in step) return equalStep(scopeIn(run), step.equal);
  if ('different' in step) return differentStep(scopeIn(run), step.different);
  throw new Error('a service is not run as a command: the contract should have been refused');
}

/** All steps in order, until one fails or is not run. */
export async function runSteps(run: StepRun, steps: readonly Step[]): Promise<StepOutcome> {
  try {
    for (const step of steps) {
      const outcome = await runStep(run, step);
      if (outcome !== null) return outcome;
    }
    return null;
  } finally {
    for (const { connection } of run.held.values()) connection.close();
  }
}

/** Whether a step acts on the program itself, so that it cannot be shared. */
export const actsOnProgram = (step: Step): boolean => 'signal' in step || 'exited' in step || 'restart' in step;
