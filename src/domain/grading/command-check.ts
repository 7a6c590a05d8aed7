import { z } from 'zod';

/** Stands in the place of a language in the ids of checks that a scenario brings: `check/no-todo`. */
export const SCENARIO_CHECK = 'check';

/** How the result of a command is read: from its exit status alone, or from a report as well. */
export const reportKinds = ['exit', 'sarif', 'junit', 'json'] as const;

const fileName = z.string().regex(/^[\w-][\w.-]*$/, 'a file name of letters, digits, dots, hyphens and underscores');

/** A check that a scenario brings: a command that runs in the sandbox on a copy of the whole answer. */
export const commandCheckSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  /** The program with its arguments, or a line for `sh -c`. It starts in the folder of the answer. */
  command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  reads: z.enum(reportKinds),
  /** The report is the file of this name that the command leaves at /out; absent: it is what the command prints. */
  report: fileName.optional(),
  /** Exit statuses that say that the answer does not pass. 0 says that it does; all others, that the command failed. */
  failsWith: z.array(z.int().min(1).max(125)).default([1]),
  /** How much its score counts beside those of other checks. */
  weight: z.number().nonnegative().default(1),
  /** Whether an answer must pass it. */
  required: z.boolean().default(false),
  /** Paths of files beside the scenario that the command finds at /check, by their names. */
  files: z.array(z.string()).default([]),
  /** The texts of these files by name. They are filled in when the scenario is loaded. */
  texts: z.record(z.string(), z.string()).default({}),
});

export type CommandCheck = z.infer<typeof commandCheckSchema>;

/** The checks of a scenario; two of one id are refused. */
export const commandChecksSchema = z.array(commandCheckSchema).superRefine((checks, context) => {
  const ids = checks.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    context.addIssue({ code: 'custom', message: `expected ids that differ, found ${twice} twice`, input: ids });
});
