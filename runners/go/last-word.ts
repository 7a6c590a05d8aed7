/**
 * Whether the test framework said one of some words last; a program that was ended from within never says any. With the
 * framework's mark the word counts wherever it stands, for the program may print more after it; without (the program
 * may take the mark away), at the end alone.
 */
const says = (text: string, words: string): boolean =>
  new RegExp(`\\u0016(?:${words})$`, 'm').test(text) || new RegExp(`^(?:${words})$`, 'm').test(text.slice(-2000));

/** Whether a test program came to its end. */
export const finished = (text: string): boolean => says(text, 'PASS|FAIL');

/** Whether it said there that it failed. */
export const saysFail = (text: string): boolean => says(text, 'FAIL');
