import { z } from 'zod';

const globs = z.union([z.string(), z.array(z.string()).nonempty()]).transform((value) => [value].flat());

/** `cupel.config.*`: where a project keeps what Cupel reads and writes; what it leaves out has the usual place. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  prompts: globs
    .default(['prompts/**/*.{md,prompt,prompty,yaml,yml}'])
    .describe('Patterns of prompt files, counted from the folder of this file.'),
  dialects: z
    .record(z.string(), z.string())
    .default({})
    .describe('Dialects of prompt files by pattern, where name and text of a file stand for another one.'),
  scenarios: globs
    .default(['evals/*/scenario.yaml'])
    .describe('Patterns of scenario.yaml files; the name of the folder of each is the id of its scenario.'),
  suites: globs.default(['evals/suites/*.yaml']).describe('Patterns of suites; the name of a file is the id.'),
  recordings: z.string().default('evals/recordings').describe('The folder of recorded answers.'),
  models: z.string().default('evals/models.yaml').describe('The file that says how models are asked; may be absent.'),
  state: z.string().default('.cupel').describe('The folder for layers, caches and verdicts, which outlive a run.'),
});

export type Config = z.infer<typeof configSchema>;

/** What a `cupel.config.*` may hold. */
export type ConfigInput = z.input<typeof configSchema>;

/** A folder with prompts and scenarios, and where it keeps them. */
export interface Project {
  /** The folder from which all paths count. */
  root: string;
  /** The file that configures it, counted from the root; null where the usual places hold. */
  configFile: string | null;
  config: Config;
}
