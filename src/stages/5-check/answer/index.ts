import type { AnswerCheck } from '../../../ports/checks.ts';
import { complete } from './complete.ts';
import { files } from './files.ts';
import { sections } from './sections.ts';

/** The checks of an answer as a whole: one line each. */
export const answerChecks: readonly AnswerCheck[] = [complete, files, sections];
