import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AnswerFile, Block, Extraction, Flag } from '../domain/grading/extraction.ts';
import { UsageError } from '../domain/usage-error.ts';
import { projectsOf } from '../stages/4-projects/projects.ts';
import { extract } from '../stages/3-extract/extract.ts';
import { runners } from '../../runners/index.ts';
import { makeFolder } from '../store/files/atomic.ts';

/** A file of an answer without its text. */
interface FileSource {
  path: string;
  /** Line of the answer at which it begins. */
  line: number;
  named_by: AnswerFile['namedBy'];
}

/** What was taken out of an answer, in the shape that `cupel extract --format json` prints. */
export interface ExtractionReport {
  flags: readonly Flag[];
  blocks: {
    line: number;
    language: string | null;
    role: Block['role'];
    path: string | null;
    named_by: Block['namedBy'];
    name_line: number | null;
    end_line: number;
    /** Why it is taken for what it is. */
    why: string;
  }[];
  projects: { language: string | null; root: string; files: FileSource[] }[];
}

/** An extraction as data, with its files sorted into projects. */
export function extractionReport({ blocks, files, flags }: Extraction): ExtractionReport {
  return {
    flags,
    blocks: blocks.map(({ line, endLine, language, role, path, namedBy, nameLine, why }) => ({
      line,
      language,
      role,
      path,
      named_by: namedBy,
      name_line: nameLine,
      end_line: endLine,
      why,
    })),
    projects: projectsOf(files, runners).map((project) => ({
      language: project.language,
      root: project.root,
      files: project.files.map(({ path, line, namedBy }) => ({ path, line, named_by: namedBy })),
    })),
  };
}

/** Takes the files out of an answer, and says why each is called what it is called. */
export function extractAnswer(text: string): Extraction {
  return extract(text);
}

/** Writes the files of an answer into a folder. Throws `UsageError` unless it is empty or new. */
export async function writeFiles(folder: string, files: readonly AnswerFile[]): Promise<void> {
  const existing = await readdir(folder).catch(() => []);
  if (existing.length > 0)
    throw new UsageError(
      `--out ${folder}: expected an empty folder, found ${existing.length} entries; name a new one.`,
    );
  for (const file of files) {
    await makeFolder(dirname(join(folder, file.path)));
    await writeFile(join(folder, file.path), file.text, { flag: 'wx' });
  }
}
