/** Texts put together: a file that goes on in another block, and a definition that a corrected one replaces. */
import { definitionsIn, lastPart, type Definition } from '../code/definitions.ts';
import type { Dialect } from '../code/dialects.ts';
import type { Text } from './edits.ts';

const blank = (count: number): Text => ({
  content: Array<string>(count).fill(''),
  lines: Array<number>(count).fill(0),
});

const concat = (...texts: Text[]): Text => ({
  content: texts.flatMap(({ content }) => content),
  lines: texts.flatMap(({ lines }) => lines),
});

const slice = ({ content, lines }: Text, from: number, to?: number): Text => ({
  content: content.slice(from, to),
  lines: lines.slice(from, to),
});

/** Without blank lines at its end. */
export function trimEnd(text: Text): Text {
  let end = text.content.length;
  while (end > 0 && (text.content[end - 1] ?? '').trim() === '') end -= 1;
  return slice(text, 0, end);
}

/**
 * One text after the other, set off as the language's style guides want it: in Python two blank lines between
 * definitions.
 */
export function continueText(first: Text, next: Text, dialect: Dialect | null): Text {
  const from = next.content.findIndex((line) => line.trim() !== '');
  if (from < 0) return first;
  const begins = next.content[from] ?? '';
  const isTop = dialect?.id === 'python' && /^(?:@|def |async def |class |if __name__)/.test(begins);
  const gap = /^[\s}\])]/.test(begins) && dialect?.id !== 'python' ? 0 : isTop ? 2 : 1;
  return concat(trimEnd(first), blank(gap), slice(next, from));
}

/**
 * The file with the definitions of `next` in place of its own of the same names; imports that it lacks are added below
 * its others.
 * Null when one of them is not at the margin of the file.
 */
export function replaceDefinitions(base: Text, next: Text, dialect: Dialect): Text | null {
  const theirs = definitionsIn(next.content, dialect);
  const ours = new Map(
    definitionsIn(base.content, dialect).map((definition) => [lastPart(definition.name), definition]),
  );
  const pairs: { old: Definition; by: Definition }[] = [];
  for (const by of theirs) {
    const old = ours.get(lastPart(by.name));
    if (old === undefined) return null;
    pairs.push({ old, by });
  }
  if (pairs.length === 0) return null;
  let text = base;
  for (const { old, by } of pairs.sort((a, b) => b.old.from - a.old.from))
    text = concat(slice(text, 0, old.from), slice(next, by.from, by.to), slice(text, old.to));
  return addImports(text, next, dialect);
}

function addImports(text: Text, next: Text, dialect: Dialect): Text {
  const missing = next.content.filter((line) => dialect.imports?.test(line) === true && !text.content.includes(line));
  if (missing.length === 0) return text;
  const last = text.content.findLastIndex((line) => dialect.imports?.test(line) === true);
  const added: Text = { content: missing, lines: missing.map((line) => next.lines[next.content.indexOf(line)] ?? 0) };
  return concat(slice(text, 0, last + 1), added, slice(text, last + 1));
}
