import { beforeAll, describe, expect, test } from 'vitest';
import { lintPlanted } from '../../support/planted.ts';

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

/** `path:line` of everything that the linter has something against. */
let refused = new Set<string>();

/** Each statement in a module of its own, for the linter reads imports and redeclarations by module. */
const planted = (folder: string): [path: string, text: string][] =>
  printing.map((statement, index) => [`${folder}/planted-${index}.ts`, `${statement}\nexport {};\n`]);

beforeAll(async () => {
  const complaints = await lintPlanted(new Map([...silent, 'src/cli'].flatMap(planted)));
  refused = new Set(complaints.map(({ path, line }) => `${path}:${line}`));
}, 120_000);

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
