/** Sentences that create empty files ("Add empty `tests/__init__.py` and `tests/unit/__init__.py` files"). */
import { mentions } from '../lexicon/paths.ts';
import { emptyBefore, type Unit } from '../markdown/prose.ts';

/** A file that a sentence creates. */
export interface EmptyFile {
  path: string;
  line: number;
}

const making =
  /\b(?:add|create|creat(?:es|ing)|include|make|touch|leave|place|put|need|needs|also|remember|with|plus|have)\b/i;
const notEmpty =
  /\b(?:non-?empty|not (?:be )?empty|must not|never|isn't empty|if empty|when empty|unless|whether|should not)\b/i;

/** The files of a sentence that says to add them, or of a line that names one and says that it is empty. */
export function emptyFiles(units: Unit[]): EmptyFile[] {
  const emptyOnes: EmptyFile[] = [];
  for (const unit of units) {
    if (unit.kind === 'table' || unit.kind === 'other') continue;
    for (const [i, row] of unit.rows.entries()) {
      for (const path of emptyIn(spelledOut(row))) emptyOnes.push({ path, line: unit.line + i });
    }
  }
  return emptyOnes;
}

const braces = /`([\w./@-]*)\{([\w.@\s-]+(?:,[\w.@\s-]+)+)\}([\w./@-]*)`/g;

/** `tests/{unit,contract}/__init__.py` stands for one path each. */
const spelledOut = (row: string): string =>
  row.length > 1000
    ? row
    : row.replace(braces, (_span, before: string, list: string, after: string) =>
        list
          .split(',')
          .map((name) => `\`${before}${name.trim()}${after}\``)
          .join(', '),
      );

function emptyIn(row: string): string[] {
  const word = emptyBefore.exec(row);
  if (word === null || row.length > 1000 || notEmpty.test(row)) return [];
  const alone = /^\W*`([^`]+)`\**\s*(?:[-–—:]\s*|\()\s*(?:an?\s+)?(?:empty|blank)(?:\s+file)?\b[^`]{0,40}$/i.exec(row);
  if (alone?.[1] !== undefined) return mentions(`\`${alone[1]}\``).map((mention) => mention.path);
  if (!making.test(row.slice(0, word.index))) return [];
  const rest = row.slice(word.index);
  const stop = rest.search(/[.;](?:\s|$)|\b(?:so that|because|which|that|to make|in order)\b|,\s*(?:and\s+)?then\b/i);
  const reach = stop < 0 ? rest : rest.slice(0, stop);
  if (!/^(?:empty|blank|\S+-byte)\s+(?:`|files?\b|["“*]|placeholder|module|[\w./-]*__init__\.py|\.)/i.test(reach))
    return [];
  // The last one before a colon is the block's below.
  const candidates = mentions(reach).filter(
    ({ path, at }) =>
      !/^[`*"]*\s*[:：]\s*$/.test(
        reach
          .slice(at)
          .replace(/^[`*"]*/, '')
          .slice(path.length),
      ),
  );
  return candidates
    .filter((mention) => mention.quoted || mention.path.includes('/') || mention.path.startsWith('__'))
    .map((mention) => mention.path);
}
