/** How two pieces of code are related: one repeats lines of the other, or shows its signatures only. */
import type { Dialect } from './dialects.ts';
import { definedBy } from './definitions.ts';

/** Marks that stand for code left out. */
const gap = /^\s*(?:(?:\/\/|#|--|\/\*|<!--|\{\/\*)?\s*(?:\.{3,}|…)|pass$)/;
/** Whether a line stands for code that is left out. */
export const isGap = (line: string): boolean => gap.test(line);
/** A comment at the end of a line, which an excerpt adds or leaves out. */
const remark = /\s+(?:\/\/|#|--)\s.*$/;

/** Lines as they are compared: without white space around, blank lines, comments and marks for gaps. */
export function comparable(content: readonly string[], dialect: Dialect | null): string[] {
  return content
    .filter((line) => line.trim() !== '' && !gap.test(line) && dialect?.comment.test(line) !== true)
    .map((line) => line.replace(remark, '').trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
}

/** How many of the lines stand in the file in the same order. */
export function linesInOrder(part: readonly string[], whole: readonly string[]): number {
  let at = 0;
  let count = 0;
  for (const line of part) {
    const next = whole.indexOf(line, at);
    if (next < 0) continue;
    at = next + 1;
    count += 1;
  }
  return count;
}

/** A line that says something by itself: not only brackets and marks. */
export const says = (line: string): boolean => /\w/.test(line);

const bodyless =
  /^(?:\.{3}|…|pass|\{\s*(?:\.{3}|…|\/\*.*\*\/)?\s*\}|[{}\])]+[;,]?|raise NotImplementedError.*|(?:todo|unimplemented)!\(.*\);?|throw new \w*(?:NotImplemented|UnsupportedOperation)\w*\(.*\);?|panic\(".*"\)|"""[^"]*"""|return\s*;?|end)$/;

/** Dialects whose definitions have bodies. */
const withBodies = new Set(['python', 'script', 'go', 'java', 'rust', 'c']);

/** Whether code only names what it defines: each definition is a signature, or has a body that does nothing. */
export function isStub(content: readonly string[], dialect: Dialect): boolean {
  if (!withBodies.has(dialect.id)) return false;
  let signatures = 0;
  let isOpen = false;
  for (const line of content) {
    const text = line.trim();
    if (text === '' || dialect.comment.test(line) || text.startsWith('@') || dialect.imports?.test(line) === true)
      continue;
    if (definedBy(text, dialect) !== null) {
      signatures += 1;
      isOpen = text.split('(').length > text.split(')').length;
      if (hasBody(text, dialect)) return false;
    } else if (isOpen) isOpen = !text.includes(')');
    else if (!bodyless.test(text)) return false;
  }
  return signatures > 0;
}

/** A definition whose body begins on its own line: `const f = (x) => x + 1`, `def f(): return 1`. */
const hasBody = (line: string, { indents }: Dialect): boolean =>
  indents
    ? /\)\s*(?:->[^:]+)?:\s*[^\s.#]/.test(line)
    : /=>\s*[^\s{.…]/.test(line) || /\{\s*[^\s}.…/]/.test(line.replace(/^.*\)/, ''));
