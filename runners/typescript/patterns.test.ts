import { describe, expect, test } from 'vitest';
import { selectedBy } from './patterns.ts';

const long = `${'a'.repeat(60)}.js`;

describe('the patterns of a Jest configuration', () => {
  test('take in, and take out again', () => {
    const from = ['src/**/*.{js,ts}', '!src/**/*.d.ts'];
    expect(selectedBy({ from, ignored: [/generated/] }, ['src/a.ts', 'src/b/c.js', 'src/a.d.ts', 'src/generated/d.ts', 'e.ts'], '/w')).toEqual(['src/a.ts', 'src/b/c.js']);
  });

  test('take in every file when there are none that take in', () => {
    expect(selectedBy({ from: [], ignored: [/^\/w\/b/] }, ['a.ts', 'b.ts'], '/w')).toEqual(['a.ts']);
  });

  test('that take years have no say', () => {
    expect(selectedBy({ from: [], ignored: [/^\/w\/(a+)+$/] }, [long], '/w')).toBeNull();
    expect(selectedBy({ from: [`${'+(a|aa)'.repeat(10)}b`], ignored: [] }, [long], '/w')).not.toContain(long);
  });
});
