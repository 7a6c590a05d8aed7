import { GLOB, assignment, testCommands } from './script-commands.ts';
import type { Command, Scripts } from './script-commands.ts';

/** The test frameworks that Cupel runs; `node` are scripts that are tests by how they end. */
export type Framework = 'jest' | 'vitest' | 'mocha' | 'node:test' | 'node';

/** How the scripts of a package.json run its tests. */
export interface TestScript {
  /** The framework that is started; null when none of ours is. */
  framework: Framework | null;
  /** What runs the tests instead (`ava`, `cypress run`), or the script that does; null when nothing does. */
  other: string | null;
  /** What the framework is given, as far as it does not shape output or counts. */
  arguments: string[];
  /** What Node is given before it (`--experimental-vm-modules`). */
  node: string[];
  /** Scripts that are tests, each with its arguments. */
  scripts: string[][];
  env: Record<string, string>;
  /** Files that settings of the environment are read from (`.env.test`); the first one that has a setting decides. */
  envFiles: string[];
  /** What builds before the tests, in words: `tsc -p …`, `esbuild …`, `npm run build --workspaces`. */
  builds: string[][];
  /** Whether each package of a workspace runs its own tests. */
  inEach: boolean;
}

/** What may stand before a program that it starts. */
const starters = new Set([
  ...['npx', 'pnpx', 'bunx', 'yarn', 'pnpm', 'npm', 'exec', 'cross-env', 'cross-env-shell', 'env', 'c8', 'nyc', 'node'],
  '--',
]);
/** Options that only shape output or counts. */
const ours =
  /^--(?:coverage|collectCoverage|json|outputFile|reporters?|reporter-options?|verbose|silent|watch(?:All)?|passWithNoTests|colors?|forceExit|bail|run|parallel|jobs|test-reporter(?:-destination)?|experimental-test-coverage|test-coverage-[\w-]+)\b|^(?:run|-b|-i|-R|-O|-p|-j|-w|-c)$/;
/** Of those, the ones whose values are words of their own: how many at most, and how they look. */
const valued: readonly (readonly [RegExp, number, RegExp])[] = [
  [/^--(?:outputFile|reporter|reporter-options?|coverage\.\w+|test-reporter(?:-destination)?)$|^-[RO]$/, 1, /^[^-]/],
  [/^(?:--bail|-b|--jobs|-j)$/, 1, /^\d+$/],
  [/^--reporters$/, Infinity, /^[^-]/],
];
/** Options of Node.js whose values are words of their own. */
const nodeValued =
  /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--test-(?:name-pattern|concurrency|timeout|shard))$/;

/** Some of these letters mean something else elsewhere: `-c` names a configuration for Jest and Vitest. */
const isOurs = (word: string, framework: Framework): boolean =>
  ours.test(word) && (framework === 'mocha' || !/^-[ROpjwc]$/.test(word));

/** The words that decide which tests run, and how. */
function telling(words: readonly string[], framework: Framework): string[] {
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    // Jest and Vitest choose files themselves.
    const isPattern = word.startsWith(GLOB) && (framework === 'jest' || framework === 'vitest');
    if (!isOurs(word, framework) && !isPattern) rest.push(word);
    const [, most = 0, value = /^$/] = isOurs(word, framework)
      ? (valued.find(([option]) => option.test(word)) ?? [])
      : [];
    for (let count = 0; count < most && value.test(words[at + 1] ?? ''); count += 1) at += 1;
  }
  return rest;
}

const programs = /(?:^|\/)_?(jest|vitest|mocha|tsc|tape)(?:\.[cm]?js)?$/;
const programOf = (word: string): string => programs.exec(word)?.[1] ?? '';

/** Whether words are only what may stand before a program. */
const areStarting = (words: readonly string[]): boolean =>
  words.every((word) => starters.has(word) || word.startsWith('-') || assignment.test(word));

