import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Grade } from '../../../src/domain/grading/grade.ts';
import { hostile, manyGrades, sampleExcerpts, sampleGrade, sampleRun } from '../../support/samples.ts';
import type { PageData } from '../../../src/reporters/html/data.ts';
import { catalog } from '../../../src/app/services/checks.ts';
import { pageAssets } from '../../../src/reporters/html/assets.ts';
import { htmlReport } from '../../../src/reporters/html/page.ts';
import { runs } from '../../support/levels.ts';

const assets = await pageAssets('run');
const pageOf = (grades: readonly Grade[], text?: string): string =>
  htmlReport(sampleRun(grades), sampleExcerpts(grades, text), assets, catalog);

/** The page without its style and its script, which are ours. */
const shell = (page: string): string => page.replace(/<style>.*?<\/style>/s, '').replace(/<script>.*?<\/script>/s, '');

function dataOf(page: string): PageData {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json) as PageData;
}

/** Every tag with the names of its attributes, in order: what markup there is, whatever the text. */
const skeleton = (page: string): string[] =>
  [...shell(page).matchAll(/<(\/?[a-z][^\s>]*)([^>]*)>/gi)].map(
    ([, name = '', rest = '']) =>
      `${name} ${[...rest.matchAll(/([a-z-]+)=("[^"]*")/gi)].map(([, key]) => key).join(' ')}`,
  );

describe('the page', () => {
  test('says first what fails, where and why', () => {
    const page = pageOf([
      sampleGrade(),
      sampleGrade({ verdict: 'pass', repeat: 2 }),
      sampleGrade({ verdict: 'ungraded', repeat: 3 }),
    ]);
    expect(page).toContain('<h1 id="headline">1 of 3 answers fails; 1 could not be graded</h1>');
    const top = page.slice(page.indexOf('<h1'), page.indexOf('<form'));
    expect(top).toContain('✗ fails because python/tests failed: it is wrong');
    expect(top).toContain('app/main.py:2, answer line 12');
    expect(top).toContain('print(1) # 2');
    expect(pageOf([sampleGrade({ verdict: 'pass' })])).toContain('The answer passes');
  });

  test('has the numbers of the results', () => {
    const grades = [sampleGrade({ findings: 30 }), sampleGrade({ verdict: 'pass', prompt: 'p@2' })];
    const { cells } = dataOf(pageOf(grades));
    expect(cells.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
    const tests = cells[0]?.checks[0];
    expect(tests).toMatchObject({
      id: 'python/tests',
      status: 'failed',
      score: '0.500',
      measured: '3 passed, 1 failed',
      required: true,
    });
    expect((tests?.findings?.length ?? 0) + (tests?.more ?? 0)).toBe(30);
    for (const [index, { checks }] of grades.entries()) {
      expect(cells[index]?.checks.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(
        checks.map(({ id, status }) => `${id} ${status}`).toSorted(),
      );
    }
    expect(pageOf(grades).match(/<a class="chip /g)).toHaveLength(2);
  });

  test('asks for nothing from outside, and runs only its own script', () => {
    const page = pageOf([sampleGrade()]);
    const withoutHashes = page.replaceAll(/'sha256-[^']+'/g, ''); // a hash may have two slashes in it
    expect(withoutHashes).not.toMatch(/\b(?:https?:)?\/\/[a-z0-9]/i);
    expect(page).not.toMatch(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b/);
    expect(page.match(/\son[a-z]+=/gi)).toBeNull();
    expect(page.match(/\sstyle=/gi)).toBeNull();
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    for (const [, href = ''] of shell(page).matchAll(/(?:href|src)="([^"]*)"/g))
      expect(href).toMatch(/^(?:#[\w-]+|results\.json|report\.md)$/);
  });

  test('links files, answers and evidence as siblings, but no file that a browser would run', () => {
    const grade = sampleGrade({ findings: 1 });
    const [cell] = dataOf(pageOf([grade])).cells;
    expect(cell?.answerHref).toBe('answers/s~p%25401~recorded~r1.md');
    expect(cell?.checks[0]?.findings?.[0]?.href).toBe('files/s~p%25401~recorded~r1/app/main.py');
    expect(cell?.checks[0]?.evidenceHref).toBe('evidence/s~p%25401~recorded~r1/python_tests.json');
    const renamed = JSON.parse(JSON.stringify(grade).replaceAll('app/main.py', 'app/index.html')) as Grade;
    expect(dataOf(pageOf([renamed])).cells[0]?.checks[0]?.findings?.[0]?.href).toBeUndefined();
  });

  test('holds nothing of an answer or a tool that is markup', () => {
    const plain = skeleton(pageOf([sampleGrade({ text: 'x' })], 'x'));
    const page = pageOf([sampleGrade({ text: hostile, scenario: hostile.toWellFormed() })], hostile);
    expect(skeleton(page)).toEqual(plain);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/[\u0000\u001b\u202e]/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (raw) => {
        const text = `x${raw}x`;
        const made = pageOf([sampleGrade({ text, scenario: text.toWellFormed() })], text);
        expect(skeleton(made)).toEqual(plain);
        expect(dataOf(made).cells).toHaveLength(1);
      }),
      { numRuns: runs(60) },
    );
  });

  test('of 600 answers with many findings stays under 10 MB, and says that it is shortened', () => {
    const page = pageOf(manyGrades(600), 'a line of code that is as long as lines of code are, more or less');
    expect(Buffer.byteLength(page)).toBeLessThan(10_000_000);
    expect(dataOf(page).cells).toHaveLength(600);
    expect(page).toContain('The run is large');
    expect(pageOf([sampleGrade()])).not.toContain('The run is large');
  });
});
