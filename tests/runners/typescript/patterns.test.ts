import { describe, expect, test } from 'vitest';
import { selectedBy } from '../../../runners/typescript/patterns.ts';

const long = `${'a'.repeat(60)}.js`;

describe('the patterns of a Jest configuration', () => {
  test('take in, and take out again', () => {
    const from = ['src/**/*.{js,ts}', '!src/**/*.d.ts'];
    expect(
      selectedBy(
        { root: '/w', from, ignored: [/generated/] },
        ['src/a.ts', 'src/b/c.js', 'src/a.d.ts', 'src/generated/d.ts', 'e.ts'],
        '/w',
      ),
    ).toEqual(['src/a.ts', 'src/b/c.js']);
  });

  test('take in every file when there are none that take in', () => {
    expect(selectedBy({ root: '/w', from: [], ignored: [/^\/w\/b/] }, ['a.ts', 'b.ts'], '/w')).toEqual(['a.ts']);
  });

  test('start from their own root', () => {
    expect(selectedBy({ root: '/w/src', from: ['lib/*.ts'], ignored: [] }, ['src/lib/a.ts', 'lib/b.ts'], '/w')).toEqual(
      ['src/lib/a.ts'],
    );
  });

  test('that take years have no say', () => {
    expect(selectedBy({ root: '/w', from: [], ignored: [/^\/w\/(a+)+$/] }, [long], '/w')).toBeNull();
    expect(selectedBy({ root: '/w', from: [`${'+(a|aa)'.repeat(10)}b`], ignored: [] }, [long], '/w')).not.toContain(
      long,
    );
  });
});
