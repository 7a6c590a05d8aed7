import { failed, passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import type { Extraction } from '../../../domain/grading/extraction.ts';
import type { Finding } from '../../../domain/grading/finding.ts';
import { splitLines } from '../../3-extract/markdown/lines.ts';
import { withoutReasoning } from '../../3-extract/markdown/reasoning.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';

/** The eight things that the prompt asks for, by words that their headings use. */
const wanted: readonly [string, RegExp][] = [
  ['requirements and assumptions', /requirements?\b(?![\w.-]*\.(?:txt|in)\b)|assumption/i],
  ['architecture and naming plan', /architecture|naming|design plan|structure/i],
  ['code', /\bcode\b|implementation|source/i],
  ['tests', /\btests?\b|testing/i],
  ['documentation', /documentation|\busage\b|readme/i],
  ['performance and complexity', /performance|complexity/i],
  ['checklist', /checklist|accessibility|localization|observability/i],
  ['integration notes', /integration notes/i],
];

/** The headings of an answer with their lines; a line in a block (also in a badly closed one) or in reasoning is no heading. */
function headingsOf(text: string, { blocks }: Extraction): { text: string; line: number }[] {
  return withoutReasoning(splitLines(text)).lines.flatMap((content, index) => {
    const heading = /^ {0,3}#{1,6}\s+(.*)$/.exec(content)?.[1];
    const inside = blocks.some(({ line, endLine }) => index + 1 >= line && index + 1 <= endLine);
    return heading === undefined || inside ? [] : [{ text: heading.trim(), line: index + 1 }];
  });
}

function run({ answer, extraction }: AnswerContext): Outcome {
  const headings = headingsOf(answer.text, extraction);
  const sections = wanted.map(([name, words]) => ({ name, heading: headings.find(({ text }) => words.test(text)) }));
  const findings = sections.map(({ name, heading }): Finding => ({
    tool: 'cupel',
    rule: heading === undefined ? 'section-missing' : 'section-found',
    severity: heading === undefined ? 'error' : 'info',
    message: heading === undefined ? `no section "${name}"` : `"${name}" is "${heading.text}"`,
    file: null,
    line: null,
    answer_line: heading?.line ?? null,
  }));
  const count = sections.filter(({ heading }) => heading !== undefined).length;
  const details = { facts: { found: count, wanted: wanted.length }, findings };
  if (count === wanted.length) return passed(details);
  return failed(
    { ...details, reason: `${wanted.length - count} of ${wanted.length} sections are missing` },
    count / wanted.length,
  );
}

/** Does the answer have each section that the prompt asks for, under a heading? */
export const sections: AnswerCheck = {
  name: 'sections',
  question: 'Does the answer have each section that the prompt asks for, under a heading?',
  weight: 1,
  required: false,
  summary: ({ found, wanted: all }) => (found === undefined ? '' : `${String(found)} of ${String(all ?? 0)}`),
  notAsked: (context) => (context.sections ? null : 'the scenario asks for no sections'),
  run,
};
