/** What messages tell a person to type is there: every command that a text of ours names, with its options. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';

interface Hint {
  place: string;
  command: string;
  options: string[];
}

/** The hints in one source; comments are for nobody who uses the program. */
function hintsIn(place: string, source: string): Hint[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/\bcupel ([a-z]+)\b([^'"`\n;,)]*)/g)].map(([, command = '', rest = '']) => ({
    place,
    command,
    options: rest.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [],
  }));
}

async function allHints(): Promise<Hint[]> {
  const names = (await readdir('src', { recursive: true, encoding: 'utf8' })).filter((name) => name.endsWith('.ts'));
  const hints = await Promise.all(names.map(async (name) => hintsIn(name, await readFile(join('src', name), 'utf8'))));
  // "cupel ended with status 1" is no command.
  return hints.flat().filter(({ command }) => command !== 'ended');
}

test('every command that a message names is there, with the options that it names', async () => {
  const hints = await allHints();
  expect(hints.length).toBeGreaterThan(30);
  expect(hints.filter(({ command }) => !Object.hasOwn(commands, command))).toEqual([]);
  const shared = await readFile('src/cli/shared/options.ts', 'utf8');
  const unknown = hints.map(async ({ place, command, options }) => {
    const source = shared + (await readFile(`src/cli/commands/${command}.ts`, 'utf8'));
    return options
      .filter((option) => !source.includes(`'${option} `) && !source.includes(`'${option}'`))
      .map((option) => `${place}: ${command} ${option}`);
  });
  expect((await Promise.all(unknown)).flat()).toEqual([]);
});
