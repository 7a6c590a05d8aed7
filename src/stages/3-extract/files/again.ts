/** A block whose name an earlier block had: a new version, the rest of the file, a part of it, or a use of it. */
import { comparable, isStub } from '../code/compare.ts';
import { allNames, atMargin, definitionsIn, identifiersIn, isTelling, lastPart } from '../code/definitions.ts';
import { dialectOf } from '../code/dialects.ts';
import { namesModule, splitImports } from '../code/imports.ts';
import { begins, looksWhole } from '../lexicon/cues.ts';
import { saysCorrected, saysRejected } from '../lexicon/versions.ts';
import type { Draft } from '../naming/draft.ts';
import type { Judged } from '../naming/roles.ts';
import { lastSentence } from '../naming/sentence-name.ts';
import type { Text } from './edits.ts';

const part: Judged = {
  role: 'fragment',
  why: 'an earlier block is the whole of this file, and this one quotes it or does not begin like it',
};
const use: Judged = { role: 'example', why: 'it uses what an earlier block under this name defines' };
const signatures: Judged = { role: 'fragment', why: 'it shows the signatures of what an earlier block defines' };
const rejected: Judged = {
  role: 'example',
  why: 'the words above call it a version that is only discussed, and an earlier block defines the same',
};

const incomplete: Judged = {
  role: 'example',
  why: 'a sentence only speaks of the file, and this version lacks what other files take from the earlier one',
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The other files of the answer so far, by path. */
type Others = ReadonlyMap<string, { text: Text }>;

/**
 * Whether a later version lacks something that the earlier one defines and another file uses, while the sentence that
 * names the file does not call it a correction.
 */
function lacksWhatIsUsed(path: string, text: Text, earlier: Text, draft: Draft, others: Others): boolean {
  const dialect = dialectOf(null, path);
  const near = draft.above.at(-1);
  if (dialect === null || draft.name?.namedBy !== 'sentence') return false;
  if (near !== undefined && saysCorrected(lastSentence(near), '')) return false;
  const here = identifiersIn(text.content);
  const gone = definitionsIn(earlier.content, dialect)
    .map(({ name }) => lastPart(name))
    .filter((name) => isTelling(name) && !here.has(name));
  const users = [...others].filter(([other]) => other !== path && dialectOf(null, other) === dialect);
  return users.some(([other, { text: user }]) => {
    const { statements } = splitImports(user.content, dialect);
    const isNeighbour = dialect.id === 'go' && folderOf(other) === folderOf(path);
    const imports = isNeighbour || statements.some((statement) => namesModule(statement, path));
    return imports && gone.some((name) => identifiersIn(user.content).has(name));
  });
}

/** What a later block under the path of an earlier one is, or null when it is a new version of the file. */
export function judgeAgain(path: string, text: Text, earlier: Text, draft: Draft, others: Others): Judged | null {
  const isWhole = draft.name?.extent === 'whole';
  if (!isWhole && quotes(text, earlier)) return part;
  const byContent = relatedToEarlier(path, text, earlier, draft);
  if (byContent !== null) return byContent;
  if (lacksWhatIsUsed(path, text, earlier, draft, others)) return incomplete;
  if (isWhole || !begins(path, earlier.content)) return null;
  const isComplete = looksWhole(path, earlier.content) ? looksWhole : begins;
  return !isComplete(path, text.content) && text.content.length < earlier.content.length ? part : null;
}

/** Whether a text is nothing but some lines of another, in a row. */
function quotes(text: Text, whole: Text): boolean {
  const [some = '', all = ''] = [text, whole].map(({ content }) =>
    content
      .map((line) => `${line.trim()}\n`)
      .filter((line) => line !== '\n')
      .join(''),
  );
  return some.length < all.length && `\n${all}`.includes(`\n${some}`);
}

function relatedToEarlier(path: string, text: Text, earlier: Text, draft: Draft): Judged | null {
  const dialect = dialectOf(null, path);
  if (dialect === null) return null;
  const content = atMargin(text.content);
  const earlierNames = new Set([...allNames(earlier.content, dialect)].map(lastPart));
  if (earlierNames.size === 0) return null;
  const laterNames = definitionsIn(content, dialect).map(({ name }) => lastPart(name));
  const shared = laterNames.filter((name) => earlierNames.has(name));
  if (shared.length === laterNames.length && laterNames.length > 0 && isStub(content, dialect)) {
    return isStub(earlier.content, dialect) ? null : signatures;
  }
  const near = draft.above.at(-1);
  if (shared.length > 0 && near !== undefined && saysRejected(lastSentence(near))) return rejected;
  if (shared.length > 0 || comparable(content, dialect).length === 0) return null;
  const { statements } = splitImports(content, dialect);
  const words = identifiersIn(content);
  const usesEarlier = [...earlierNames].some((name) => words.has(name));
  return usesEarlier && statements.some((statement) => namesModule(statement, path)) ? use : null;
}
