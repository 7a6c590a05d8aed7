/**
 * Comments and literals that span lines, by language: a fence inside of one is content of the block and does not end
 * it.
 */
import { indentOf } from './lines.ts';
import { syntaxOf, type Span, type Syntax } from './syntax.ts';

/** A comment or literal that is open at the end of a line. */
export interface Construct {
  /** What it is, in words: "a comment". */
  kind: string;
  /** Offset behind the mark that closes it on this line, or null when it goes on. */
  closesAt(line: string): number | null;
  /** It is over before the line that shows its end (indented text), which is a line like any other. */
  endsBefore: boolean;
  /** That it stays open proves nothing: its mark has other uses. */
  isDoubtful: boolean;
}

/** Where an open construct ends. */
export interface ConstructEnd {
  line: number;
  /** Offset behind the closing mark. */
  offset: number;
}

/** Follows the lines of a block and knows which construct is open. */
export interface Follower {
  read(lines: string[]): void;
  open(): Construct | null;
  /**
   * Where the construct that is open now ends, from line `from` on; null when none is open, or it does not end in
   * reach.
   */
  endFrom(lines: string[], from: number): ConstructEnd | null;
}

/** Longer lines hold data: no construct is looked for in them. */
const longest = 20_000;
/** So many lines a construct may hold after a fence in it. */
const farthest = 400;

/** A follower for a block of this language; `path` is a name that stands above a block without a language. */
export function followerOf(language: string | null, path: string | null): Follower {
  const syntax = syntaxOf(language, path);
  let open: Construct | null = null;
  return {
    read(lines) {
      for (const line of lines) open = afterLine(line, open, syntax);
    },
    open: () => open,
    endFrom(lines, from) {
      if (open === null) return null;
      for (let line = from; line < Math.min(lines.length, from + farthest); line += 1) {
        const text = lines[line] ?? '';
        const offset = open.closesAt(syntax.hasBackticks ? withoutFences(text) : text);
        if (offset !== null) return { line, offset };
      }
      return null;
    },
  };
}

/** The construct that is open after a line, given the one that was open before it. */
function afterLine(line: string, before: Construct | null, syntax: Syntax): Construct | null {
  if (line.length > longest) return before;
  const text = syntax.hasBackticks ? withoutFences(line) : line;
  let at = 0;
  if (before !== null) {
    const end = before.closesAt(text);
    if (end === null) return before;
    at = end;
  }
  if (syntax.indents) return blockScalar(text);
  for (;;) {
    const next = nextMark(text, at, syntax);
    if (next === null) return null;
    const { span, mark, end } = next;
    if (span !== null) {
      const newConstruct = constructOf(span, mark);
      const close = newConstruct.closesAt(span.isHeredoc ? '' : text.slice(end));
      if (close === null) return newConstruct;
      at = end + close;
    } else at = afterQuote(text, end, mark);
  }
}

/** A run of three backticks or more is a fence that the construct shows, and never a mark of the language. */
const withoutFences = (line: string): string => line.replace(/(?<!\\)`{3,}/g, '');

/** The next mark that opens a span or a literal of one line; null when none comes before the end or a line comment. */
function nextMark(text: string, from: number, syntax: Syntax): { span: Span | null; mark: string; end: number } | null {
  const { tokens } = syntax;
  tokens.lastIndex = from;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const mark = match[0];
    if (mark.startsWith('\\') || syntax.skips?.test(mark) === true) continue;
    const end = match.index + mark.length;
    const span = syntax.spans.find(
      ({ open, startsLine }) => open.test(mark) && (startsLine !== true || text.slice(0, match.index).trim() === ''),
    );
    if (span !== undefined) return { span, mark, end };
    if (syntax.comments.includes(mark)) {
      if (!syntax.isSpaced || match.index === 0 || /\s/.test(text[match.index - 1] ?? '')) return null;
    } else if (syntax.quotes.includes(mark)) return { span: null, mark, end };
  }
  return null;
}

/** Where a literal of one line ends; one that does not end is no literal (an apostrophe in a comment, a lifetime). */
function afterQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return from;
}

function constructOf(span: Span, mark: string): Construct {
  const close = span.close(mark);
  const closesAt =
    span.isHeredoc === true
      ? (line: string): number | null => (line.trim().replace(/;$/, '') === close ? line.length : null)
      : (line: string): number | null => endOf(line, close, span.hasEscapes === true);
  return { kind: span.kind, closesAt, endsBefore: false, isDoubtful: span.isDoubtful === true };
}

function endOf(line: string, close: string, hasEscapes: boolean): number | null {
  if (!hasEscapes) {
    const at = line.indexOf(close);
    return at < 0 ? null : at + close.length;
  }
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line.startsWith(close, at)) return at + close.length;
  }
  return null;
}

const scalarHead = /^[ \t]*(?:-[ \t]+)*(?:[^\s#'"|>][^#|>]{0,200}:[ \t]+|-[ \t]+)[|>][-+0-9]{0,2}[ \t]*(?:#.*)?$/;

/** A block scalar of YAML (`run: |`): the lines below that are indented deeper. */
function blockScalar(line: string): Construct | null {
  if (!scalarHead.test(line)) return null;
  const depth = indentOf(line);
  const closesAt = (text: string): number | null => (text.trim() !== '' && indentOf(text) <= depth ? 0 : null);
  return { kind: 'a block scalar', closesAt, endsBefore: true, isDoubtful: true };
}
