import { counted } from '../../formats/words.ts';
import type { Answer } from '../../domain/grading/answer.ts';
import { failed, notApplicable, passed } from '../../domain/grading/check.ts';
import type { CheckResult, Outcome } from '../../domain/grading/check.ts';
import type { Extraction, Flag, FlagCode } from '../../domain/grading/extraction.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import { splitLines } from '../3-extract/markdown/lines.ts';
import { withoutReasoning } from '../3-extract/markdown/reasoning.ts';

/** What an answer-level check looks at. */
export interface AnswerContext {
  answer: Answer;
  extraction: Extraction;
  /** Languages that the scenario asks for, or that were inferred. */
  languages: readonly { language: string; fences: readonly string[]; present: boolean }[];
  /** Whether the eight sections of the prompt are asked for. */
  sections: boolean;
}

function fromFlag(flag: Flag, severity: Finding['severity']): Finding {
  return {
    tool: 'cupel',
    rule: flag.code,
    severity,
    message: flag.detail,
    file: flag.path,
    line: null,
    answer_line: flag.line,
  };
}

function flagged(extraction: Extraction, codes: readonly FlagCode[]): Flag[] {
  return extraction.flags.filter((flag) => codes.includes(flag.code));
}

const stopWords: Partial<Record<Answer['stopReason'], string>> = {
  max_tokens: 'the answer was cut off at the largest number of tokens',
  model_context_window_exceeded: "the answer was cut off at the end of the model's context",
  refusal: 'the model refused',
};

/** `answer/complete`: did the model come to its end, and does every fence? */
function complete({ answer, extraction }: AnswerContext): Outcome {
  const broken = flagged(extraction, ['unclosed-fence', 'swallowed-fence']).map((flag) => fromFlag(flag, 'error'));
  const doubts = flagged(extraction, ['unclear-fence', 'missing-opener', 'unclosed-reasoning']).map((flag) =>
    fromFlag(flag, 'warning'),
  );
  const findings = [...broken, ...doubts];
  const details = { facts: { stop_reason: answer.stopReason, characters: answer.text.length }, findings };
  const cut = stopWords[answer.stopReason];
  if (cut !== undefined) return failed({ ...details, reason: cut });
  if (answer.text.trim() === '') return failed({ ...details, reason: 'the answer is empty' });
  if (broken.length > 0)
    return failed({ ...details, reason: `${counted(broken.length, 'fence')} not closed as it should be` });
  return passed(details);
}

/** `answer/files`: does every block that should be a file have a name, and every name one file? */
function files({ extraction, languages }: AnswerContext): Outcome {
  const clashes = flagged(extraction, ['path-clash', 'unsafe-path']).map((flag) => fromFlag(flag, 'error'));
  const doubts = flagged(extraction, ['duplicate-path', 'name-conflict', 'unapplied-edit', 'inferred-name']).map(
    (flag) => fromFlag(flag, 'warning'),
  );
  const asked = languages.flatMap(({ fences }) => fences);
  const nameless = extraction.blocks
    .filter((block) => block.role === 'unnamed' && block.language !== null && asked.includes(block.language))
    .map((block): Finding => ({
      tool: 'cupel',
      rule: 'unnamed-block',
      severity: 'error',
      message: `a block of ${block.language} has no name`,
      file: null,
      line: null,
      answer_line: block.line,
    }));
  const missing = languages
    .filter(({ present }) => !present)
    .map(({ language }): Finding => ({
      tool: 'cupel',
      rule: 'language-missing',
      severity: 'error',
      message: `there is no ${language} file`,
      file: null,
      line: null,
      answer_line: null,
    }));
  const findings = [...missing, ...clashes, ...nameless, ...doubts];
  const details = {
    facts: { files: extraction.files.length, blocks: extraction.blocks.length, unnamed: nameless.length },
    findings,
  };
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (languages.length === 0)
    return failed({ ...details, reason: 'the answer has no file of a language that Cupel can check' });
  if (errors.length === 0) return passed(details);
  return failed({
    ...details,
    reason:
      errors.length === 1
        ? (errors[0]?.message ?? '')
        : `${errors.length} blocks, names or languages are not as they should be`,
  });
}

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

/** `answer/sections`: is each of the eight things there, under a heading? */
function sections({ answer, extraction, sections: asked }: AnswerContext): Outcome {
  if (!asked) return notApplicable('the scenario asks for no sections');
  const headings = headingsOf(answer.text, extraction);
  const found = wanted.map(([name, words]) => ({ name, heading: headings.find(({ text }) => words.test(text)) }));
  const findings = found.map(({ name, heading }): Finding => ({
    tool: 'cupel',
    rule: heading === undefined ? 'section-missing' : 'section-found',
    severity: heading === undefined ? 'error' : 'info',
    message: heading === undefined ? `no section "${name}"` : `"${name}" is "${heading.text}"`,
    file: null,
    line: null,
    answer_line: heading?.line ?? null,
  }));
  const count = found.filter(({ heading }) => heading !== undefined).length;
  const details = { facts: { found: count, wanted: wanted.length }, findings };
  if (count === wanted.length) return passed(details);
  return failed(
    { ...details, reason: `${wanted.length - count} of ${wanted.length} sections are missing` },
    count / wanted.length,
  );
}

/** The checks of an answer as a whole; they need no tool and never error. */
export function answerChecks(context: AnswerContext): CheckResult[] {
  return [
    { id: 'answer/complete', ...complete(context) },
    { id: 'answer/files', ...files(context) },
    { id: 'answer/sections', ...sections(context) },
  ];
}
