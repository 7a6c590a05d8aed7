import type { RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';

import { PromptError } from './errors.ts';

/** The sections of a library's prompt file that decide what is sent. */
export interface Sections {
  /** Text of `## Description`, without blank lines and rules round it; empty when there is none. */
  readonly description: string;
  /** The template under `## Prompt`, without the line end before its closing fence. */
  readonly template: string;
  /** Source of all `## Variables` sections. */
  readonly variables: string;
}

/** Headings that a prompt library gives its sections; a template has others. */
const SECTION = new RegExp(
  String.raw`^##[ \t]+(?:Description|Prompt|Variables|Examples?|Example Usage|Usage|Use Cases|Tips|Related Prompts` +
    String.raw`|Changelog|Research Foundation|Governance Notes)[ \t]*$`,
  'i',
);
/** The ones that only a prompt file has: inside a template they show that its fence was not closed before. */
const OUTSIDE_ONLY = /^##[ \t]+(Variables|Example Usage|Related Prompts)[ \t]*$/i;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\n]*)$/;

interface Source {
  readonly path: string;
  readonly body: string;
  /** The file's line on which `body` begins. */
  readonly bodyLine: number;
}

/**
 * Finds the sections. Fences in such files are often broken (closed with an info string, never closed in an example),
 * so the template is found by lines first and taken out; what is left is read as CommonMark. Throws `PromptError`.
 */
export function readSections(source: Source): Sections {
  const lines = source.body.split('\n');
  const template = oneTemplate(takeTemplates(lines, source), lines, source);
  mendFences(lines);
  const sections = headingsOf(lines.join('\n'));
  refuseSwallowed(template, sections, source);
  const bodies = (title: string): string[] => sections.filter((s) => s.title === title).map((s) => s.text);
  return {
    description: bodies('description')[0] ?? '',
    template: template.text,
    variables: bodies('variables').join('\n'),
  };
}

/**
 * The templates of all sections `## Prompt`. Each is blanked in `lines` before the next is looked for: nothing in it is
 * a section.
 */
function takeTemplates(lines: string[], source: Source): Template[] {
  const templates: Template[] = [];
  for (;;) {
    const searched = templates.at(-1)?.end ?? -1;
    const heading = headingsOf(lines.join('\n')).find(({ title, line }) => title === 'prompt' && line > searched);
    if (heading === undefined) return templates;
    const template = templateAfter(lines, heading.line, source);
    lines.fill('', heading.line + 1, template.end + 1);
    templates.push(template);
  }
}

/** The one template that a file has. Throws `PromptError` where there is none, an empty one, or another one. */
function oneTemplate(templates: readonly Template[], lines: readonly string[], source: Source): Template {
  const [first, ...others] = templates;
  if (first === undefined) {
    const sections = lines.filter((line) => SECTION.test(line)).map((line) => `\`${line.trim()}\``);
    throw new PromptError({
      code: 'missing-template',
      path: source.path,
      line: source.bodyLine,
      expected: 'a section `## Prompt` with the template in a fenced block',
      found: `no such section${sections.length === 0 ? '' : ` among ${sections.join(', ')}`}`,
      todo: 'Put the template into a fenced block below a heading `## Prompt`.',
    });
  }
  if (first.text.trim() === '') {
    throw new PromptError({
      code: 'missing-template',
      path: source.path,
      line: source.bodyLine + first.start,
      expected: 'the template below `## Prompt`',
      found: 'nothing',
      todo: 'Write the template there, in a fenced block.',
    });
  }
  const other = others.find(({ text }) => text !== first.text);
  if (other !== undefined) {
    throw new PromptError({
      code: 'ambiguous-template',
      path: source.path,
      line: source.bodyLine + other.start,
      expected: 'one section `## Prompt`',
      found: 'a second one that says something else',
      todo: 'Keep one of them.',
    });
  }
  return first;
}

/** Throws `PromptError` where a template holds a section of the file: its fence was not closed before. */
function refuseSwallowed(template: Template, sections: ReturnType<typeof headingsOf>, source: Source): void {
  const lines = template.text.split('\n');
  const swallowed = lines.findIndex((line) => OUTSIDE_ONLY.test(line) && !hasHeading(sections, line));
  if (!template.fenced || swallowed < 0) return;
  throw new PromptError({
    code: 'unclosed-template',
    path: source.path,
    line: source.bodyLine + template.start,
    expected: 'a closing fence at the end of the template that begins here',
    found: `none before \`${lines[swallowed]}\` on line ${source.bodyLine + template.start + 1 + swallowed}`,
    todo: 'Close the fence on a line of its own.',
  });
}

interface Template {
  readonly text: string;
  /** First and last line, counted from 0; fences included. */
  readonly start: number;
  readonly end: number;
  readonly fenced: boolean;
}

/** The template of the section whose heading is on line `heading` (from 0). */
function templateAfter(lines: readonly string[], heading: number, source: Source): Template {
  const start = next(lines, heading, (line) => !isGap(line));
  const opener = start === null ? null : FENCE.exec(lines[start] ?? '');
  if (start === null || opener === null) return proseTemplate(lines, heading);

  const end = closingFence(lines, start, opener[1] ?? '');
  if (end === null) {
    throw new PromptError({
      code: 'unclosed-template',
      path: source.path,
      line: source.bodyLine + start,
      expected: 'a closing fence at the end of the template that begins here',
      found: 'the end of the file',
      todo: 'Close the fence on a line of its own.',
    });
  }
  return { text: lines.slice(start + 1, end).join('\n'), start, end, fenced: true };
}

/** A template without a fence: the section as it stands, up to the next section. */
function proseTemplate(lines: readonly string[], heading: number): Template {
  const following = headingsOf(lines.join('\n')).find(({ line }) => line > heading);
  const end = following === undefined ? lines.length - 1 : following.line - 1;
  return { text: trimGaps(lines.slice(heading + 1, end + 1)), start: heading + 1, end, fenced: false };
}

/**
 * The line of the fence that closes the one on line `start`, or null.
 * CommonMark's answer is the first bare fence. Real files also close with an info string, and put blocks into the
 * template; there the fence that a section (or the end of the file) follows is the one that closes.
 */
function closingFence(lines: readonly string[], start: number, mark: string): number | null {
  let bare: number | null = null;
  let inner = false;
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    // Past the end by CommonMark's reading, a section's heading ends the search.
    if (bare !== null && SECTION.test(line)) return bare;
    const fence = FENCE.exec(line);
    if (fence === null || !fence[1]?.startsWith(mark)) continue;
    if (endsSection(lines, at)) return bare === null || inner ? at : bare;
    if (fence[2] === '') bare ??= at;
    else if (bare === null) inner = true;
  }
  // No bare fence up to the end of the file: then a second opener, word for word, was meant to close the first.
  return bare ?? next(lines, start, (line) => line.trim() === lines[start]?.trim());
}

