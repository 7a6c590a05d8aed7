/** Code that the answer shows: a use of what it delivers, or something that has nothing to do with it. */
import { identifiersIn } from '../code/definitions.ts';
import { splitImports } from '../code/imports.ts';
import { withoutName, type Outcome } from '../files/state.ts';
import { saysDiscussed, saysExample } from '../lexicon/versions.ts';
import { isHabit, isStrongHabit, namedIn } from './habit.ts';
import { wordsAbove, type Answer, type UnnamedBlock } from './unnamed-block.ts';

/** A block that is an example, with the reason. */
export const shown = (why: string): Outcome => withoutName({ role: 'example', why });

const testMark =
  /^\s*(?:(?:async )?def test_|class Test\w*|describe\(|(?:it|test)\(['"`]|func (?:Test|Benchmark|Fuzz)\w|@Test\b|#\[(?:test|cfg\(test\))\])/;

/** Whether the block holds tests. */
export const isSuite = ({ draft }: UnnamedBlock): boolean => draft.block.content.some((line) => testMark.test(line));

/** A use of the delivered code, which calls or imports it; null for anything else. */
export function useOfDelivered(block: UnnamedBlock, { habit }: Answer): Outcome | null {
  const { relation, dialect } = block;
  if (relation.uses.length === 0) return null;
  const definesNothing = relation.newNames.length === 0 && !isSuite(block) && namedIn(habit, dialect) >= 1;
  if (!definesNothing && !isHabit(habit, dialect) && !saysExample(wordsAbove(block).introduction)) return null;
  return shown(`it uses ${relation.uses.slice(0, 3).join(', ')} of the delivered code, and no file needs it`);
}

/** Whether nothing but a piece of code stands above: the label of a file, though its name cannot be one. */
const hasLabel = ({ draft }: UnnamedBlock): boolean =>
  /^[^\w`]*`[^`]+`[^\w`]*$/.test(draft.above.at(-1)?.rows.join(' ') ?? '');

/** The share of a block's words from which on it speaks of a file's own variables. */
const familiar = 0.5;
/** So few statements that define and import nothing are no file of an answer that names its files. */
const few = 5;

/**
 * Lines that define and import nothing, beside files that carry names: a few statements, or another way to write a
 * part of a file.
 */
export function otherWording(block: UnnamedBlock, { delivered }: Answer): Outcome | null {
  const { relation, dialect, draft } = block;
  if (dialect === null || relation.newNames.length > 0 || isSuite(block)) return null;
  if (splitImports(draft.block.content, dialect).statements.length > 0) return null;
  const words = [...identifiersIn(draft.block.content)];
  const file = delivered.files.find((other) => {
    if (other.dialect !== dialect) return false;
    const identifiers = identifiersIn(other.content);
    const shared = words.filter((word) => identifiers.has(word)).length;
    return shared >= 2 && shared >= familiar * words.length;
  });
  if (file !== undefined) return shown(`it is another way to write a part of ${file.path}`);
  const isShort = draft.block.content.filter((line) => line.trim() !== '').length <= few;
  const hasNamed = delivered.files.some((other) => other.dialect === dialect);
  return isShort && hasNamed && !hasLabel(block)
    ? shown('it is a few statements that define nothing, and no file needs it')
    : null;
}

/** A line that begins a type without code: an interface, a protocol, a trait. */
const shapeHead =
  /^(?:export |pub |public |declare |abstract |sealed )*(?:(?:interface|trait|protocol)\s+\w|type\s+\w+.*(?:=\s*\{|interface\s*\{)\s*$|class\s+\w+\(.*(?:Protocol|ABC)\b)/;
/** A member without a body, as the types of most languages write it. */
const member =
  /^\s+(?:(?:async|def|fn|func|fun|readonly|public|abstract|static|get|set)\s+)*(?:[\w<>[\], ]+\s)??(\w+)\??\s*[(<:][^{]*(?:\.\.\.)?;?$/;
const noMember = /^\s*(?:[{}\])]+[;,]?|\.\.\.|pass|@\w+|"""[^"]*"""|.*#.*|)$/;

/**
 * A type without code, with the members that a delivered file has: it shows what a replacement must offer, and nobody
 * imports it.
 */
export function shapeOfDelivered({ draft, dialect }: UnnamedBlock, { delivered }: Answer): Outcome | null {
  if (dialect === null) return null;
  const lines = draft.block.content.filter((line) => !dialect.comment.test(line) && !noMember.test(line));
  const names = lines.filter((line) => !shapeHead.test(line)).map((line) => member.exec(line)?.[1] ?? null);
  if (names.length === 0 || names.length === lines.length || names.includes(null)) return null;
  const file = delivered.files.find((other) => {
    const identifiers = other.dialect === dialect ? identifiersIn(other.content) : new Set<string>();
    return names.every((name) => name !== null && identifiers.has(name));
  });
  return file === undefined ? null : shown(`it is a type with members of ${file.path}, and no file needs it`);
}

/**
 * Code that has nothing to do with the delivered files, in an answer that names them all; null where it may be a file
 * too.
 */
export function aside(block: UnnamedBlock, { habit, delivered }: Answer): Outcome | null {
  const { relation, isApart, dialect, draft } = block;
  const text = draft.block.content.join('\n');
  const namesFile = delivered.files.some(({ path }) => {
    const base = path.slice(path.lastIndexOf('/') + 1);
    return base.length > 4 && text.includes(base);
  });
  if (namesFile) return null;
  const { introduction } = wordsAbove(block);
  const isLikely =
    relation.newNames.length === 0 || isApart || saysExample(introduction) || saysDiscussed(introduction);
  return isStrongHabit(habit) || (isHabit(habit, dialect) && isLikely)
    ? shown('the files of the answer carry names, this block carries none, and no file needs it')
    : null;
}
