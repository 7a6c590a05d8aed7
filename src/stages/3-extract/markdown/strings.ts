/** String literals that span lines and may hold fences: docstrings, text blocks, here-documents. */

/** Follows the lines of a block and knows which literal is open. */
export interface StringState {
  read(lines: string[]): void;
  /** What ends the literal that is open now, or null. */
  open(): ((line: string) => boolean) | null;
}

const tripled = new Set(
  'python py python3 pyi java kotlin kt scala groovy swift toml elixir ex exs julia jl csharp cs dart graphql'.split(
    ' ',
  ),
);
const shells = new Set(['bash', 'sh', 'shell', 'zsh', 'console', 'terminal']);

/** A follower for the language, or null when its strings cannot span lines that matter. */
export function stringState(language: string | null): StringState | null {
  if (language === null) return null;
  if (tripled.has(language)) return tripleQuotes();
  return shells.has(language) ? hereDocument() : null;
}

function tripleQuotes(): StringState {
  let mark: string | null = null;
  return {
    read(lines) {
      for (const line of lines) mark = afterLine(line, mark);
    },
    open() {
      const closing = mark;
      return closing === null ? null : (line) => afterLine(line, closing) === null;
    },
  };
}

/** The mark that is open after a line, given the one open before it. */
function afterLine(line: string, before: string | null): string | null {
  let mark = before;
  let at = 0;
  while (at < line.length) {
    if (mark !== null) {
      const close = line.indexOf(mark, at);
      if (close < 0) return mark;
      at = close + 3;
      mark = null;
      continue;
    }
    const double = line.indexOf('"""', at);
    const single = line.indexOf("'''", at);
    const start = double < 0 ? single : single < 0 ? double : Math.min(double, single);
    if (start < 0 || /^\s*(?:#|\/\/)/.test(line)) return null;
    mark = line.slice(start, start + 3);
    at = start + 3;
  }
  return mark;
}

function hereDocument(): StringState {
  let mark: string | null = null;
  return {
    read(lines) {
      for (const line of lines) {
        if (mark !== null) mark = line.trim() === mark ? null : mark;
        else mark = /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/.exec(line)?.[2] ?? null;
      }
    },
    open() {
      const closing = mark;
      return closing === null ? null : (line) => line.trim() === closing;
    },
  };
}

/** The line at which the literal that is open at line `at` ends, or null when none is open or it never ends. */
export function stringEnd(lines: string[], at: number, state: StringState): number | null {
  const closes = state.open();
  if (closes === null) return null;
  for (let i = at; i < lines.length; i += 1) if (closes(lines[i] ?? '')) return i;
  return null;
}
