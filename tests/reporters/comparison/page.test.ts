import { describe, expect, test } from 'vitest';
import { comparisonMarkdown } from '../../../src/reporters/comparison/markdown.ts';
import { pageAssets } from '../../../src/reporters/html/assets.ts';
import { comparisonPage } from '../../../src/reporters/comparison/page.ts';
import { comparisonText } from '../../../src/reporters/comparison/text.ts';
import { comparisonOf } from '../../support/comparison.ts';
import { hostile } from '../../support/samples.ts';

const assets = await pageAssets('comparison');

describe('a comparison in every format', () => {
  test('says verdict and reason first, then what changed, then dimensions, then scenarios', () => {
    const shown = comparisonOf(10, 5);
    const order = [/worse|enough|better/, /pass:/, /gate/, /p@1 → p@2/, /cost/, /bandit B608/, /s0/];
    for (const text of [
      comparisonText(shown),
      comparisonMarkdown(shown),
      comparisonPage(shown, new Map(), assets).replace(/<style>[\s\S]*?<\/style>/, ''),
    ]) {
      for (const part of order) expect(text).toMatch(part);
      expect(text.search(/pass:/)).toBeLessThan(text.search(/Dimension by dimension|dimension {2}/));
    }
  });

  test('lets nothing of an answer be markup or command a terminal', () => {
    const evil = ` ${hostile.toWellFormed()}`;
    const shown = comparisonOf(3, 2, evil);
    const page = comparisonPage(shown, new Map([[`p@1/${shown.rows[0]?.baseCells[0]?.key ?? ''}`, hostile]]), assets);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<img/);
    expect(comparisonText(shown)).not.toMatch(/[\u001b\u202e\u0000]/);
    expect(comparisonMarkdown(shown)).not.toMatch(/^<\/script>|\n<img/);
  });

  test('needs nothing but itself: the page names no address', () => {
    expect(comparisonPage(comparisonOf(4, 2), new Map(), assets).replaceAll('http-equiv', '')).not.toMatch(
      /(?:src|href)="(?!#)|https?:\/\//,
    );
  });
});
