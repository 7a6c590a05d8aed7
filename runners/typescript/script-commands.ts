/** The scripts of a package.json as commands in words. */
import { parse } from 'shell-quote';

export type Scripts = Readonly<Record<string, string>>;

/** What a word begins with that is a pattern for files, which a shell would have put in its place. */
export const GLOB = '\0';

/** A setting of the environment before a command: `NAME=value`. */
export const assignment = /^([A-Za-z_]\w*)=(.*)$/s;
const managers = new Set(['npm', 'yarn', 'pnpm', 'bun']);

/** The words of a script; none when it is written in a way that no shell reads. */
function wordsOf(script: string): ReturnType<typeof parse> {
  try {
    return parse(script);
  } catch {
    return [];
  }
}

/** The commands of a script, in words, with the scripts that it runs in turn. */
function commandsOf(scripts: Scripts, name: string, running: readonly string[] = []): string[][] {
  const commands: string[][] = [[]];
  for (const entry of wordsOf(scripts[name] ?? '')) {
    if (typeof entry === 'string') commands.at(-1)?.push(entry);
    else if ('op' in entry && entry.op === 'glob') commands.at(-1)?.push(`${GLOB}${entry.pattern}`);
    else if ('op' in entry) commands.push([]);
  }
  return commands.flatMap((words) => {
    const start = words.findIndex((word) => managers.has(word));
    const called = words.slice(start + 1).find((word) => !/^(?:run|run-script|-.*)$/.test(word));
    if (start === -1 || called === undefined || !Object.hasOwn(scripts, called) || [...running, name].includes(called))
      return [words];
    const passedOn = words.slice(words.indexOf(called, start) + 1).filter((word) => word !== '--');
    const nested = commandsOf(scripts, called, [...running, name]);
    return nested.map((command, index) => [
      ...words.slice(0, start),
      ...command,
      ...(index === nested.length - 1 ? passedOn : []),
    ]);
  });
}

/** Programs that read settings from files, and then start another one: which of their options names a file. */
const readers: Readonly<Record<string, RegExp>> = {
  dotenv: /^-e$/,
  dotenvx: /^(?:-f|--env-file)$/,
  'env-cmd': /^(?:-f|--file)$/,
};

/**
 * A command without the program that reads settings for it, and the files that are read; as it is, when that can't be
 * told.
 */
function withoutReader(words: string[]): { words: string[]; envFiles: string[] } {
  const none = { words, envFiles: [] };
  const start = words.findIndex((word) => Object.hasOwn(readers, word.replace('@dotenvx/', '')));
  const option = readers[words[start]?.replace('@dotenvx/', '') ?? ''];
  if (option === undefined) return none;
  const envFiles: string[] = [];
  let at = words[start + 1] === 'run' ? start + 2 : start + 1;
  for (; words[at]?.startsWith('-') === true && words[at] !== '--'; at += 2) {
    const file = words[at + 1];
    if (!option.test(words[at] ?? '') || file === undefined) return none;
    envFiles.push(file);
  }
  return {
    words: [...words.slice(0, start), ...words.slice(at)],
    envFiles: envFiles.length === 0 ? ['.env'] : envFiles,
  };
}

/** One command, and the files of settings that are read for it. */
export interface Command {
  words: string[];
  envFiles: string[];
}

/** The commands that `npm test` starts, in order. */
export function testCommands(scripts: Scripts): Command[] {
  return [...commandsOf(scripts, 'pretest'), ...commandsOf(scripts, 'test')].map(withoutReader);
}
