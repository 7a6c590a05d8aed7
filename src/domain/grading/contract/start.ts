import { z } from 'zod';
import { statusSchema } from './request.ts';

const templates = z.record(z.string(), z.string());

/** How a program of one language is run, after it is installed and built. */
export const runSchema = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'The command, in the folder of the project: [uvicorn, "app.main:app"], [npm, start]. {{ port }} is the port.',
      ),
    package: z.string().optional().describe('For Go: the main package, such as ./cmd/server. It is built first.'),
  })
  .refine(
    ({ command, package: main }) => (command === undefined) !== (main === undefined),
    'expected either command or package',
  );

/** When a service is ready: it answers, it listens, or it is expected to end by itself. */
export const readySchema = z.union([
  z.strictObject({
    path: z.string(),
    status: statusSchema.default(200),
    within: z.number().positive().max(120).default(30).describe('Seconds.'),
  }),
  z.enum(['listening', 'ended']).describe('listening: its port is open. ended: it must end by itself.'),
]);

/** One way to start the program: what is in its environment, and what runs beside it. */
export const startSchema = z.strictObject({
  env: templates.default({}).describe('Variables of the environment.'),
  port: z
    .enum(['given', 'default'])
    .default('given')
    .describe(
      'given: the port is in its variable. default: the variable is not set, and the default port is expected.',
    ),
  ready: readySchema.optional().describe('Where it differs from the service.'),
  beside: z
    .strictObject({
      secrets_manager: z
        .strictObject({
          secrets: templates.describe('Values by the id of the secret.'),
          after: z.number().nonnegative().max(10).default(0).describe('Seconds until the secrets are there.'),
        })
        .describe('A stand-in for AWS Secrets Manager; AWS_ENDPOINT_URL, credentials and a region are set.'),
    })
    .partial()
    .default({})
    .describe('What runs beside the program, in reach of its loopback.'),
});

/** What all starts of a service share. */
export const serviceSchema = z.strictObject({
  port: z.strictObject({
    variable: z.string().default('PORT').describe('The variable that names the port.'),
    default: z.int().positive().max(65_535).describe('The port without that variable.'),
  }),
  listens: z
    .enum(['any', 'loopback'])
    .default('any')
    .describe('any: on all addresses, as in a container (0.0.0.0). loopback: 127.0.0.1 is enough.'),
  ready: readySchema,
});

export type Run = z.infer<typeof runSchema>;
export type Ready = z.infer<typeof readySchema>;
export type Start = z.infer<typeof startSchema>;
export type Service = z.infer<typeof serviceSchema>;
