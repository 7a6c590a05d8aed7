import type { Variable } from './dialect.ts';
import { BRACES_IN_TEXT, Variables } from './placeholders.ts';

/** What stands in brackets, or in double braces, at the head of a list item or table row: bold, code or plain. */
const DECLARED = /^\**(?:`\[([^[\]`]+)\]`|\[([^[\]`]{2,})\](?!\()|`?\{\{[ \t]*([\w.-]+)[ \t]*\}\}`?)\**/;

/**
 * The variables of a library's template: those declared under `## Variables` and in the front matter. Braces that the
 * section declares are variables in whatever way the template spaces them; where nothing is declared, all braces are.
 */
export function libraryVariables(front: readonly string[], section: string, templates: readonly string[]): Variable[] {
  const declared = declaredInSection(section);
  const braces = new Variables();
  for (const template of templates) braces.declareMatches(template, BRACES_IN_TEXT);
  const inTemplate = braces.list();
  if (front.length === 0 && declared.length === 0) return inTemplate;

  const brackets = new Set([...front, ...declared.filter(({ braced }) => !braced).map(({ name }) => name)]);
  const braced = new Set(declared.filter((entry) => entry.braced && !brackets.has(entry.name)).map(({ name }) => name));
  return [
    ...[...brackets].map((name) => ({ name })),
    ...[...braced].map((name) => inTemplate.find((variable) => variable.name === name) ?? { name, spellings: [] }),
  ];
}

interface Declaration {
  readonly name: string;
  readonly braced: boolean;
}

/** A link's text and a task's box stand in brackets too, and are no variables. */
function declaredInSection(section: string): Declaration[] {
  const names: Declaration[] = [];
  for (const line of section.split('\n')) {
    const head = /^\s*(?:[-*+]|\d+[.)]|\|)\s+(?=[*`[{])/.exec(line);
    if (head === null) continue;
    let rest = line.slice(head[0].length);
    for (let match = DECLARED.exec(rest); match !== null; match = DECLARED.exec(rest)) {
      const [whole, span, plain, braced] = match;
      names.push({ name: braced ?? span ?? plain ?? '', braced: braced !== undefined });
      rest = rest.slice(whole.length).replace(/^\s*(?:,|\/|and\b|or\b)\s*/, '');
    }
  }
  return names;
}

/** Names declared as `variables:` in front matter: a list of names, a list of `{ name }`, or a mapping by name. */
export function declaredInFrontMatter(data: Readonly<Record<string, unknown>>): string[] {
  const { variables } = data;
  if (Array.isArray(variables)) return variables.map(nameOf).filter((name) => name !== null);
  if (typeof variables === 'object' && variables !== null) return Object.keys(variables).map(bare);
  return [];
}

function nameOf(entry: unknown): string | null {
  if (typeof entry === 'string') return bare(entry);
  // Unquoted in YAML, `- [name]` is a list of one name.
  if (Array.isArray(entry)) return entry.length === 1 ? nameOf(entry[0]) : null;
  if (typeof entry === 'object' && entry !== null && 'name' in entry) return nameOf(entry.name);
  return null;
}

const bare = (name: string): string => name.replace(/^\[(.*)\]$/, '$1');
