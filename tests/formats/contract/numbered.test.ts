import { expect, test } from 'vitest';
import { fillText } from '../../../src/formats/contract/evaluate.ts';
import type { Scope } from '../../../src/formats/contract/evaluate.ts';
import { Instant } from '../../../src/formats/contract/functions.ts';

const scope: Scope = { values: { count: 3 }, now: () => new Instant(0), canary: () => '' };

test('a text is there as often as it is told, each time with its number', () => {
  expect(fillText("{{ numbered('r#=#,', count) }}", scope)).toBe('r1=1,r2=2,r3=3,');
  expect(fillText("{{ numbered('r#', 0) }}", scope)).toBe('');
});

test('more than can be sent is refused', () => {
  expect(() => fillText("{{ numbered('0123456789#', 9000000) }}", scope)).toThrow(
    'numbered: 9000000 times is too much',
  );
});
