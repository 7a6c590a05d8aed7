import { failed, passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import type { Extraction } from '../../../domain/grading/extraction.ts';
import type { Finding } from '../../../domain/grading/finding.ts';
import type { Section } from '../../../domain/grading/sections.ts';
import { splitLines } from '../../3-extract/markdown/lines.ts';
import { withoutReasoning } from '../../3-extract/markdown/reasoning.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';

/** Characters of a heading that are looked at: a longer one is no heading, and patterns take their time with it. */
const LONGEST_HEADING = 200;

interface Heading {
  text: string;
  /** Line of the answer. */
  line: number;
}

/**
 * The headings of an answer with their lines; a line in a block (also in a badly closed one) or in reasoning is no
 * heading.
 */
function headingsOf(text: string, { blocks }: Extraction): Heading[] {
  return withoutReasoning(splitLines(text)).lines.flatMap((content, index) => {
    const heading = /^ {0,3}#{1,6}\s+(.*)$/.exec(content)?.[1];
    const inside = blocks.some(({ line, endLine }) => index + 1 >= line && index + 1 <= endLine);
    return heading === undefined || inside ? [] : [{ text: heading.trim().slice(0, LONGEST_HEADING), line: index + 1 }];
  });
}

function findingOf({ name }: Section, heading: Heading | undefined): Finding {
  return {
    tool: 'cupel',
    rule: heading === undefined ? 'section-missing' : 'section-found',
    severity: heading === undefined ? 'error' : 'info',
    message: heading === undefined ? `no section "${name}"` : `"${name}" is "${heading.text}"`,
    file: null,
    line: null,
    answer_line: heading?.line ?? null,
  };
}

function run({ answer, extraction, sections: wanted }: AnswerContext): Outcome {
  const headings = headingsOf(answer.text, extraction);
  const findings = wanted.map((section) => {
    const pattern = new RegExp(section.heading, 'i');
    return findingOf(
      section,
      headings.find(({ text }) => pattern.test(text)),
    );
  });
  const count = findings.filter(({ severity }) => severity === 'info').length;
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
  notAsked: (context) => (context.sections.length > 0 ? null : 'neither prompt nor scenario asks for sections'),
  run,
};
