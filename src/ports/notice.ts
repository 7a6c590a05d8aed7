import type { Comparison } from '../domain/runs/comparison.ts';

/**
 * Something that people should hear of while work goes on.
 * - `warning`: something is damaged, cannot be kept, or is waited for; `text` is a whole sentence
 * - `project`: where prompts, scenarios and runs are looked for; `root` is null where there is no project
 * - `layer-setup`: tools or packages are installed, once, which takes a while
 * - `run-kept`: a run ended early; what it has is kept, and it can be resumed
 * - `control`: an answer whose verdict is known is graded before a run
 * - `grading-again`: the answers of a side are graded with today's grader and tools before they are compared
 * - `interim-comparison`: the gate was looked at before the run's end; `added` more answers will be asked for
 * - `batches-pending`: the service has not ended these batches; `waiting` when they are waited for
 */
export type Notice =
  | { kind: 'warning'; text: string }
  | { kind: 'project'; root: string | null; configFile: string | null }
  | { kind: 'layer-setup'; layer: string }
  | { kind: 'run-kept'; run: string }
  | { kind: 'control'; scenario: string; control: string }
  | { kind: 'grading-again'; side: 'base' | 'head'; run: string }
  | {
      kind: 'interim-comparison';
      number: number;
      /** How often the gate is looked at in all, at most. */
      most: number;
      outcome: Comparison['outcome'];
      added: number;
    }
  | { kind: 'batches-pending'; batches: readonly string[]; waiting: boolean };

/** Is told of notices as they come. */
export type Notify = (notice: Notice) => void;
