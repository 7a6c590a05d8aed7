/** What a block without a name is to the delivered files, told by its content. */
import { comparable, isGap, isStub, linesInOrder, says } from './compare.ts';
import { atMargin, definitionsIn, lastPart } from './definitions.ts';
import { needOf, tellingNames, usesOf, type CodeFile, type Delivered, type Need } from './delivered.ts';
import type { Dialect } from './dialects.ts';

/** A file of which a block shows lines, all of them in the file's order. */
export interface Excerpt {
  path: string;
  isStub: boolean;
  /** Lines of the file between them are left out, and no mark says so. */
  leavesOut: boolean;
}

/** How a block is related to what the answer delivers. */
export interface Relation {
  /** It repeats lines of this file, or shows its signatures. */
  excerptOf: Excerpt | null;
  /** It defines what this file defines, or is the same code but for some lines. */
  versionOf: string | null;
  /** Names that it defines and that no file defines. */
  newNames: string[];
  /** How files ask for those names. */
  needs: Need[];
  /** Names of delivered code that it uses. */
  uses: string[];
}

/** Relates the content of a block to the delivered files. `dialect` is null for a block whose language is not known. */
export function relate(written: readonly string[], dialect: Dialect | null, delivered: Delivered): Relation {
  if (!isAffordable(delivered, delivered.files.length)) return unrelated;
  const content = atMargin(written);
  const definitions = dialect === null ? [] : definitionsIn(content, dialect);
  const names = tellingNames(definitions);
  const files = delivered.files.filter((file) => dialect === null || file.dialect === dialect);
  const newNames = definitions
    .map(({ name }) => lastPart(name))
    .filter((name) => !files.some((file) => file.names.has(name)));
  const excerptOf = excerpt(content, { dialect, names, files, delivered });
  return {
    excerptOf,
    versionOf: excerptOf?.path ?? version(content, { dialect, names, files, delivered }),
    newNames,
    needs: names
      .filter((name) => newNames.includes(name))
      .map((name) => needOf(name, delivered))
      .filter((need) => need !== null),
    uses: dialect === null ? [] : usesOf(content, dialect, delivered),
  };
}

const unrelated: Relation = { excerptOf: null, versionOf: null, newNames: [], needs: [], uses: [] };

interface Asked {
  dialect: Dialect | null;
  names: string[];
  files: CodeFile[];
  delivered: Delivered;
}

/** Whether this many lines may still be compared. */
function isAffordable({ budget }: Delivered, lines: number): boolean {
  budget.lines -= lines;
  return budget.lines > 0;
}

function excerpt(content: string[], { dialect, names, files, delivered }: Asked): Relation['excerptOf'] {
  const lines = comparable(content, dialect);
  const telling = lines.filter(says);
  if (telling.length === 0) return null;
  const text = lines.join(' ');
  const whole = files.find(
    (file) =>
      isAffordable(delivered, file.lines.length) &&
      (linesInOrder(telling, file.lines) === telling.length || (text.length >= 8 && holds(file, text))),
  );
  if (whole !== undefined) {
    const leavesOut = !holds(whole, text) && !content.some(isGap);
    return { path: whole.path, isStub: false, leavesOut };
  }
  if (dialect === null || names.length === 0 || !isStub(content, dialect)) return null;
  const shown = files.find((file) => names.every((name) => file.names.has(name)));
  return shown === undefined ? null : { path: shown.path, isStub: true, leavesOut: false };
}

/**
 * Whether a file holds a text, however its lines are wrapped, up to where one of its words ends and nothing of the
 * line is left out.
 */
function holds({ text, lines }: CodeFile, part: string): boolean {
  const at = text.indexOf(part);
  if (at === -1) return false;
  const isOneLine = lines.some((line) => line.includes(part));
  const next = text.slice(at + part.length, at + part.length + 1);
  return isOneLine ? !/\w/.test(next) : endsALine(lines, at + part.length);
}

/** Whether an offset is the end of a line, in the text that lines make when blanks join them. */
function endsALine(lines: readonly string[], offset: number): boolean {
  let end = -1;
  for (const line of lines) {
    end += line.length + 1;
    if (end >= offset) return end === offset;
  }
  return false;
}

/** The share of lines from which on two pieces of code without definitions are versions of each other. */
const alike = 0.6;

function version(content: string[], { dialect, names, files, delivered }: Asked): string | null {
  const shared = files.map((file) => ({ file, count: names.filter((name) => file.names.has(name)).length }));
  const best = shared.reduce<{ file: CodeFile | null; count: number }>(
    (most, one) => (one.count > most.count ? one : most),
    { file: null, count: 0 },
  );
  if (best.file !== null && best.count * 2 >= names.length) return best.file.path;
  if (names.length > 0) return null;
  const lines = comparable(content, dialect).filter(says);
  if (lines.length < 3) return null;
  const similar = files.find(
    (file) => isAffordable(delivered, file.lines.length) && linesInOrder(lines, file.lines) >= alike * lines.length,
  );
  return similar?.path ?? null;
}
