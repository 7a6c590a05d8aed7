import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

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

const diagnostics = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });
const ours = /^cupel-json\(unread\)$|^typescript(?:-eslint)?\(no-unsafe-/;

let root = '';
let complaints: z.infer<typeof diagnostics>['diagnostics'] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'cupel-json-rule-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'tools/setup/import-rule.mjs', 'tools/setup/json-rule.mjs'])
    cpSync(file, join(root, file));
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  for (const [file, code] of [...refused, ...accepted]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), `${file.endsWith('.cjs') ? '' : head}${code}\n`);
  }
  const words = ['--type-aware', '--format', 'json', 'src', 'runners'];
  const linter = await execa(join(root, 'node_modules/.bin/oxlint'), words, { cwd: root, reject: false });
  complaints = diagnostics.parse(JSON.parse(linter.stdout)).diagnostics.filter(({ code }) => ours.test(code));
}, 240_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what is read as JSON', () => {
  test.each(refused)('is not believed to have a type: %s: %s', (file) => {
    expect(complaints.map(({ filename }) => filename)).toContain(file);
  });

  test.each(accepted)('is given to a schema: %s: %s', (file) => {
    expect(complaints.filter(({ filename }) => filename === file)).toEqual([]);
  });
});
