import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../domain/usage-error.ts';
import { textTable } from '../../reporters/table.ts';
import { extract } from '../../stages/3-extract/extract.ts';
import { projectsOf } from '../../stages/3-extract/projects.ts';
import { runners } from '../../../runners/index.ts';
import { exit } from '../exit.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';
import { readAnswerFile } from './grade.ts';

interface ExtractOptions extends OutputOptions {
  out?: string;
}

/** What `cupel extract --format json` prints. */
export function extractionJson(text: string): object {
  const { blocks, files, flags } = extract(text);
  return {
    flags,
    blocks: blocks.map(({ line, language, role, path, namedBy }) => ({ line, language, role, path, named_by: namedBy })),
    projects: projectsOf(files, runners).map(({ language, root, files: own }) => ({
      language,
      root,
      files: own.map(({ path, line, namedBy }) => ({ path, line, named_by: namedBy })),
    })),
  };
}

async function write(folder: string, files: ReturnType<typeof extract>['files']): Promise<void> {
  const existing = await readdir(folder).catch(() => []);
  if (existing.length > 0) throw new UsageError(`--out ${folder}: expected an empty folder, found ${existing.length} entries; name a new one.`);
  for (const file of files) {
    await mkdir(dirname(join(folder, file.path)), { recursive: true });
    await writeFile(join(folder, file.path), file.text, { flag: 'wx' });
  }
}

async function run(path: string, options: ExtractOptions): Promise<number> {
  const text = await readAnswerFile(path);
  const { blocks, files, flags } = extract(text);
  if (options.out !== undefined) await write(options.out, files);
  if (options.format === 'json') {
    printJson(extractionJson(text));
    return exit.held;
  }
  const rows = blocks.map(({ line, language, role, path: name, namedBy, nameLine }) => [
    String(line),
    language ?? '-',
    role,
    name ?? '-',
    namedBy === null ? '-' : `${namedBy}${nameLine === null ? '' : `, line ${nameLine}`}`,
  ]);
  process.stdout.write(`${textTable([['line', 'language', 'role', 'path', 'named by'], ...rows])}\n`);
  for (const flag of flags) process.stdout.write(`line ${flag.line}: ${flag.code}: ${flag.detail}\n`);
  process.stdout.write(`${files.length} files${options.out === undefined ? '' : ` in ${options.out}`}\n`);
  return exit.held;
}

/** `cupel extract <answer>` */
export function extractCommand(program: Command, act: (work: (signal: AbortSignal) => Promise<number>) => Promise<void>): void {
  formatOption(program.command('extract'))
    .description('only take the files out of an answer, and say why each is called what it is called')
    .argument('<answer>', 'a Markdown file')
    .option('--out <folder>', 'write the files here; the folder must be empty or new')
    .action((path: string, options: ExtractOptions) => act(() => run(path, options)));
}
