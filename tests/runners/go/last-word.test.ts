import { describe, expect, test } from 'vitest';
import { finished, saysFail } from '../../../runners/go/last-word.ts';

const more = 'worker stopped\n'.repeat(1000);

describe('the last word of a test program', () => {
  test.each<[string, string, { finished: boolean; saysFail: boolean }]>([
    ['is found at its end', '\u0016--- PASS: TestAdd (0.00s)\n\u0016PASS\n', { finished: true, saysFail: false }],
    [
      'is found before whatever the program prints after it',
      `\u0016PASS\n${more}`,
      { finished: true, saysFail: false },
    ],
    ['is found after words without a newline', `bye\u0016FAIL\n${more}`, { finished: true, saysFail: true }],
    ['is found without its mark', `${more}FAIL\n`, { finished: true, saysFail: true }],
    ['is not a word of the program itself', `PASS\nFAIL\n${more}`, { finished: false, saysFail: false }],
    ['is not the end of a test', '\u0016--- PASS: TestAdd (0.00s)\n', { finished: false, saysFail: false }],
    ['is FAIL whatever a program says later', `\u0016FAIL\n${more}\u0016PASS\n`, { finished: true, saysFail: true }],
  ])('%s', (_what, text, said) => {
    expect({ finished: finished(text), saysFail: saysFail(text) }).toEqual(said);
  });
});
