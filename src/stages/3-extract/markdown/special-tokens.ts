/**
 * Reasoning between the special tokens of a model (`<|channel|>analysis<|message|>` … `<|end|>`), which a server that
 * does not know them leaves in the text. Such text is the model's raw output, so tokens count only where it begins with
 * one: elsewhere an answer may speak of them.
 */
import type { Flag } from '../../../domain/grading/extraction.ts';

/** Opening and closing tokens of reasoning, and tokens that stand around the answer proper. */
const pairs: readonly { open: string; close: string; around?: readonly string[] }[] = [
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>', around: ['<|START_RESPONSE|>', '<|END_RESPONSE|>'] },
  {
    open: '<|begin_of_thought|>',
    close: '<|end_of_thought|>',
    around: ['<|begin_of_solution|>', '<|end_of_solution|>'],
  },
  { open: '<|channel>thought', close: '<channel|>' },
  { open: '<|inner_prefix|>', close: '<|inner_suffix|>' },
  { open: '<|think|>', close: '<|/think|>' },
  { open: '<|thinking|>', close: '<|/thinking|>' },
  { open: '<|think_start|>', close: '<|think_end|>' },
  { open: '◁think▷', close: '◁/think▷' },
];

/** The head of a message on a channel: `<|start|>assistant<|channel|>final<|constrain|>json<|message|>`. */
const head = /(?:<\|start\|>)?[\w.-]*\s*<\|channel\|>\s*(\w+)[^\n]*?<\|message\|>/g;
/** The same at the beginning of an answer, where a server may have taken the first token away. */
const firstHead = /^\s*(?:(?:<\|start\|>)?[\w.-]*\s*<\|channel\|>\s*\w+[^\n]*?|analysis)<\|message\|>/;
/** The same text once a server has taken all special tokens out of it. */
const bareHead = /^\s*analysis(?=[A-Z"'\n])/;
const bareFinal = /assistant\s?final(?=\S|\s)/g;
const endOfMessage = /\s*<\|(?:end|return|call)\|>\s*/;

/** What is left of a text: the answer begins at `start` and ends before `end`; null where all of it is reasoning. */
type Rest = { start: number; end: number } | null;

function onChannels(text: string): Rest | undefined {
  if (!firstHead.test(text)) return undefined;
  const final = [...text.matchAll(head)].find(([, channel]) => channel === 'final');
  if (final === undefined) return null;
  const start = final.index + final[0].length;
  const end = endOfMessage.exec(text.slice(start));
  // A token within the answer may be spoken of: the one that ends it stands at its end.
  const isLast = end !== null && text.slice(start + end.index + end[0].length).trim() === '';
  return { start, end: isLast ? start + end.index : text.length };
}

function onBareChannels(text: string): Rest | undefined {
  if (!bareHead.test(text)) return undefined;
  const final = [...text.matchAll(bareFinal)][0];
  return final === undefined ? undefined : { start: final.index + final[0].length, end: text.length };
}

function betweenTokens(text: string): Rest | undefined {
  const trimmed = text.trimStart();
  const pair = pairs.find(({ open }) => trimmed.startsWith(open));
  if (pair === undefined) return undefined;
  const close = text.indexOf(pair.close);
  if (close === -1) return null;
  const [before = '', after = ''] = pair.around ?? [];
  let [start, end] = [close + pair.close.length, text.length];
  const rest = text.slice(start);
  if (before !== '' && rest.trimStart().startsWith(before)) start += rest.indexOf(before) + before.length;
  if (after !== '' && text.trimEnd().endsWith(after)) end = text.lastIndexOf(after);
  return { start, end };
}

/** The lines of a part of the text, all else made blank so that these keep their numbers. */
function only(text: string, { start, end }: { start: number; end: number }): string[] {
  const blank = (part: string): string => part.replaceAll(/[^\n]/g, '');
  return `${blank(text.slice(0, start))}${text.slice(start, end)}${blank(text.slice(end))}`.split('\n');
}

/** The lines of an answer without what a model's special tokens show to be reasoning. */
export function withoutSpecialTokens(lines: string[]): { lines: string[]; flags: Flag[] } {
  const text = lines.join('\n');
  const rest = [onChannels, onBareChannels, betweenTokens]
    .map((read) => read(text))
    .find((found) => found !== undefined);
  if (rest === undefined) return { lines, flags: [] };
  if (rest === null) {
    const detail = 'The answer begins with reasoning that does not end: nothing of it is read as the answer.';
    return { lines: lines.map(() => ''), flags: [{ code: 'unclosed-reasoning', line: 1, path: null, detail }] };
  }
  return { lines: only(text, rest), flags: [] };
}
