import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import type { LineOf } from './collector.ts';

/**
 * Finds the line on which a text stands as a string, or as a key, heading or item of a list at the start of its line.
 */
export function linesOf(file: AnswerFile): LineOf {
  const lines = file.text.split('\n').map((line) => line.replace(/^\s*(?:- )?\s*/, ''));
  return (text) => {
    const index = lines.findIndex(
      (line) =>
        [`"${text}"`, `'${text}'`].some((quoted) => line.includes(quoted)) ||
        (line.startsWith(text) && !/^\w/.test(line.slice(text.length))),
    );
    return index === -1 ? null : index + 1;
  };
}
