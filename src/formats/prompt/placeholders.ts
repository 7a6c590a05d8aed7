import type { Variable } from './dialect.ts';
import { PromptError } from './errors.ts';

/** Collects variables by name with all their spellings, in the order of first mention. */
export class Variables {
  readonly #spellings = new Map<string, Set<string>>();

  /** Declares a variable; again is harmless. */
  declare(name: string, ...spellings: string[]): void {
    const allSpellings = this.#spellings.get(name) ?? new Set();
    for (const spelling of spellings) allSpellings.add(spelling);
    this.#spellings.set(name, allSpellings);
  }

  /** Declares every match of a pattern; its first group that took part is the name. */
  declareMatches(template: string, pattern: RegExp): void {
    for (const match of template.matchAll(pattern)) {
      this.declare(match.slice(1).find((group) => group !== undefined) ?? match[0], match[0]);
    }
  }

  list(): Variable[] {
    return [...this.#spellings].map(([name, spellings]) => ({ name, spellings: [...spellings] }));
  }
}

const NAME = String.raw`[ \t]*([A-Za-z_][\w.-]*)[ \t]*`;

/** `{{name}}`, `{{ user.name }}`, `{{{name}}}`; not after a backslash, which escapes it. */
export const BRACES = new RegExp(String.raw`(?<![{\\])(?:\{\{\{${NAME}\}\}\}|\{\{${NAME}\}\}(?!\}))`, 'g');

/** The same in any text: there, `${{ secrets.X }}` is a workflow's. */
export const BRACES_IN_TEXT = new RegExp(String.raw`(?<!\$)${BRACES.source}`, 'g');

/** Blocks, partials and statements of Handlebars, Mustache and Jinja: what would have to be run. */
const LOGIC = /\{\{~?(?:[#/^>&]|[ \t]*else\b)(?:(?!\{\{|\}\})[\s\S])*(?:\}\})?|\{%[\s\S]*?(?:%\}|$)/;
/** Anything else in double braces: helpers, filters, whitespace control. */
const TAG = /\{\{(?:(?!\{\{|\}\})[\s\S])*(?:\}\})?/;

/** Refuses a template that would have to be run. `line` is the file's line on which it begins. Throws `PromptError`. */
export function refuseLogic(template: string, path: string, line: number): void {
  refuse(LOGIC.exec(template), template, path, line);
}

/** Refuses whatever stands in double braces and is no variable. Throws `PromptError`. */
export function refuseTags(template: string, path: string, line: number): void {
  const rest = template.replace(BRACES, (found) => (LOGIC.test(found) ? found : ' '.repeat(found.length)));
  const logic = [LOGIC.exec(rest), TAG.exec(rest)].filter((match) => match !== null);
  refuse(logic.sort((a, b) => a.index - b.index)[0] ?? null, template, path, line);
}

function refuse(match: RegExpExecArray | null, template: string, path: string, line: number): void {
  if (match === null) return;
  const closed = /[}%]\}$/.test(match[0]);
  throw new PromptError({
    code: closed ? 'unsupported' : 'unclosed-template',
    path,
    line: line + template.slice(0, match.index).split('\n').length - 1,
    expected: closed ? 'plain variables such as `{{name}}`' : 'a tag that is closed by `}}`',
    found: `\`${match[0].trim().split('\n')[0]}\``,
    todo: closed
      ? 'Write the prompt without conditions, loops, partials and helpers: a variable can hold their result.'
      : 'Close the tag, or take it out.',
  });
}
