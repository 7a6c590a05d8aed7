import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/app/services/checks.ts';
import { passed } from '../../src/domain/grading/check.ts';
import { TerminalProgress } from '../../src/reporters/progress.ts';
import { roughTime } from '../../src/reporters/words.ts';
import { Forecast } from '../../src/app/services/forecast.ts';

const cell = (repeat: number) => ({ prompt: 'p@1', scenario: 's', model: 'm', repeat });
const expected = [1, 2].map((repeat) => ({ cell: cell(repeat), checks: { 'python/build': 10, 'python/tests': 100 } }));
const result = (id: string) => ({ id, ...passed() });

describe('a forecast', () => {
  test('shares the work among the lanes, and is never shorter than the longest check', () => {
    expect(new Forecast(1, expected).secondsLeft()).toBe(220);
    expect(new Forecast(2, expected).secondsLeft()).toBe(110);
    expect(new Forecast(8, expected).secondsLeft()).toBe(100);
  });

  test('becomes shorter with each check, also with one of several projects', () => {
    const forecast = new Forecast(1, expected);
    forecast.checkStarted(cell(1), 'python/tests@a');
    forecast.checkEnded(cell(1), result('python/tests@a'), false);
    expect(forecast.secondsLeft()).toBe(120);
  });

  test('expects as much of the rest to be known already as of what has ended', () => {
    const forecast = new Forecast(1, expected);
    forecast.checkStarted(cell(1), 'python/tests');
    forecast.checkEnded(cell(1), result('python/tests'), true);
    expect(forecast.secondsLeft()).toBe(60);
  });

  test('says nothing where nothing was ever seen, nor when all is done', () => {
    expect(new Forecast(1, [{ cell: cell(1), checks: { 'python/tests': 0 } }]).secondsLeft()).toBeNull();
    expect(new Forecast(1, []).secondsLeft()).toBeNull();
  });
});

describe('progress', () => {
  test('without a terminal tells in plain lines how long it will take', () => {
    let said = '';
    const reporter = new TerminalProgress({ write: (text) => (said += text), columns: null }, catalog, () => 200);
    reporter.runStarted({
      format: 1,
      id: 'r',
      suite: 's',
      startedAt: '',
      cells: [cell(1), cell(2)],
      grader: '',
      tools: {},
      sandbox: { driver: '', level: '', version: '' },
      exposed: [],
      machine: { platform: '', arch: '', cores: 1, memoryMiB: 1 },
    });
    reporter.cellEnded({
      cell: cell(1),
      verdict: 'pass',
      score: 1,
      reasons: [],
      required: [],
      assumptions: [],
      flags: [],
      projects: [],
      checks: [],
    });
    expect(said).toBe(
      'run r: 2 cells, about 3 min left\n✓ pass  s × p@1 × m #1  score 1.000  (1 of 2, about 3 min left)\n',
    );
  });

  test.each([
    [0.2, '1 s'],
    [42, '42 s'],
    [100, '2 min'],
    [5000, '83 min'],
    [6000, '1 h 40 min'],
  ])('%d seconds are said as %s', (seconds, text) => {
    expect(roughTime(seconds)).toBe(text);
  });
});
