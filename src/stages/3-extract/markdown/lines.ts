/** Lines of an answer. Everything downstream counts lines from 1 and sees '\n' only. */

/** The lines of a text, without their ends, for any of the three line ends. A final line end adds no empty line. */
export function splitLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Columns of white space at the start of a line; a tab reaches to the next multiple of four. */
export function indentOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === ' ') column += 1;
    else if (char === '\t') column += 4 - (column % 4);
    else break;
  }
  return column;
}

/**
 * Removes up to `columns` columns of white space from the start of a line; what is left of a tab becomes spaces.
 * `start` is the column at which the line begins (after quotation marks), on which the width of a tab depends.
 */
export function dedent(line: string, columns: number, start = 0): string {
  const endColumn = start + columns;
  let column = start;
  let at = 0;
  while (at < line.length && column < endColumn) {
    const char = line[at];
    if (char === ' ') column += 1;
    else if (char === '\t') column += 4 - (column % 4);
    else break;
    at += 1;
  }
  return ' '.repeat(Math.max(0, column - endColumn)) + line.slice(at);
}
