import type { Answer } from '../../src/domain/grading/answer.ts';

/** An answer of which nothing but its text is of interest. */
export const answerWith = (text: string): Answer => ({
  text,
  stopReason: 'end_turn',
  usage: null,
  costUsd: null,
  latencyMs: null,
  firstTokenMs: null,
  reportedModel: null,
  date: '2026-01-01',
});
