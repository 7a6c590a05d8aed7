/**
 * The files as they are laid out: in the order of their lines, and of two that cannot stand side by side only the
 * first.
 */
import type { AnswerFile } from '../../../domain/grading/extraction.ts';
import { addFlag, type Entry, type State } from './state.ts';

/** The files that can all be laid out; each that cannot is flagged. */
export function layOut(state: State): AnswerFile[] {
  const placed = new Map<string, string>();
  const folders = new Map<string, string>();
  const files: AnswerFile[] = [];
  for (const [path, entry] of [...state.files].sort(([, a], [, b]) => a.line - b.line)) {
    const reason = clash(path, placed, folders);
    if (reason !== null) {
      addFlag(state, 'path-clash', entry.line, path, reason);
      continue;
    }
    placed.set(path.toLowerCase(), path);
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
      folders.set(path.slice(0, at).toLowerCase(), path.slice(0, at));
    files.push(toFile(path, entry));
  }
  return files;
}

function clash(path: string, kept: Map<string, string>, folders: Map<string, string>): string | null {
  const lower = path.toLowerCase();
  const twin = kept.get(lower);
  if (twin !== undefined) return `It differs from ${twin} only by case.`;
  if (folders.has(lower)) return 'It is the name of a folder that another file is in.';
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const part = path.slice(0, at);
    const file = kept.get(part.toLowerCase());
    if (file !== undefined) return `${file} is a file, not a folder.`;
    const folder = folders.get(part.toLowerCase());
    if (folder !== undefined && folder !== part) return `The folder ${part} differs from ${folder} only by case.`;
  }
  return null;
}

const toFile = (path: string, entry: Entry): AnswerFile => ({
  path,
  text: entry.text.content.length === 0 ? '' : `${entry.text.content.join('\n')}\n`,
  line: entry.line,
  lines: entry.text.lines,
  namedBy: entry.namedBy,
});
