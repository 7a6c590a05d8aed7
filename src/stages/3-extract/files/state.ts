/** What is put together of an answer, while its blocks are placed one after the other. */
import type { Flag, FlagCode, Naming } from '../../../domain/grading/extraction.ts';
import type { Draft } from '../naming/draft.ts';
import type { Judged } from '../naming/roles.ts';
import { reroot, type Tree } from '../naming/tree.ts';
import { withoutAlias } from './aliases.ts';
import type { Text } from './edits.ts';
import { jail } from './jail.ts';

/** A file so far. */
export interface Entry {
  text: Text;
  line: number;
  namedBy: Naming;
}

/** What is put together so far. */
export interface State {
  files: Map<string, Entry>;
  flags: Flag[];
  tree: Tree;
  labels: string[];
  /** What `@/` stands for. */
  alias: string;
}

/** A block's outcome: what is reported of it. */
export interface Outcome extends Judged {
  path: string | null;
  namedBy: Naming | null;
  nameLine: number | null;
}

export const withoutName = ({ role, why }: Judged): Outcome => ({
  role,
  why,
  path: null,
  namedBy: null,
  nameLine: null,
});

export function addFlag(state: State, code: FlagCode, line: number, path: string | null, detail: string): void {
  state.flags.push({ code, line, path, detail });
}

/** The path's form in the project, or null with a flag. */
export function safePath(written: string, line: number, state: State, topic: ReadonlySet<string>): string | null {
  const jailed = jail(reroot(withoutAlias(written.trim(), state.alias), state, topic));
  if (jailed.ok) return jailed.path;
  addFlag(state, 'unsafe-path', line, written, `Not written: ${jailed.reason}.`);
  return null;
}

/** Makes a file; a later version takes the place of an earlier one, with a flag. */
export function putFile(path: string, entry: Entry, state: State): void {
  const earlier = state.files.get(path);
  if (earlier !== undefined) {
    addFlag(state, 'duplicate-path', entry.line, path, `Replaces the version on line ${earlier.line}.`);
    state.files.delete(path);
  }
  state.files.set(path, entry);
}

/** The text of a block, from its line `from` on. */
export const textOf = ({ block }: Draft, from = 0): Text => ({
  content: block.content.slice(from),
  lines: block.lines.slice(from),
});
