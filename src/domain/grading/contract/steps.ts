import { z } from 'zod';
import { contentSchema, matcherSchema, textSchema } from './matcher.ts';
import { bytesSchema, captureSchema, expectationSchema, requestSchema } from './request.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/i, 'a name of letters, digits and _ that begins with a letter');
const captures = z.record(name, captureSchema).default({}).describe('Values that later steps of the probe can use.');
const as = name.optional().describe('A name under which later steps can use the answer: name.status, name.json.id …');

/** A request and what its answer must be. */
export const requestStepSchema = z.strictObject({
  request: requestSchema,
  as,
  expect: expectationSchema.optional(),
  captures,
});

const countSchema = z.strictObject({
  where: expectationSchema.describe('Which answers are counted: those that this holds for.'),
  exactly: z.int().nonnegative().optional(),
  at_least: z.int().nonnegative().optional(),
  at_most: z.int().nonnegative().optional(),
});

const place = z
  .union([z.enum(['status', 'body']), z.string().regex(/^\$/)])
  .describe('status, body, or a JSONPath of the body.');

/** Many requests at once. In each, `n` is its number, from 1. */
export const togetherStepSchema = z.strictObject({
  together: z.strictObject({
    times: z.int().positive().max(100_000).default(1).describe('How often each request is sent.'),
    requests: z.array(requestSchema).min(1),
    release: z
      .enum(['last-byte', 'pipelined'])
      .default('last-byte')
      .describe(
        'last-byte: a connection each, all but the last byte is sent, then all last bytes at once (at most 500). ' +
          'pipelined: one after the other on few connections without waiting for answers, ' +
          'for races that are hard to hit.',
      ),
    connections: z.int().positive().max(64).default(1).describe('Connections that pipelined requests are spread over.'),
    timeout: z.number().positive().max(60).default(30).describe('Seconds until all answers must be there.'),
  }),
  as,
  expect: z.strictObject({
    each: expectationSchema.optional().describe('What every answer must be.'),
    counts: z.array(countSchema).default([]),
    same: z.array(place).default([]).describe('What must be the same in all answers.'),
    distinct: z.array(place).default([]).describe('What must differ between any two answers.'),
  }),
});

/** Bytes that are no ordinary request. */
export const sendStepSchema = z.strictObject({
  send: z
    .array(
      z.union([
        bytesSchema,
        z.strictObject({ pause: z.number().positive().max(10) }).describe('Seconds to wait before going on.'),
        z.strictObject({ finish: z.literal(true) }).describe('Says that nothing more will be sent (half-close).'),
      ]),
    )
    .min(1),
  timeout: z.number().positive().max(60).default(10),
  as,
  expect: expectationSchema,
});

/** A request that is kept open: all but its last byte is sent. */
export const holdStepSchema = z.strictObject({
  hold: requestSchema,
  as: name.describe('The name by which a later step releases it.'),
});

/** The last byte of a request that was held back. */
export const releaseStepSchema = z.strictObject({ release: name, expect: expectationSchema.optional(), captures });

/** A signal to the program: to those of its processes that listen. */
export const signalStepSchema = z.strictObject({ signal: z.enum(['TERM', 'INT', 'HUP', 'KILL']) });

/** The program has ended, or does so within some seconds. */
export const exitedStepSchema = z.strictObject({
  exited: z.strictObject({
    status: z
      .union([z.enum(['clean', 'failure']), z.array(z.int().min(0).max(255)).min(1)])
      .default('clean')
      .describe('clean: 0, or ended by the signal that it was sent (143). failure: any status but 0.'),
    within: z.number().positive().max(60).default(10),
  }),
});

/** The program is stopped and started again on the files that it left. */
export const restartStepSchema = z.strictObject({
  restart: z.enum(['stop', 'kill']).describe('stop: with SIGTERM, as an operator does. kill: with SIGKILL.'),
});

/** A pause. More than ten seconds are not waited for: the probe counts as not run. */
export const waitStepSchema = z.strictObject({ wait: z.number().positive().describe('Seconds.') });

/** A file that the program wrote. */
export const fileStepSchema = z.strictObject({
  file: z.string().describe('Its path, relative to the folder in which the program starts, or absolute.'),
  expect: z.union([
    textSchema,
    z.strictObject({
      lines: z.strictObject({
        count: matcherSchema.optional().describe('How many lines there are.'),
        each: contentSchema.optional().describe('What every line must be.'),
        some: contentSchema.optional().describe('What at least one line must be.'),
        none: contentSchema.optional().describe('What no line may be.'),
      }),
    }),
  ]),
});

/** What the program has printed since the probe began, standard output and standard error. */
export const outputStepSchema = z.strictObject({ output: textSchema });

/** Values that must be equal. */
export const equalStepSchema = z.strictObject({
  equal: z.array(z.string()).min(2).describe('Templates, such as "{{ first.json.id }}".'),
});

/** Values of which no two may be equal. */
export const differentStepSchema = z.strictObject({ different: z.array(z.string()).min(2) });

const fileContent = z.union([bytesSchema, z.strictObject({ lines: z.array(z.string()) })]);

/** One start of a command, and how it must end. */
export const runStepSchema = z.strictObject({
  run: z.strictObject({
    args: z.array(z.string()).default([]),
    files: z
      .record(z.string(), fileContent)
      .default({})
      .describe('Files that are put into the folder in which it starts, by relative path.'),
    stdin: bytesSchema.optional(),
    env: z.record(z.string(), z.string()).default({}),
    cpu_seconds: z
      .number()
      .positive()
      .max(120)
      .default(10)
      .describe('Seconds of CPU time that it may use: more fails.'),
  }),
  as,
  expect: z.strictObject({
    exit: z.union([z.int().min(0).max(255), z.array(z.int().min(0).max(255)).min(1)]),
    stdout: textSchema.optional(),
    stderr: textSchema.optional(),
    files: z.record(z.string(), textSchema).default({}).describe('Files that it must have written, by relative path.'),
  }),
  captures: z
    .record(name, z.union([z.string().regex(/^\$/), z.strictObject({ pattern: z.string() })]))
    .default({})
    .describe('Values from standard output.'),
});

/** The steps by the key that tells them apart. */
export const stepSchemas = {
  request: requestStepSchema,
  together: togetherStepSchema,
  send: sendStepSchema,
  hold: holdStepSchema,
  release: releaseStepSchema,
  signal: signalStepSchema,
  exited: exitedStepSchema,
  restart: restartStepSchema,
  wait: waitStepSchema,
  file: fileStepSchema,
  output: outputStepSchema,
  equal: equalStepSchema,
  different: differentStepSchema,
  run: runStepSchema,
} as const;

/** One step of a probe. */
export const stepSchema = z.union([
  requestStepSchema,
  togetherStepSchema,
  sendStepSchema,
  holdStepSchema,
  releaseStepSchema,
  signalStepSchema,
  exitedStepSchema,
  restartStepSchema,
  waitStepSchema,
  fileStepSchema,
  outputStepSchema,
  equalStepSchema,
  differentStepSchema,
  runStepSchema,
]);

export type RequestStep = z.infer<typeof requestStepSchema>;
export type TogetherStep = z.infer<typeof togetherStepSchema>;
export type SendStep = z.infer<typeof sendStepSchema>;
export type FileStep = z.infer<typeof fileStepSchema>;
export type RunStep = z.infer<typeof runStepSchema>;
export type Step = z.infer<typeof stepSchema>;
