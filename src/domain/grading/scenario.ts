import { z } from 'zod';
import { commandChecksSchema } from './command-check.ts';
import type { Contract } from './contract/contract.ts';
import { limitsSchema } from './limits.ts';

const share = z.number().min(0).max(1);

/** What a scenario asks of one language. */
export const scenarioLanguageSchema = z.strictObject({
  /** The runtime's version as the runner pins it (`3.11`, `20`, `1.24`). */
  runtime: z.string(),
  /**
   * Standards by their tool's name, and `types` for the type checker that the answer chose: `ruff`, `black`, `mypy`,
   * `pyright`, `eslint`, `prettier`, `gofmt`, `vet`, `staticcheck`.
   */
  standards: z.array(z.string()).default([]),
  /** Line coverage (0 to 1) that the answer's tests must reach; null when nobody asked. */
  coverage: share.nullable().default(null),
  /**
   * Configurations that decide in place of the runner's own, by file name (`ruff.toml`). Mostly files of
   * `standards/<language>/` beside the scenario.
   */
  configuration: z.record(z.string(), z.string()).default({}),
  /**
   * Files of the repository that become such configurations: name -> path from the scenario's folder
   * (`ruff.toml: ../../pyproject.toml`).
   */
  configurationFiles: z.record(z.string(), z.string()).optional(),
  /**
   * Tests that the code never sees before it is built: text by path from the root of its project. Mostly files of
   * `hidden/<language>/` beside the scenario.
   */
  hidden: z
    .record(
      z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\]+[^\\/]$/, 'a path below the root of the project'),
      z.string(),
    )
    .optional(),
});

/** What may be installed. */
export const dependencyPolicySchema = z.strictObject({
  /** `any`, or the names of the packages that may be declared. */
  allow: z.union([z.literal('any'), z.array(z.string())]).default('any'),
  /** Whether a package that is not allowed fails `dependencies` or is only a finding. */
  violation: z.enum(['fail', 'warn']).default('fail'),
  /**
   * Whether source packages and install scripts, which run without network, may try again with it when that fails.
   * `online` lets strangers' code reach the network while it builds.
   */
  builds: z.enum(['offline', 'online']).default('offline'),
});

/** What a scenario says of checks; a list stands for `commands` alone. */
const checksSchema = z.strictObject({
  /** Check names (`tests`) or ids (`python/format`) that must pass although they do not by default. */
  required: z.array(z.string()).default([]),
  /** Check names or ids that need not pass although they must by default. */
  optional: z.array(z.string()).default([]),
  /** Weights by check name or id, where they differ from the defaults. */
  weights: z.record(z.string(), z.number().nonnegative()).default({}),
  /** Checks of the scenario's own, each a command. */
  commands: commandChecksSchema.optional(),
});

/** `evals/<scenario>/scenario.yaml`. */
export const scenarioSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  /** A value for every variable of the prompt. */
  variables: z.record(z.string(), z.string()),
  languages: z.record(z.string(), scenarioLanguageSchema),
  checks: z
    .preprocess((written) => (Array.isArray(written) ? { commands: written } : written), checksSchema)
    .default({ required: [], optional: [], weights: {} }),
  limits: limitsSchema.partial().default({}),
  dependencies: dependencyPolicySchema.default({ allow: 'any', violation: 'fail', builds: 'offline' }),
  /** Whether the sections that the prompt asks for are looked for in the answer. */
  sections: z.boolean().default(true),
});

export type ScenarioLanguage = z.infer<typeof scenarioLanguageSchema>;
export type DependencyPolicy = z.infer<typeof dependencyPolicySchema>;
/** A scenario as it is loaded; `contract` is that of the file beside it, where there is one. */
export type Scenario = z.infer<typeof scenarioSchema> & { contract?: Contract };