/** The first line after `after` that passes. */
function next(lines: readonly string[], after: number, test: (line: string) => boolean): number | null {
  const at = lines.findIndex((line, index) => index > after && test(line));
  return at < 0 ? null : at;
}

/**
 * True when the fence on line `at` is followed by the next section or, if it is bare, by the end of the file.
 * One with an info string may open a README inside the template, which has headings too: there it takes more.
 */
function endsSection(lines: readonly string[], at: number): boolean {
  const isBare = FENCE.exec(lines[at] ?? '')?.[2] === '';
  const following = next(lines, at, (line) => !isGap(line));
  if (following === null) return isBare;
  return isBare
    ? SECTION.test(lines[following] ?? '')
    : following > at + 1 && OUTSIDE_ONLY.test(lines[following] ?? '');
}

/**
 * Mends the fences outside the template, so that none swallows a section: one with an info string that ends a section
 * closes, and one that never closes is taken away.
 */
function mendFences(lines: string[]): void {
  for (let from = 0; from < lines.length;) {
    const open = next(lines, from - 1, (line) => FENCE.test(line));
    if (open === null) return;
    const mark = FENCE.exec(lines[open] ?? '')?.[1] ?? '';
    const end = lines.findIndex((_, at) => at > open && closes(lines, at, mark));
    lines[end < 0 ? open : end] = end < 0 ? '' : mark;
    from = Math.max(open, end) + 1;
  }
}

function closes(lines: readonly string[], at: number, mark: string): boolean {
  const fence = FENCE.exec(lines[at] ?? '');
  return fence !== null && fence[1]?.startsWith(mark) === true && (fence[2] === '' || endsSection(lines, at));
}

interface Section {
  /** In lower case. */
  readonly title: string;
  /** Line of the heading, counted from 0. */
  readonly line: number;
  readonly text: string;
}

/**
 * The sections of level 1 and 2, as CommonMark sees them, but for headings by underlining: in these files, `---` right
 * below a paragraph is meant as a rule.
 */
function headingsOf(markdown: string): Section[] {
  const nodes = fromMarkdown(markdown).children;
  const lines = markdown.split('\n');
  const starts = nodes.filter(
    (node) => node.type === 'heading' && node.depth <= 2 && /^ *#/.test(lines[lineOf(node)] ?? ''),
  );
  return starts.map((node, at) => {
    const line = lineOf(node);
    const after = starts[at + 1];
    const title = (lines[line] ?? '')
      .replace(/^\s*#+\s*/, '')
      .replace(/\s+#*\s*$/, '')
      .toLowerCase();
    return { title, line, text: trimGaps(lines.slice(line + 1, after === undefined ? lines.length : lineOf(after))) };
  });
}

const lineOf = (node: RootContent): number => (node.position?.start.line ?? 1) - 1;

const hasHeading = (sections: readonly Section[], line: string): boolean =>
  sections.some(
    ({ title }) =>
      title ===
      line
        .replace(/^##\s+/, '')
        .trim()
        .toLowerCase(),
  );

/** Blank lines and rules (`---`) separate sections and belong to none. */
const isGap = (line: string): boolean => /^\s*(-{3,})?\s*$/.test(line);

function trimGaps(lines: readonly string[]): string {
  const first = lines.findIndex((line) => !isGap(line));
  const last = lines.findLastIndex((line) => !isGap(line));
  return first < 0 ? '' : lines.slice(first, last + 1).join('\n');
}
