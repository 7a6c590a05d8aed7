/**
 * Comments by which code asks Istanbul, c8, V8 or Node not to be counted. They may have any white space between their
 * words, also ends of lines; what is replaced too much is a comment all the same.
 */
const hint = /\b(istanbul|c8|v8|node:coverage)(\W+)(ignore|disable)\b/gi;

/** Whether a text has such a comment. */
export const hasCoverageHint = (text: string): boolean => text.search(hint) >= 0;

/** The text with these comments made meaningless; its lines stay as they are. */
export const withoutCoverageHints = (text: string): string => text.replaceAll(hint, '$1$2not-$3');