/** Where a command's program stands, when it is one of `names`; -1 when it starts something else. */
function startOf(words: readonly string[], names: readonly string[]): number {
  const at = words.findIndex((word) => names.includes(programOf(word)));
  const before = words.slice(0, Math.max(0, at));
  const node = before.indexOf('node');
  return areStarting(node === -1 ? before : before.slice(0, node)) ? at : -1; // Node's options have values
}

/** What runs TypeScript as Node.js runs JavaScript, as the options of Node.js that do the same. */
const likeNode: Readonly<Record<string, string[]>> = {
  node: [],
  tsx: ['--import', 'tsx'],
  'ts-node': ['-r', 'ts-node/register'],
};

/** A command that starts Node.js itself: its options, and what follows. */
interface NodeCommand {
  before: string[];
  options: string[];
  rest: string[];
}

function nodeCommand(words: readonly string[]): NodeCommand | null {
  const start = words.findIndex((word) => Object.hasOwn(likeNode, word));
  const before = words.slice(0, Math.max(0, start));
  if (start === -1 || !areStarting(before)) return null;
  const options = [...(likeNode[words[start] ?? ''] ?? [])];
  let at = start + 1;
  for (; words[at]?.startsWith('-') === true; at += 1) {
    options.push(words[at] ?? '');
    const next = words[at + 1];
    if (nodeValued.test(words[at] ?? '') && next !== undefined) options.push(next);
    if (nodeValued.test(words[at] ?? '') || /^--test-reporter(?:-destination)?$/.test(words[at] ?? '')) at += 1;
  }
  return { before, options, rest: words.slice(at) };
}

/** Words by which package managers are told to do something in packages of a workspace. */
const eachPackage = /^(?:--workspaces?|-ws|-w|-r|--recursive|--filter|workspaces?|--workspace=.*|--filter=.*)$/;

/** Programs that run no tests, however they end. */
const testless = new Set([
  ...['echo', 'exit', 'true', 'false', ':', 'tsc', 'eslint', 'prettier', 'rimraf', 'rm', 'mkdir', 'cp', 'cd', 'sleep'],
  ...['npm', 'yarn', 'pnpm', 'bun'],
]);

