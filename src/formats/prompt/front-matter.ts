import matter from 'gray-matter';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

import type { PromptFile } from './dialect.ts';
import { PromptError } from './errors.ts';

/** A file cut into its front matter and the rest. */
export interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>;
  /** The `version` as it is written: `2.0` stays `2.0`, though YAML makes the number 2 of it. */
  readonly version: string | null;
  readonly body: string;
  /** The file's line on which the body begins, counted from 1. */
  readonly bodyLine: number;
}

/**
 * Cuts off the front matter. A file without any is all body. Throws `PromptError`.
 * `firstLine` is the line of the original file on which `file.text` begins, when something was cut off before.
 */
export function splitFrontMatter(file: PromptFile, firstLine = 1): FrontMatter {
  const { text, path } = file;
  const language = /^---(?!-)[ \t]*([^\n]*)/.exec(text)?.[1]?.trim();
  if (language === undefined) return { data: {}, version: null, body: text, bodyLine: firstLine };
  if (language !== '' && language !== 'yaml') {
    throw new PromptError({
      code: 'front-matter',
      path,
      line: firstLine,
      expected: 'YAML front matter between two lines of `---`',
      found: `\`---${language}\``,
      todo: 'Write the front matter as YAML: other languages are not read, and none is ever run.',
    });
  }
  if (!text.includes('\n---', 3)) {
    throw new PromptError({
      code: 'front-matter',
      path,
      line: firstLine,
      expected: 'a line `---` that ends the front matter',
      found: 'none before the end of the file',
      todo: 'Close the front matter, or begin the file with another line if it has none.',
    });
  }

  let version: string | null = null;
  const refuse = (): never => {
    throw new Error('front matter is never run');
  };
  const { content, data } = matter(text, {
    // Options also switch off gray-matter's cache, which hands the same object to every caller.
    engines: {
      yaml: (source: string): object => {
        const read = readYaml(source, path, firstLine);
        version = read.version;
        return read.data;
      },
      // A prompt file is untrusted, and gray-matter would evaluate JavaScript: refused above, and here once more.
      javascript: refuse,
      js: refuse,
      json: refuse,
    },
  });
  const bodyLine = firstLine + text.slice(0, text.length - content.length).split('\n').length - 1;
  return { data, version, body: content, bodyLine };
}

/** YAML that is a mapping. */
export interface YamlMapping {
  readonly data: Readonly<Record<string, unknown>>;
  readonly version: string | null;
  /** The file's line of the value at a path of keys and indexes. */
  lineOf(keys: readonly (string | number)[]): number;
}

/** Reads YAML that must be a mapping. `line` is the file's line on which `source` begins. Throws `PromptError`. */
export function readYaml(source: string, path: string, line: number): YamlMapping {
  const fail = (at: number, found: string, todo: string): never => {
    throw new PromptError({
      code: 'invalid-yaml',
      path,
      line: at,
      expected: 'a YAML mapping (`key: value`)',
      found,
      todo,
    });
  };
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, logLevel: 'error' });
  const problem = document.errors[0];
  if (problem !== undefined) {
    // The library's first line is the reason; the rest draws the place, which our line number already says.
    const reason = problem.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? problem.code;
    const at = problem.linePos?.[0].line ?? 1;
    const lineText = source.split('\n')[at - 1]?.trim().slice(0, 80) ?? '';
    return fail(
      line + at - 1,
      `invalid YAML: ${reason}${lineText === '' ? '' : ` in \`${lineText}\``}`,
      'Mend that line; put a value that holds a colon, a quote or a bracket into quotes as a whole.',
    );
  }
  const { contents } = document;
  if (contents !== null && !isMap(contents)) {
    return fail(line, 'YAML of another kind', 'Write it as `key: value` lines.');
  }
  const version = document.getIn(['version'], true) ?? document.getIn(['metadata', 'version'], true);
  try {
    return {
      data: (document.toJS() ?? {}) as Record<string, unknown>,
      version:
        isScalar(version) && version.value !== null
          ? (version.source ?? `${version.value as string | number | boolean}`)
          : null,
      lineOf: (keys) => {
        const node = document.getIn(keys, true);
        const range =
          typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null;
        return line + (range?.[0] === undefined ? 1 : lineCounter.linePos(range[0]).line) - 1;
      },
    };
  } catch (error) {
    // The library refuses a document whose aliases multiply.
    return fail(line, `YAML that can't be read: ${String(error)}`, 'Write the values out instead of using aliases.');
  }
}
