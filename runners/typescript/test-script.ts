import { parse } from 'shell-quote';

export type Framework = 'jest' | 'vitest';

/** How the scripts of a package.json run its tests. */
export interface TestScript {
  /** The framework that is started; null when none of ours is. */
  framework: Framework | null;
  /** What runs the tests instead (`mocha`, `node test.js`); null when nothing does. */
  other: string | null;
  /** What the framework is given, as far as it does not shape output or counts. */
  arguments: string[];
  /** What Node is given before it (`--experimental-vm-modules`). */
  node: string[];
  env: Record<string, string>;
  /** Files that settings of the environment are read from (`.env.test`); the first one that has a setting decides. */
  envFiles: string[];
  /** Arguments of each run of the compiler that comes before the tests. */
  builds: string[][];
}

type Scripts = Readonly<Record<string, string>>;

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;
const managers = new Set(['npm', 'yarn', 'pnpm', 'bun']);
/** What may stand before a program that it starts. */
const starters = new Set([
  'npx',
  'pnpx',
  'bunx',
  'yarn',
  'pnpm',
  'npm',
  'exec',
  'cross-env',
  'cross-env-shell',
  'env',
  'c8',
  'nyc',
  'node',
  '--',
]);
/** Options that only shape output or counts. */
const ours =
  /^--(?:coverage|collectCoverage|json|outputFile|reporters?|verbose|silent|watch(?:All)?|passWithNoTests|colors?|forceExit|bail|run)\b|^(?:run|-b|-i)$/;
/** Of those, the ones whose values are words of their own: how many at most, and how they look. */
const valued: readonly (readonly [RegExp, number, RegExp])[] = [
  [/^--(?:outputFile|reporter|coverage\.\w+)$/, 1, /^[^-]/],
  [/^(?:--bail|-b)$/, 1, /^\d+$/],
  [/^--reporters$/, Infinity, /^[^-]/],
];

/** The words that decide which tests run, and how. */
function telling(words: readonly string[]): string[] {
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!ours.test(word)) rest.push(word);
    const [, most = 0, value = /^$/] = valued.find(([option]) => option.test(word)) ?? [];
    for (let count = 0; count < most && value.test(words[at + 1] ?? ''); count += 1) at += 1;
  }
  return rest;
}

/** The words of a script; none when it is written in a way that no shell reads. */
function wordsOf(script: string): ReturnType<typeof parse> {
  try {
    return parse(script);
  } catch {
    return [];
  }
}

/**
 * The commands of a script, in words, with the scripts that it runs in turn; globs are left to the framework's own
 * choice.
 */
function commandsOf(scripts: Scripts, name: string, running: readonly string[] = []): string[][] {
  const commands: string[][] = [[]];
  for (const entry of wordsOf(scripts[name] ?? '')) {
    if (typeof entry === 'string') commands.at(-1)?.push(entry);
    else if ('op' in entry && entry.op !== 'glob') commands.push([]);
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

const programOf = (word: string): string => /(?:^|\/)(jest|vitest|tsc)(?:\.[cm]?js)?$/.exec(word)?.[1] ?? '';
const frameworkIn = (word: string): Framework => (programOf(word) === 'vitest' ? 'vitest' : 'jest');

/** Where a command's program stands, when it is one of `names`; -1 when it starts something else. */
function startOf(words: readonly string[], names: readonly string[]): number {
  const at = words.findIndex((word) => names.includes(programOf(word)));
  const before = words.slice(0, Math.max(0, at));
  const node = before.indexOf('node');
  const starting = node === -1 ? before : before.slice(0, node); // Node's options have values
  return starting.every((word) => starters.has(word) || word.startsWith('-') || assignment.test(word)) ? at : -1;
}

/** Programs that run no tests, however they end. */
const testless = new Set([
  'echo',
  'exit',
  'true',
  'false',
  ':',
  'tsc',
  'eslint',
  'prettier',
  'rimraf',
  'rm',
  'mkdir',
  'cp',
  'cd',
  'sleep',
  'npm',
  'yarn',
  'pnpm',
  'bun',
]);

/** What else some commands run tests with: the first that is not one of those, as it is called. */
function otherOf(commands: readonly string[][]): string | null {
  for (const words of commands) {
    const start = words.findIndex((word) => !starters.has(word) && !assignment.test(word) && !word.startsWith('-'));
    const program = words[start]?.replace(/^.*\//, '');
    if (words.includes('--test')) return 'node:test';
    if (words[0] === 'bun' && words[1] === 'test') return 'bun test';
    if (program === undefined || testless.has(program)) continue;
    return words.includes('node')
      ? `node ${program}`
      : [program, ...words.slice(start + 1, start + 2).filter((word) => /^\w[\w-]*$/.test(word))].join(' ');
  }
  return null;
}

/** Reads how `npm test` runs the tests. */
export function readTestScript(scripts: Scripts): TestScript {
  const read = [...commandsOf(scripts, 'pretest'), ...commandsOf(scripts, 'test')].map(withoutReader);
  const commands = read.map(({ words }) => words);
  const index = commands.findIndex((words) => startOf(words, ['jest', 'vitest']) !== -1);
  const { words, envFiles } = read[index] ?? {};
  if (words === undefined || envFiles === undefined)
    return { framework: null, other: otherOf(commands), arguments: [], node: [], env: {}, envFiles: [], builds: [] };
  const start = startOf(words, ['jest', 'vitest']);
  const before = words.slice(0, start);
  const node = before.indexOf('node');
  const pairs = before.slice(0, node === -1 ? start : node).flatMap((word) => {
    const [, key, value] = assignment.exec(word) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  const builds = commands.slice(0, index).flatMap((command) => {
    const compiler = startOf(command, ['tsc']);
    return compiler === -1 || command.includes('--noEmit') ? [] : [command.slice(compiler + 1)];
  });
  return {
    framework: frameworkIn(words[start] ?? ''),
    other: null,
    arguments: telling(words.slice(start + 1)),
    node: node === -1 ? [] : before.slice(node + 1),
    env: Object.fromEntries(pairs),
    envFiles,
    builds,
  };
}
