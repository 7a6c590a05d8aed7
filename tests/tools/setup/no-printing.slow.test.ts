import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

/** Statements that print, or that end the process. */
const printing: readonly string[] = [
  "process.stdout.write('x');",
  "process['stderr'].write('x');",
  'const { stdout } = process; void stdout;',
  'process.exit(1);',
  'process.exitCode = 1;',
  "console.log('x');",
  "globalThis.process.stdout.write('x');",
  "globalThis.console.error('x');",
  "import process from 'node:process'; void process;",
  "import { stdout } from 'process'; void stdout;",
  "import { Console } from 'node:console'; void Console;",
];
const silent = ['src/app', 'src/app/cells', 'src/queue', 'src/store/runs', 'src/stages/5-check', 'src/compare'];

const report = z.object({
  diagnostics: z.array(
    z.object({ filename: z.string(), labels: z.array(z.object({ span: z.object({ line: z.number() }) })) }),
  ),
});

let root = '';
/** `path:line` of everything that the linter has something against. */
let refused = new Set<string>();

function plant(folder: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  // Each statement stands in a module of its own, for the linter reads imports and redeclarations by module.
  for (const [index, statement] of printing.entries())
    writeFileSync(join(root, folder, `planted-${index}.ts`), `${statement}\nexport {};\n`);
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'cupel-no-printing-'));
  cpSync('.oxlintrc.json', join(root, '.oxlintrc.json'));
  cpSync('tools/setup', join(root, 'tools/setup'), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  for (const folder of [...silent, 'src/cli']) plant(folder);
  const words = ['--format', 'json', 'src'];
  const linter = await execa(join(root, 'node_modules/.bin/oxlint'), words, { cwd: root, reject: false });
  refused = new Set(
    report
      .parse(JSON.parse(linter.stdout))
      .diagnostics.map(({ filename, labels }) => `${filename}:${labels[0]?.span.line ?? 0}`),
  );
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the linter', () => {
  test.each(silent)('refuses in %s every statement that prints or ends the process', (folder) => {
    const accepted = printing.filter((_statement, index) => !refused.has(`${folder}/planted-${index}.ts:1`));
    expect(accepted).toEqual([]);
  });

  test('lets src/cli print and set the exit status', () => {
    const ofProcess = printing.filter((statement) => statement.startsWith('process'));
    const against = ofProcess.filter((statement) => refused.has(`src/cli/planted-${printing.indexOf(statement)}.ts:1`));
    expect(against).toEqual([]);
  });
});
