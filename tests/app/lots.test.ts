import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnFrom, lotsOf } from '../../src/app/cells/lots.ts';

const cell = { prompt: 'p@1', scenario: 's', model: 'm', repeat: 1 };
const other = { ...cell, repeat: 2 };
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('what was drawn for a cell is drawn again from the key that was kept, and from no other', () => {
  fc.assert(
    fc.property(secret, secret, fc.string(), fc.string(), (one, two, purpose, another) => {
      const lots = lotsOf(one, cell);
      expect(drawnFrom(lots, purpose)).toBe(drawnFrom(lotsOf(one, cell), purpose));
      expect(drawnFrom(lots, purpose)).toMatch(/^[0-9a-f]{64}$/);
      expect(lotsOf(one, other)).not.toBe(lots);
      if (Buffer.compare(one, two) !== 0) expect(lotsOf(two, cell)).not.toBe(lots);
      if (purpose !== another) expect(drawnFrom(lots, another)).not.toBe(drawnFrom(lots, purpose));
    }),
  );
});
