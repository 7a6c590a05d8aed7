/** Reasoning that a model wrote into its answer (`<think>` … `</think>`): it is not the answer. */
import type { Flag } from '../../../domain/grading/extraction.ts';
import { endOfBlock } from './block-end.ts';
import { innerFence, openingFence, type Fence } from './fences.ts';
import { readInfo } from './info-string.ts';
import { withoutSpecialTokens } from './special-tokens.ts';

const names =
  'think|thinking|thoughts?|reasoning|reflection|scratch_?pad|analysis|antthinking|inner_(?:monologue|thoughts)|chain_of_thought|seed:think|思考(?:过程|過程)?|推理|推論|생각|рассуждени[ея]|raisonnement|razonamiento|raciocínio';
const openingTag = new RegExp(String.raw`^\s{0,3}(?:<(${names})(?:\s[^<>]*)?>|\[(think)\])`, 'i');
const closingTag = new RegExp(String.raw`<\/\s*(${names})\s*>|\[\/(think)\]`, 'gi');
const anyTag = new RegExp(String.raw`<\/?\s*(?:${names})(?:\s[^<>]*)?>|\[\/?think\]`, 'i');
const loneClosingTag = new RegExp(String.raw`^\s*(?:<\/\s*(?:${names})\s*>|\[\/think\])\s*$`, 'i');
/** Where the answer proper begins, so that a reasoning before it without a closing tag is over. */
const answerTag = /^\s*<(?:answer|output|response|solution|final_answer|result)>\s*$/i;

/** How far a closing tag is looked for behind one that stands inside a fenced block. */
const reach = 2000;

/** The lines of an answer with its reasoning made blank, so that the others keep their numbers. */
export function withoutReasoning(all: string[]): { lines: string[]; flags: Flag[] } {
  const { lines, flags } = withoutSpecialTokens(all);
  if (!lines.some((line) => openingTag.test(line) || hasClosingTag(line))) return { lines, flags };
  const rest = [...lines];
  let hadReasoning = false;
  let at = 0;
  while (at < rest.length) {
    const opening = openingTag.exec(rest[at] ?? '');
    const end = opening === null ? orphanEnd(rest[at] ?? '', at) : endOfReasoning(rest, at, opening, flags);
    if (end === null) {
      at = nextAfter(rest, at);
      continue;
    }
    // Where reasoning was closed before, a further closing tag closes nothing: only the tag itself goes.
    blank(rest, opening === null && !hadReasoning ? 0 : at, end);
    hadReasoning = true;
    at = end.after.trim() === '' ? end.line + 1 : end.line;
  }
  return { lines: rest, flags };
}

/** Where a piece of reasoning ends: the line (index), and what stands behind the tag on it. */
interface End {
  line: number;
  after: string;
}

function hasClosingTag(line: string): boolean {
  return closersIn(line).length > 0;
}

interface Closer {
  name: string;
  /** Offset of the first character behind the tag. */
  end: number;
  /** Nothing but white space stands before the tag, or nothing behind it. */
  atEdge: boolean;
}

/** The closing tags of a line that are not in a code span. */
function closersIn(line: string): Closer[] {
  if (!line.includes('</') && !line.includes('[/')) return [];
  const closers: Closer[] = [];
  let inSpan = false;
  let read = 0;
  for (const { index, 0: tag, 1: name, 2: bracketed } of line.matchAll(closingTag)) {
    for (; read < index; read += 1) if (line[read] === '`') inSpan = !inSpan;
    if (inSpan) continue;
    const end = index + tag.length;
    closers.push({
      name: (name ?? bracketed ?? '').toLowerCase(),
      end,
      atEdge: index === line.search(/\S/) || end === line.trimEnd().length,
    });
  }
  return closers;
}

/** Makes the lines from `from` to the end blank; what stands behind the closing tag stays. */
function blank(lines: string[], from: number, end: End): void {
  for (let i = from; i < end.line; i += 1) lines[i] = '';
  lines[end.line] = end.after;
}

/** The end of the reasoning that a tag on line `at` opens, or null when the tag only stands in a sentence. */
function endOfReasoning(lines: string[], at: number, opened: RegExpExecArray, flags: Flag[]): End | null {
  const name = (opened[1] ?? opened[2] ?? '').toLowerCase();
  const end = closingLine(lines, at, opened[0].length, name);
  if (end !== null) return end;
  const isAlone = (lines[at] ?? '').trim() === opened[0].trim();
  const isFirst = lines.slice(0, at).every((line) => line.trim() === '');
  if (!isAlone && !isFirst) return null;
  const detail = `The reasoning that begins here (${opened[0].trim()}) is not closed: nothing after it is read as the answer.`;
  flags.push({ code: 'unclosed-reasoning', line: at + 1, path: null, detail });
  return { line: lines.length - 1, after: '' };
}

/**
 * The closing tag of a reasoning. One outside of the fenced blocks of the reasoning is believed at once; one inside of
 * a block only when that block was left open: the next fence opens another, or none comes. A tag of another name ends
 * it if no other does.
 */
function closingLine(lines: string[], at: number, from: number, name: string): End | null {
  let open: Fence | null = null;
  let inBlock: End | null = null;
  let otherName: End | null = null;
  for (let i = at; i < lines.length; i += 1) {
    if (inBlock !== null && i - inBlock.line > reach) return inBlock;
    const line = lines[i] ?? '';
    const closers = closersIn(line).filter((tag) => i > at || tag.end > from);
    const closer = closers.find((tag) => tag.name === name);
    if (closer !== undefined && (open === null || closer.atEdge)) {
      const end = { line: i, after: line.slice(closer.end) };
      if (open === null) return end;
      inBlock ??= end;
      continue;
    }
    const [other] = closers;
    if (open === null && other?.atEdge === true) otherName ??= { line: i, after: line.slice(other.end) };
    if (open === null && i > at && answerTag.test(line)) return { line: i - 1, after: '' };
    const fence: Fence | null = openingFence(line);
    if (open === null) open = fence;
    else if (innerFence(line, open) === '') open = null;
    else if (fence !== null && fence.info !== '') {
      if (inBlock !== null) return inBlock;
      open = fence;
    }
  }
  return inBlock ?? otherName;
}

/**
 * A closing tag whose opening tag is missing, because a template had written it before the model began: all before it
 * is reasoning. It stands alone, begins the line, or is glued to the last word; in a sentence it is only spoken of.
 */
function orphanEnd(line: string, at: number): End | null {
  const closer = closersIn(line).find((tag) => tag.atEdge);
  if (closer === undefined || /\s<\/[^<]*$/.test(line.slice(0, closer.end).trimStart())) return null;
  return { line: at, after: line.slice(closer.end) };
}

/**
 * The line after `at`, or after the block that begins there; a block that a closing tag shows to be left open ends at
 * the tag.
 */
function nextAfter(lines: string[], at: number): number {
  const open = openingFence(lines[at] ?? '');
  if (open === null) return at + 1;
  const { next } = endOfBlock(lines, at, open, readInfo(open.info).language);
  const tag = lines.slice(at + 1, next).findIndex((line) => anyTag.test(line));
  if (tag < 0) return next;
  const line = at + 1 + tag;
  return loneClosingTag.test(lines[line] ?? '') && isLeftOpen(lines, line) ? line : next;
}

/** Whether the block around line `at` was left open: the next fence opens a block, so it does not close this one. */
function isLeftOpen(lines: string[], at: number): boolean {
  for (const line of lines.slice(at + 1, at + reach)) {
    const fence = openingFence(line);
    if (fence !== null) return fence.info !== '';
  }
  return false;
}
