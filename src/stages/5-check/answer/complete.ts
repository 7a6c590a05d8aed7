import type { Answer } from '../../../domain/grading/answer.ts';
import { failed, passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import { counted } from '../../../formats/words.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';
import { findingsFromFlags } from './flags.ts';

const incompleteBecause: Partial<Record<Answer['stopReason'], string>> = {
  max_tokens: 'the answer was cut off at the largest number of tokens',
  model_context_window_exceeded: "the answer was cut off at the end of the model's context",
  refusal: 'the model refused',
};

function run({ answer, extraction }: AnswerContext): Outcome {
  const broken = findingsFromFlags(extraction, ['unclosed-fence', 'swallowed-fence'], 'error');
  const doubtful = findingsFromFlags(extraction, ['unclear-fence', 'missing-opener', 'unclosed-reasoning'], 'warning');
  const findings = [...broken, ...doubtful];
  const details = { facts: { stop_reason: answer.stopReason, characters: answer.text.length }, findings };
  const reason = incompleteBecause[answer.stopReason];
  if (reason !== undefined) return failed({ ...details, reason });
  if (answer.text.trim() === '') return failed({ ...details, reason: 'the answer is empty' });
  if (broken.length > 0)
    return failed({ ...details, reason: `${counted(broken.length, 'fence')} not closed as it should be` });
  return passed(details);
}

/** Did the model come to its end, and is every fence closed? */
export const complete: AnswerCheck = {
  name: 'complete',
  question: 'Did the model come to its end, and is every fence closed?',
  weight: 1,
  required: true,
  run,
};
