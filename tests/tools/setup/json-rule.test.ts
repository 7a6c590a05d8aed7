import { beforeAll, describe, expect, test } from 'vitest';
import { lintPlanted } from '../../support/planted.ts';
import type { Complaint } from '../../support/planted.ts';

/** Ways to believe what a JSON text says, each with the files in which the linter refuses it. */
const refused: readonly (readonly [file: string, code: string])[] = [
  ['src/store/runs/x.ts', 'export const x = JSON.parse(text) as Made;'],
  ['src/cli/x.ts', 'export const x = { ...(JSON.parse(text) as object) };'],
  ['src/reporters/html/client/x.ts', 'export const x = JSON.parse(text) as unknown as Made;'],
  ['src/app/x.ts', 'export const x = (JSON.parse(text)) as Made;'],
  ['src/domain/x.ts', 'export const x = <Made>JSON.parse(text);'],
  ['src/formats/x.ts', "export const x = JSON['parse'](text) as Made;"],
  ['src/providers/x.ts', 'export const x: Made = JSON.parse(text);'],
  ['src/stages/x.ts', 'export const x = (): Made => JSON.parse(text);'],
  ['src/ports/x.ts', 'export const x = JSON.parse(text).made;'],
  ['src/sandbox/x.ts', 'export const x = use(JSON.parse(text));'],
  ['runners/shared/x.ts', 'export const x = JSON.parse(text) as Made;'],
  ['runners/go/checks/x.ts', 'export const x: unknown = JSON.parse(text);'],
  ['runners/python/x.ts', 'export const x = value as Made;'],
];

/** Ways to read it that the linter accepts. */
const accepted: readonly (readonly [file: string, code: string])[] = [
  ['src/store/files/y.ts', 'export const x = made.parse(JSON.parse(text));'],
  ['src/cli/y.ts', 'export const x: unknown = JSON.parse(text);'],
  ['runners/typescript/grader/y.cjs', 'module.exports = JSON.parse(process.argv[2]).made;'],
  ['runners/shared/report.ts', 'export const x: unknown = JSON.parse(text);'],
];

const head = `import { z } from 'zod';

export interface Made {
  made: number;
}
export const made = z.object({ made: z.number() });
export const use = (one: Made): number => one.made;
declare const text: string;
declare const value: unknown;
export const [t, v] = [text, value];
`;

const ours = /^cupel-json\(unread\)$|^typescript(?:-eslint)?\(no-unsafe-/;

let complaints: Complaint[] = [];

beforeAll(async () => {
  const files = [...refused, ...accepted].map(
    ([file, code]) => [file, `${file.endsWith('.cjs') ? '' : head}${code}\n`] as const,
  );
  complaints = (await lintPlanted(new Map(files), { typeAware: true })).filter(({ rule }) => ours.test(rule));
}, 240_000);

describe('what is read as JSON', () => {
  test.each(refused)('is not believed to have a type: %s: %s', (file) => {
    expect(complaints.map(({ path }) => path)).toContain(file);
  });

  test.each(accepted)('is given to a schema: %s: %s', (file) => {
    expect(complaints.filter(({ path }) => path === file)).toEqual([]);
  });
});
