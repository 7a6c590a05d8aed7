import { parse as parseToml } from 'smol-toml';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';

export type Table = Record<string, unknown>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A value as a table; an empty table for any other value. */
export const table = (value: unknown): Table => (isTable(value) ? value : {});
/** A list of words: an array, or a text with one in each line or after each comma. */
export const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? value
        .split(/[\n,]/)
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : Array.isArray(value)
      ? value.map(String)
      : [];

/** The text of a file of the project, by its path from the project's root. */
export function textOf(project: Project, name: string): string | null {
  return project.files.find((file) => withinProject(project, file.path) === name)?.text ?? null;
}

/** A TOML file; empty when it is missing or cannot be read. */
export function tomlOf(project: Project, name: string): Table {
  const text = textOf(project, name);
  if (text === null) return {};
  try {
    return parseToml(text);
  } catch {
    return {}; // said by the dependencies check
  }
}

/** A record that has nothing of its own: names come from the answer, and `__proto__` is one. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.create promises nothing, and an empty object is one of these
const bare = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

/** Sections of an INI file with their values; continuation lines are joined. */
export function iniOf(project: Project, name: string): Record<string, Record<string, string>> {
  const sections = bare<Record<string, string>>();
  let section = '';
  let key: string | null = null;
  for (const line of (textOf(project, name) ?? '').split('\n')) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const pair = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== undefined) {
      sections[header] ??= bare();
      [section, key] = [header, null];
    } else if (pair?.[1] !== undefined) (sections[section] ??= bare())[(key = pair[1])] = pair[2] ?? '';
    else if (key !== null && /^\s+\S/.test(line)) (sections[section] ??= bare())[key] += `\n${line.trim()}`;
  }
  return sections;
}
