import { failed, passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import type { Finding } from '../../../domain/grading/finding.ts';
import { counted } from '../../../formats/words.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';
import { findingsFromFlags } from './flags.ts';

function error(rule: string, message: string, answerLine: number | null): Finding {
  return { tool: 'cupel', rule, severity: 'error', message, file: null, line: null, answer_line: answerLine };
}

/** Blocks in a language that is asked for, which no name makes a file. */
function unnamedBlocks({ extraction, languages }: AnswerContext): Finding[] {
  const fences = languages.flatMap((language) => language.fences);
  return extraction.blocks
    .filter((block) => block.role === 'unnamed' && block.language !== null && fences.includes(block.language))
    .map(({ language, line }) => error('unnamed-block', `a block of ${language} has no name`, line));
}

function run(context: AnswerContext): Outcome {
  const { extraction, languages } = context;
  const unnamed = unnamedBlocks(context);
  const errors = [
    ...languages
      .filter(({ present }) => !present)
      .map(({ language }) => error('language-missing', `there is no ${language} file`, null)),
    ...findingsFromFlags(extraction, ['path-clash', 'unsafe-path'], 'error'),
    ...unnamed,
  ];
  const doubtful = ['duplicate-path', 'name-conflict', 'unapplied-edit', 'inferred-name', 'continued-file'] as const;
  const details = {
    facts: { files: extraction.files.length, blocks: extraction.blocks.length, unnamed: unnamed.length },
    findings: [...errors, ...findingsFromFlags(extraction, doubtful, 'warning')],
  };
  if (languages.length === 0)
    return failed({ ...details, reason: 'the answer has no file of a language that Cupel can check' });
  const [first] = errors;
  if (first === undefined) return passed(details);
  return failed({
    ...details,
    reason:
      errors.length === 1 ? first.message : `${errors.length} blocks, names or languages are not as they should be`,
  });
}

/** Does every block that should be a file have a name, and every name one file? */
export const files: AnswerCheck = {
  name: 'files',
  question: 'Does every block that should be a file have a name, and every name one file?',
  weight: 1,
  required: true,
  summary: (facts) => (typeof facts['files'] === 'number' ? counted(facts['files'], 'file') : ''),
  run,
};
