import { describe, expect, test } from 'vitest';
import { pageAssets } from '../../../src/reporters/html/assets.ts';
import { comparisonPage } from '../../../src/reporters/comparison/page.ts';
import { hasBrowser, loaded, reader, titleOf, withScript } from '../../support/browser.ts';
import { comparisonOf } from '../../support/comparison.ts';

const assets = await pageAssets('comparison');

describe.skipIf(!hasBrowser)('in a browser, the page of a comparison', () => {
  test('opens a scenario with both sides, and shows the answers side by side', () => {
    const shown = comparisonOf(6, 2);
    const [row] = shown.rows;
    const answers = new Map([
      [`p@1/${row?.baseCells[0]?.key}`, 'text of the base'],
      [`p@2/${row?.headCells[0]?.key}`, 'text of the head'],
    ]);
    const act = `
      const row = document.getElementById('s0');
      row.open = true;
      setTimeout(() => {
        const texts = row.querySelector('.texts');
        texts.open = true;
        setTimeout(() => { document.title = [...row.querySelectorAll('.pair pre')].map((pre) => pre.textContent).join(' | ') + ' | ' + row.querySelectorAll('.answers > li').length + ' answers, ' + document.querySelectorAll('svg.forest').length + ' plots'; }, 50);
      }, 50);`;
    expect(titleOf(loaded(withScript(comparisonPage(shown, answers, assets), act)))).toBe(
      'text of the base | text of the head | 4 answers, 2 plots',
    );
  });

  test('filters and is used by keyboard', () => {
    const act = `${reader}
      set('move', '-1'); look('fewer'); set('move', '1'); look('more'); set('move', '');
      press('/'); seen.push(document.activeElement.id); set('search', 'ruff e3'); look('found'); press('Escape');
      press('j'); seen.push(document.activeElement.parentElement.className); press('?'); seen.push('help ' + document.getElementById('help').open); document.getElementById('help').close();
      press('t'); seen.push(document.documentElement.dataset.theme);
      document.title = seen.join(' | ');`;
    expect(titleOf(loaded(withScript(comparisonPage(comparisonOf(6, 1), new Map(), assets), act)))).toMatch(
      /^fewer: \d of 6 scenarios \| more: 0 of 6 scenarios \| search \| found: 1 of 6 scenarios \| cell scenario \w+ \| help true \| light$/,
    );
  });

  test('with 10,000 answers is there and filters', () => {
    const page = comparisonPage(comparisonOf(500, 10), new Map(), assets);
    const act = `
      const field = document.getElementById('search');
      const times = ['s', 's4', 'ruff e3', 'nothing of the kind', ''].map((text) => {
        const before = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        document.body.offsetHeight;
        return Math.round(performance.now() - before) + ' ms ' + document.getElementById('count').textContent;
      });
      document.title = times.join(' | ');`;
    const told = titleOf(loaded(withScript(page, act)));
    process.stderr.write(`10,000 answers, ${(page.length / 1e6).toFixed(1)} MB: ${told}\n`);
    expect(told.replaceAll(/\d+ ms /g, '')).toMatch(
      /^500 of 500 scenarios \| \d+ of 500 scenarios \| 5[56] of 500 scenarios \| 0 of 500 scenarios \| 500 of 500 scenarios$/,
    );
  });
});
