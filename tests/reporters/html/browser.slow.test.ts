import { describe, expect, test } from 'vitest';
import type { Grade } from '../../../src/domain/grading/grade.ts';
import { hasBrowser, loaded, reader, titleOf, withScript } from '../../support/browser.ts';
import { hostile, manyGrades, sampleExcerpts, sampleGrade, sampleRun } from '../../support/samples.ts';
import { catalog } from '../../../src/app/services/checks.ts';
import { pageAssets } from '../../../src/reporters/html/assets.ts';
import { htmlReport } from '../../../src/reporters/html/page.ts';

const assets = await pageAssets('run');
const pageOf = (grades: readonly Grade[], text?: string): string =>
  htmlReport(sampleRun(grades), sampleExcerpts(grades, text), assets, catalog);

describe.skipIf(!hasBrowser)('in a browser, the page', () => {
  test('shows the matrix, opens the worst answer, and marks the finding in its line', () => {
    const dom = loaded(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', scenario: 'other' })]));
    expect(dom.match(/class="chip /g)).toHaveLength(2);
    expect(dom).toContain('2 of 2 answers');
    expect(dom).toMatch(
      /<tr class="meant"><td class="sign">▶<\/td><td class="no">2<\/td><td class="no">12<\/td><td><code><mark>print\(1\) # 2<\/mark>/,
    );
    expect(dom).toContain('$ pytest it is wrong');
    expect(dom).toContain('exit status 1, 1.5 s');
  });

  test('opens the check that its address names', () => {
    const dom = loaded(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', repeat: 2 })]), '#c1-0');
    expect(dom).toMatch(/<details class="check passed" id="c1-0" open="">/);
  });

  test('runs nothing of a hostile answer, even where its policy is gone', () => {
    const page = pageOf([sampleGrade({ text: hostile, scenario: hostile.toWellFormed() })], hostile);
    expect(loaded(page)).not.toMatch(/<img/);
    const dom = loaded(
      withScript(
        page,
        "document.title = document.querySelectorAll('script').length + ' scripts, ' + document.querySelectorAll('img').length + ' images';",
      ),
    );
    expect(dom).toContain('<title>3 scripts, 0 images</title>');
  });

  test('filters and is used by keyboard', () => {
    const act = `${reader}
      set('verdict', 'fail'); look('fail');
      set('verdict', ''); set('status', 'failed'); set('check', 'python/build'); look('failed build');
      set('check', 'python/tests'); look('failed tests');
      set('status', ''); set('check', ''); press('/'); seen.push(document.activeElement.id); set('search', 'other NOTHING'); look('nothing');
      set('search', 'OTHER'); look('other'); press('Escape'); press('j'); seen.push(document.activeElement.parentElement.id);
      press('?'); seen.push('help ' + document.getElementById('help').open); document.getElementById('help').close();
      press('t'); seen.push(document.documentElement.dataset.theme);
      document.title = seen.join(' | ');`;
    const dom = loaded(withScript(pageOf([sampleGrade(), sampleGrade({ verdict: 'pass', scenario: 'other' })]), act));
    expect(titleOf(dom)).toBe(
      'fail: 1 of 2 answers | failed build: 0 of 2 answers | failed tests: 1 of 2 answers | search | nothing: 0 of 2 answers | other: 1 of 2 answers | c1 | help true | light',
    );
  });

  test('of 600 answers is there whole, and filters all of them', () => {
    const act = `
      const field = document.getElementById('search');
      field.value = 'scenario-7 found';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.title = document.getElementById('count').textContent;`;
    const dom = loaded(
      withScript(pageOf(manyGrades(600), 'a line of code that is as long as most lines of code are'), act),
    );
    expect(dom.match(/<details class="cell /g)).toHaveLength(600);
    expect(titleOf(dom)).toMatch(/^\d+ of 600 answers$/);
  });
});
