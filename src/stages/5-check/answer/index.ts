import type { AnswerCheck } from '../../../ports/checks.ts';
import { arrangeActAssert } from './arrange-act-assert.ts';
import { complete } from './complete.ts';
import { dockerfile } from './dockerfile.ts';
import { files } from './files.ts';
import { sections } from './sections.ts';

/** The checks of an answer as a whole: one line each. */
export const answerChecks: readonly AnswerCheck[] = [complete, files, sections, arrangeActAssert, dockerfile];
