import Handlebars from 'handlebars';

import { PromptError } from '../errors.ts';
import type { PromptProblem } from '../errors.ts';

/** Where a template stands: its text, and the file's line on which it begins. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly line: number;
}

/** Parses a Handlebars template. Throws `PromptError` with the line on which the mistake begins. */
export function parseTemplate(source: Source): hbs.AST.Program {
  try {
    return Handlebars.parse(source.text);
  } catch (error) {
    throw new PromptError(
      { path: source.path, ...(mistakeIn(source) ?? asTheParserSays(error, source)) },
      { cause: error },
    );
  }
}

type Mistake = Omit<PromptProblem, 'path'>;

const TAG =
  /(?<!\\)\{\{(?:!--[\s\S]*?--~?\}\}|![\s\S]*?\}\}|(~?)([#^/]?)>?[ \t]*([^\s}~]*)((?:(?!\{\{)[\s\S])*?\}\})?)/g;

/** The first tag that is not closed, or the block: the parser only notices where it cannot go on. */
function mistakeIn({ text, line: firstLine }: Source): Mistake | null {
  const open: { name: string; line: number }[] = [];
  for (const { 0: tag, 2: sign, 3: name = '', 4: end, index } of text.matchAll(TAG)) {
    if (sign === undefined) continue; // a comment
    const line = firstLine + text.slice(0, index).split('\n').length - 1;
    if (end === undefined) {
      const found = `\`${tag.split('\n')[0]?.trimEnd()}\``;
      return {
        code: 'unclosed-template',
        line,
        expected: 'a tag that is closed by `}}`',
        found,
        todo: 'Close the tag, or take it out.',
      };
    }
    if (sign === '#' || (sign === '^' && name !== '')) open.push({ name, line });
    if (sign !== '/') continue;
    const opener = open.pop();
    if (opener?.name === name) continue;
    return {
      code: 'invalid-template',
      line,
      expected:
        opener === undefined
          ? 'an opening tag for each closing one'
          : `\`{{/${opener.name}}}\` for the block that begins on line ${opener.line}`,
      found: `\`{{/${name}}}\``,
      todo: `Open it with \`{{#${name} …}}\`, or take the closing tag out.`,
    };
  }
  const last = open.at(-1);
  if (last === undefined) return null;
  return {
    code: 'unclosed-template',
    line: last.line,
    expected: `\`{{/${last.name}}}\` for the block that begins here`,
    found: 'the end of the file',
    todo: 'Close the block.',
  };
}

function asTheParserSays(error: unknown, { text, line }: Source): Mistake {
  const message = error instanceof Error ? error.message : String(error);
  const at = Number(
    /on line (\d+)|- (\d+):\d+/
      .exec(message)
      ?.slice(1)
      .find((number) => number !== undefined) ?? 1,
  );
  return {
    code: 'invalid-template',
    line: line + at - 1,
    expected: 'a Handlebars template',
    found: `\`${text.split('\n')[at - 1]?.trim()}\``,
    todo: 'Mend the tag on that line.',
  };
}
