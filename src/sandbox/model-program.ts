/**
 * Commands that are models: they have the network and the system, and nothing of the project whose questions they
 * answer.
 */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path';
import { UsageError } from '../domain/usage-error.ts';
import { usualVariables } from '../ports/model-program.ts';
import type { Enclose, ModelProgram } from '../ports/model-program.ts';
import { symlinkOrBind } from './arguments.ts';

/** Folders of a system that hold programs, libraries and settings for everybody. */
const systemFolders = ['/usr', '/etc', '/opt', '/nix'];
const linkedFolders = ['/bin', '/sbin', '/lib', '/lib64', '/lib32'];

/** The folder in which a command starts, and what it has for a home: both empty, and gone when it ends. */
const WORK = '/tmp/work';
const HOME = '/tmp/home';

/** Whether a path is a folder, or lies below it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Where a command stands that is named without a path; null when it is nowhere. */
function onPath(command: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      if (isFile(path)) return path;
    } catch {
      continue;
    }
  }
  return null;
}

/** A project as far as models may not see it. */
export interface HiddenProject {
  /** The project's folder: relative paths begin here. */
  root: string;
  /** Further folders of Cupel's, such as its state, that tell of the project. */
  others: readonly string[];
}

/** Folders of a project that tell what is asked and how it is judged; no setting shows them. */
const telling = ['.git', 'evals', 'prompts', 'reports', 'tests'];

/** What is mounted for a command: the words to start it with, and files and folders that it sees. */
function visible({ words: [command, ...rest], reads }: ModelProgram, model: string, project: HiddenProject) {
  const found = command.includes('/') ? resolve(project.root, command) : onPath(command);
  if (found === null || !isFile(found))
    throw new UsageError(
      `model ${model}: expected a command that can be started, found no program ${command}; name it by its whole path.`,
    );
  const tells = (path: string): boolean =>
    project.others.some((folder) => isWithin(path, folder)) ||
    telling.some((name) => isWithin(path, join(project.root, name)));
  // Files that are named as words are meant to be read: scripts, mostly.
  const words = rest.map((word) => {
    const path = resolve(project.root, word);
    return word !== '' && !word.startsWith('-') && isFile(path) && !tells(path) ? path : word;
  });
  const named = [found, ...words.filter((word) => isAbsolute(word) && isFile(word) && !tells(word))];
  const asked = reads.map((path) => resolve(project.root, path.replace(/^~(?=\/|$)/, process.env['HOME'] ?? '~')));
  for (const path of asked) {
    if (!existsSync(path)) throw new UsageError(`model ${model}: reads: expected files and folders, found no ${path}.`);
    if (isWithin(project.root, path) || tells(path))
      throw new UsageError(
        `model ${model}: reads: expected nothing that tells how answers are judged, found ${path}; \`exposed: true\` runs it without any protection, and marks its runs so.`,
      );
  }
  const shown = [...named.flatMap((path) => [path, realpathSync(path)]), ...asked];
  return { command: found, words, shown: [...new Set(shown)] };
}

/**
 * Arguments of bwrap: the system, then what hides the project where some of it would be seen, then what is shown all
 * the same.
 */
function mounts(shown: readonly string[], project: HiddenProject): string[] {
  const system = systemFolders.filter((folder) => existsSync(folder));
  const hidden = [project.root, ...project.others].map((folder) =>
    existsSync(folder) ? realpathSync(folder) : folder,
  );
  const beside = shown.filter((path) => !hidden.some((folder) => isWithin(path, folder)));
  const within = shown.filter((path) => !beside.includes(path));
  const bind = (path: string): string[] => [path.startsWith('/dev/') ? '--dev-bind' : '--ro-bind', path, path];
  const servers = existsSync('/etc/resolv.conf') ? realpathSync('/etc/resolv.conf') : '/etc/resolv.conf';
  return [
    ...[...system.flatMap((folder) => ['--ro-bind', folder, folder]), ...linkedFolders.flatMap(symlinkOrBind)],
    ...(system.some((folder) => isWithin(servers, folder)) ? [] : ['--ro-bind-try', servers, servers]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--dir', WORK, '--dir', HOME, '--tmpfs', '/var/tmp'],
    ...beside.filter((path) => !system.some((folder) => isWithin(path, folder))).flatMap(bind),
    ...hidden.flatMap((folder) =>
      [...system, ...beside].some((path) => isWithin(folder, path)) ? ['--tmpfs', folder] : [],
    ),
    ...within.flatMap(bind),
    ...['--remount-ro', '/'],
  ];
}

/** Encloses commands of a project. */
export function encloser(project: HiddenProject): Enclose {
  return (program, model) => {
    const { command, words, shown } = visible(program, model, project);
    const names = [...usualVariables, ...program.environment];
    const given = names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return {
      command: 'bwrap',
      words: [
        ...['--die-with-parent', '--new-session', '--unshare-pid', '--unshare-ipc', '--cap-drop', 'ALL'],
        ...mounts(shown, project),
        ...['--chdir', WORK, '--', command, ...words],
      ],
      env: { ...Object.fromEntries(given), HOME, TMPDIR: '/tmp' },
    };
  };
}