/** What else some commands run tests with: the first that is not one of those, as it is called. */
function otherOf(commands: readonly Command[]): string | null {
  for (const { words } of commands) {
    const start = words.findIndex((word) => !starters.has(word) && !assignment.test(word) && !word.startsWith('-'));
    const program = words[start]?.replace(/^.*\//, '');
    if (words[0] === 'bun' && words[1] === 'test') return 'bun test';
    if (program === undefined || testless.has(program)) continue;
    return words.includes('node')
      ? `node ${program}`
      : [program, ...words.slice(start + 1, start + 2).filter((word) => /^\w[\w-]*$/.test(word))].join(' ');
  }
  return null;
}

/** The settings before a program. */
const settingsIn = (words: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    words.flatMap((word) => {
      const [, key, value] = assignment.exec(word) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );

/** Programs that make files of others. */
const builders = new Set(['tsc', 'esbuild', 'vite', 'rollup', 'tsup', 'webpack', 'babel', 'swc', 'tsdown', 'unbuild']);

/** The words of a command that builds, from its program on; none for other commands. */
function buildIn({ words }: Command): string[][] {
  const start = words.findIndex((word) => !starters.has(word) && !assignment.test(word) && !word.startsWith('-'));
  const program = words[start]?.replace(/^.*\//, '') ?? '';
  const rest = words.slice(start + 1).map((word) => (word.startsWith(GLOB) ? word.slice(GLOB.length) : word));
  if (builders.has(program)) {
    const builds = program === 'vite' ? rest[0] === 'build' : !rest.includes('--noEmit');
    return builds ? [[program, ...rest]] : [];
  }
  if (words.includes('node') && /build/.test(program)) return [['node', words[start] ?? '', ...rest]];
  const inEach = ['npm', 'pnpm', 'yarn'].includes(words[0] ?? '') && words.some((word) => eachPackage.test(word));
  return inEach && words.some((word) => /^build\b/.test(word))
    ? [['npm', 'run', 'build', '--workspaces', '--if-present']]
    : [];
}

/** What builds before a command. */
const buildsBefore = (commands: readonly Command[], index: number): string[][] =>
  commands.slice(0, index).flatMap(buildIn);

/** Whether a command runs the tests of each package of a workspace, in the ways of npm, yarn, pnpm and others. */
function runsEach({ words }: Command): boolean {
  const [program = ''] = words.filter((word) => word !== 'npx');
  if (['turbo', 'lerna', 'nx', 'wsrun', 'wireit'].includes(program)) return words.some((word) => /\btest\b/.test(word));
  return (
    ['npm', 'yarn', 'pnpm'].includes(program) &&
    words.some((word) => eachPackage.test(word)) &&
    /\bt(?:est)?\b/.test(words.join(' '))
  );
}

const none: Omit<TestScript, 'framework' | 'other' | 'env' | 'envFiles' | 'builds' | 'inEach'> = {
  arguments: [],
  node: [],
  scripts: [],
};

type Parts = Pick<TestScript, 'framework' | 'env'> & Partial<TestScript>;

/** A command that starts a framework that comes as a package. */
function packagedIn({ words }: Command): Parts | null {
  const start = startOf(words, ['jest', 'vitest', 'mocha']);
  const framework = (['jest', 'vitest', 'mocha'] as const).find((name) => name === programOf(words[start] ?? ''));
  if (framework === undefined) return null;
  const before = words.slice(0, start);
  const node = before.indexOf('node');
  return {
    framework,
    arguments: telling(words.slice(start + 1), framework),
    node: node === -1 ? [] : before.slice(node + 1),
    env: settingsIn(before.slice(0, node === -1 ? start : node)),
  };
}

/** A command that starts Node's own test runner. */
function nodeTestIn({ words }: Command): Parts | null {
  const command = nodeCommand(words);
  if (command === null || !command.options.includes('--test')) return null;
  const options = telling(command.options, 'node:test').filter((word) => word !== '--test');
  const env = settingsIn(command.before);
  return { framework: 'node:test', arguments: telling(command.rest, 'node:test'), node: options, env };
}

/** A command that runs a script, or some of them by tape, which only loads them. */
function scriptIn({ words }: Command): Parts | null {
  const tape = startOf(words, ['tape']);
  if (tape !== -1) {
    const files = words.slice(tape + 1).filter((word) => !word.startsWith('-'));
    return { framework: 'node', scripts: files.map((file) => [file]), env: settingsIn(words.slice(0, tape)) };
  }
  const command = nodeCommand(words);
  if (command === null || !/\btest|spec|check/i.test(command.rest[0] ?? '')) return null;
  return { framework: 'node', scripts: [command.rest], node: command.options, env: settingsIn(command.before) };
}

/** Reads how `npm test` runs the tests. */
export function readTestScript(scripts: Scripts): TestScript {
  const commands = testCommands(scripts);
  for (const read of [packagedIn, nodeTestIn, scriptIn]) {
    const parts = commands.map(read);
    const index = parts.findIndex((part) => part !== null);
    const first = parts[index];
    if (first === undefined || first === null) continue;
    const every = parts.flatMap((part) => part?.scripts ?? []);
    const { envFiles } = commands[index] ?? { envFiles: [] };
    const other = first.framework === 'node' ? otherOf(commands) : null;
    return { other, ...none, ...first, scripts: every, envFiles, builds: buildsBefore(commands, index), inEach: false };
  }
  const each = commands.findIndex(runsEach);
  const builds = buildsBefore(commands, Math.max(0, each));
  const other = each === -1 ? otherOf(commands) : null;
  return { framework: null, other, ...none, env: {}, envFiles: [], builds, inEach: each !== -1 };
}
