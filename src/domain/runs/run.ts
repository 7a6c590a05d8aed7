import { z } from 'zod';
import { cellSchema } from '../grading/cell.ts';
import { gradeSchema } from '../grading/grade.ts';

/** Everything that could have changed a cell's grade, by hash where it is long. */
export const fingerprintSchema = z.strictObject({
  /** Hash of what was sent (system and user message); null for a bare answer. */
  request: z.string().nullable(),
  prompt: z.string().nullable(),
  scenario: z.string().nullable(),
  /**
   * Hash of the values that the prompt was filled in with: grading again leaves it, whatever became of the scenario.
   */
  variables: z.string().nullable().default(null),
  /** How `evals/models.yaml` had the model asked, `config` as its hash; null where it says nothing of it. */
  settings: z.record(z.string(), z.string()).nullable().default(null),
  /** Hash of the sections that the prompt asks for; null where it asks for none. */
  sections: z.string().nullable().default(null),
  answer: z.string(),
  /** Hash of the resolution of each project's dependencies, by `<language>@<root>`. */
  dependencies: z.record(z.string(), z.string()),
  /**
   * Key from which lots were drawn while the cell was graded: grading again draws the same. Null in runs that drew
   * none.
   */
  lots: z.string().nullable().default(null),
});

/** Scenarios of a run that have answers whose verdict is known. */
export const controlsSchema = z.strictObject({
  /** Their reference, an empty answer and a wrong one came out as written, before the run or in an earlier one. */
  as_written: z.array(z.string()),
  /** Somebody left them out. */
  left_out: z.array(z.string()),
});

/** Which part of a plan a run is: the `index`-th (from 1) of `of`. */
export const shardSchema = z.strictObject({ index: z.int().positive(), of: z.int().positive() });

/**
 * Prompts and scenarios as they were when the run was made, so that nothing that came later changes what it is about.
 * What a later version may have no more use for is kept, and not looked at.
 */
export const inputsSchema = z.strictObject({
  /** By the reference as cells have it: the templates and everything else of the prompt, and their hash. */
  prompts: z.record(
    z.string(),
    z.looseObject({
      hash: z.string(),
      system: z.string(),
      user: z.string(),
      turns: z.array(z.looseObject({ text: z.string() })).optional(),
      logic: z.looseObject({ text: z.string() }).optional(),
    }),
  ),
  /** By id: values of variables, languages, checks, contract. */
  scenarios: z.record(z.string(), z.looseObject({ id: z.string() })),
});

/** `reports/runs/<id>/run.json`. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  suite: z.string().nullable(),
  startedAt: z.iso.datetime(),
  cells: z.array(cellSchema),
  /** Hash of the whole plan, of which a shard runs a part; absent where stored answers were graded again. */
  plan: z.string().optional(),
  /** Which part of the plan this run is; absent where it is all of it. */
  shard: shardSchema.optional(),
  /** Hash of Cupel's own code that has a say in grades. */
  grader: z.string(),
  /** Version of each tool by name. */
  tools: z.record(z.string(), z.string()),
  sandbox: z.strictObject({ driver: z.string(), level: z.string(), version: z.string() }),
  /** Models that ran without protection and could read how they are judged. */
  exposed: z.array(z.string()).default([]),
  /** Absent where the run has no controls. */
  controls: controlsSchema.optional(),
  machine: z.strictObject({ platform: z.string(), arch: z.string(), cores: z.int(), memoryMiB: z.int() }),
});

/** `results.json`: a run's grades, for programs. */
export const resultsSchema = z.strictObject({
  format: z.literal(1),
  run: manifestSchema,
  /** Absent in runs of earlier versions. */
  inputs: inputsSchema.optional(),
  fingerprints: z.array(fingerprintSchema),
  grades: z.array(gradeSchema),
});

export type Shard = z.infer<typeof shardSchema>;
export type Inputs = z.infer<typeof inputsSchema>;
export type Fingerprint = z.infer<typeof fingerprintSchema>;
export type Controls = z.infer<typeof controlsSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type Results = z.infer<typeof resultsSchema>;
