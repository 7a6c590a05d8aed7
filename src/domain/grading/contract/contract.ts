import { z } from 'zod';
import { matcherSchema } from './matcher.ts';
import { requestSchema } from './request.ts';
import { runSchema, serviceSchema, startSchema } from './start.ts';
import { stepSchema } from './steps.ts';

const identifier = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
const quotes = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('The words of the request that this rests on, verbatim but for white space.');

/** `must`: the words of the request say it, and it decides. `should`: any sane reader expects it, and it only warns. */
export const levels = ['must', 'should'] as const;

/** One question to the running program. */
export const probeSchema = z
  .strictObject({
    id: identifier,
    title: z.string().min(1).describe('What must hold, as a sentence.'),
    level: z.enum(levels),
    quote: quotes.optional(),
    endpoint: identifier.optional().describe('The endpoint that it belongs to, one of `endpoints`.'),
    catches: z.string().min(1).describe('The wrong program that fails here and nowhere before.'),
    start: identifier.optional().describe('The start that it wants; the first one otherwise.'),
    languages: z.array(z.string()).optional().describe('Languages for which it is asked; all otherwise.'),
    cases: z
      .array(z.looseObject({ name: identifier }))
      .optional()
      .describe('The probe is asked once a case, as id.name; the values of a case can be used by name.'),
    steps: z.array(stepSchema).min(1),
  })
  .refine(
    ({ level, quote }) => level === 'should' || quote !== undefined,
    'expected a quote: a probe that must pass rests on words of the request',
  );

/** What is planted to see where it comes out again. */
export const canarySchema = z.strictObject({
  kind: z
    .enum(['secret', 'token', 'card', 'email', 'text'])
    .describe(
      'secret and token: letters and digits. card: a card number that passes the Luhn check. email: an address.',
    ),
  length: z
    .int()
    .min(6)
    .max(256)
    .default(6)
    .describe('Characters of a secret, token or text. Short ones are hard to cut.'),
  level: z.enum(levels).default('must'),
  quote: quotes.optional(),
  places: z
    .array(z.enum(['output', 'files', 'answers']))
    .min(1)
    .default(['output', 'files'])
    .describe('Where it must not be: in what the program prints, in files that it writes, in its answers.'),
  except_files: z.array(z.string()).default([]).describe('Files (by path or pattern) in which it may be.'),
});

/** The kinds of attack that have payloads and a way to see their effect. */
export const exploitKinds = [
  'path-traversal',
  'command-injection',
  'sql-injection',
  'header-injection',
  'log-injection',
  'prototype-pollution',
  'slow-body',
  'huge-body',
] as const;

/** An attack: its kind has the payloads and knows the effect; the contract says where they go. */
export const exploitSchema = z.strictObject({
  id: identifier,
  kind: z.enum(exploitKinds),
  title: z.string().min(1).optional(),
  start: identifier.optional(),
  request: requestSchema.describe(
    '{{ payload }} stands for the payload; {{ payload_json }} for it inside of a JSON string.',
  ),
  control: z.string().optional().describe('A harmless payload, for kinds that compare answers.'),
});

/** How fast answers must come, relative to a bare server of the same runtime. It never decides. */
export const latencySchema = z.strictObject({
  request: requestSchema,
  quote: quotes.optional(),
  start: identifier.optional(),
  connections: z.int().positive().max(1000).default(10),
  budget_ms: z
    .strictObject({ p50: z.number().positive(), p95: z.number().positive(), p99: z.number().positive() })
    .partial()
    .describe('Milliseconds, as the request names them.'),
});

const shared = {
  contract: z.literal(1).describe('The version of this format.'),
  mark: z
    .string()
    .regex(/^[a-z0-9-]{16,}$/, 'at least 16 lower-case letters, digits and hyphens, made at random')
    .describe('A mark that occurs nowhere else, so that a leak of this file can be found.'),
  run: z.record(z.string(), runSchema).describe('How the program of each language is run.'),
  values: z.record(z.string(), z.unknown()).default({}).describe('Values that templates can use by name.'),
  endpoints: z
    .record(identifier, z.string())
    .describe('What must exist, by id: "POST /verify", or the name of a command.'),
  canaries: z.record(z.string(), canarySchema).default({}).describe('By the name that canary(name) uses.'),
  probes: z.array(probeSchema).min(1),
};

/** The contract of a service that is asked over HTTP. */
export const httpContractSchema = z.strictObject({
  ...shared,
  kind: z.literal('http'),
  service: serviceSchema,
  starts: z
    .record(identifier, startSchema)
    .refine((starts) => Object.keys(starts).length > 0, 'expected at least one start')
    .describe('Ways to start the program; the first one is the usual.'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('Headers that every request has unless it says otherwise.'),
  exploits: z.array(exploitSchema).default([]),
  latency: z.array(latencySchema).default([]),
  identical: z
    .boolean()
    .default(false)
    .describe('Whether the programs of all languages must give byte-identical bodies.'),
});

/** The contract of a program that is run from the command line. */
export const commandContractSchema = z.strictObject({
  ...shared,
  kind: z.literal('command'),
  env: z.record(z.string(), z.string()).default({}),
  /** What shows that the program starts at all. */
  version: z
    .strictObject({
      args: z.array(z.string()),
      exit: z.union([z.int(), z.array(z.int()).min(1)]).default(0),
      stdout: matcherSchema.optional(),
    })
    .optional()
    .describe('A first run that shows that the program starts at all; without one, the first probe shows it.'),
  identical: z.boolean().default(false),
});

/** `evals/<scenario>/contract.yaml`. */
export const contractSchema = z.discriminatedUnion('kind', [httpContractSchema, commandContractSchema]);

export type Level = (typeof levels)[number];
export type Probe = z.infer<typeof probeSchema>;
export type Canary = z.infer<typeof canarySchema>;
export type Exploit = z.infer<typeof exploitSchema>;
export type ExploitKind = (typeof exploitKinds)[number];
export type Latency = z.infer<typeof latencySchema>;
export type HttpContract = z.infer<typeof httpContractSchema>;
export type CommandContract = z.infer<typeof commandContractSchema>;
export type Contract = z.infer<typeof contractSchema>;
