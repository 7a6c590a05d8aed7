import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { specimensSchema } from '../../../src/domain/specimens/specimen.ts';
import {
  disagreements,
  goneFrom,
  ledgerSchema,
  unexplained,
  verdictsOfRun,
  verdictsOfSpecimens,
  withVerdicts,
} from '../../../tools/verdicts/ledger.ts';

const ledger = { verdicts: { 'recordings/a@1.r1': 'pass', 'specimens/a/x': 'fail: go/tests' }, changes: [] };

describe('the ledger of verdicts', () => {
  test('names recordings of a run and specimens with the checks that fail', () => {
    const cell = { scenario: 'a', prompt: 'p@2.1', model: 'recorded', repeat: 1 };
    const check = (id: string, status: string) => ({ id, status });
    expect(
      verdictsOfRun({
        grades: [
          {
            cell,
            verdict: 'fail',
            checks: [check('go/tests', 'failed'), check('go/build', 'failed'), check('go/x', 'blocked')],
          },
          { cell: { ...cell, model: 'exec:x' }, verdict: 'pass', checks: [] },
        ],
      }),
    ).toEqual({ 'recordings/a@2.1.r1': 'fail: go/build, go/tests' });
    const specimens = specimensSchema.parse({
      mark: 'a-mark-of-specimens-in-a-test',
      reference: { answer: 'a/reference.md' },
      date: '2026-01-01',
      specimens: [{ id: 'x', defect: 'd', class: 'tests', language: 'go', fails: ['go/tests', 'go/build'] }],
    });
    expect(verdictsOfSpecimens('a', specimens)).toEqual({
      'specimens/a/reference': 'pass',
      'specimens/a/x': 'fail: go/build, go/tests',
    });
  });

  test('complains of what it does not have, and of what it has differently', () => {
    expect(
      disagreements(ledger, { 'recordings/a@1.r1': 'pass', 'specimens/a/x': 'pass', 'specimens/a/y': 'pass' }),
    ).toEqual([
      'specimens/a/x: expected fail: go/tests, found pass',
      'specimens/a/y: expected an entry in the ledger, found pass',
    ]);
  });

  test('wants a line for each verdict that turned since a revision, also for one that is gone', () => {
    const turned = { verdicts: { 'specimens/a/x': 'pass', 'specimens/a/new': 'pass' }, changes: [] };
    expect(unexplained(ledger, turned)).toHaveLength(2);
    const change = { entry: 'specimens/a/x', from: 'fail: go/tests', to: 'pass', why: 'it was right' };
    const gone = { entry: 'recordings/a@1.r1', from: 'pass', to: 'none', why: 'nobody has it' };
    expect(unexplained(ledger, { ...turned, changes: [change, gone] })).toEqual([]);
    // A line that was there before explains nothing now.
    expect(unexplained({ ...ledger, changes: [change, gone] }, { ...turned, changes: [change, gone] })).toHaveLength(2);
    expect(unexplained(ledger, ledger)).toEqual([]);
  });

  test('is written with a reason where a verdict turns, and not without', () => {
    expect(() => withVerdicts(ledger, { 'specimens/a/x': 'pass' }, undefined)).toThrow(/say why/);
    const written = withVerdicts(ledger, { 'specimens/a/x': 'pass', 'specimens/a/y': 'pass' }, 'it was right');
    expect(unexplained(ledger, written)).toEqual([]);
    expect(disagreements(written, { 'specimens/a/x': 'pass', 'specimens/a/y': 'pass' })).toEqual([]);
  });

  test('loses a specimen that nobody has any more, with a reason', () => {
    expect(goneFrom(ledger, { 'specimens/a/x': 'fail: go/tests' })).toEqual({});
    const gone = goneFrom(ledger, {});
    expect(disagreements(ledger, gone)).toEqual(['specimens/a/x: expected fail: go/tests, found none']);
    expect(() => withVerdicts(ledger, gone, undefined)).toThrow(/say why/);
    const without = withVerdicts(ledger, gone, 'nobody needs it');
    expect(without.verdicts).toEqual({ 'recordings/a@1.r1': 'pass' });
    expect(unexplained(ledger, without)).toEqual([]);
  });

  test('of this project can be read, and its lines of changes are about entries that there are or were', async () => {
    const { verdicts, changes } = ledgerSchema.parse(parse(await readFile('tools/verdicts/ledger.yaml', 'utf8')));
    expect(Object.keys(verdicts).length).toBeGreaterThan(6);
    expect(changes.filter(({ entry, to }) => to !== 'none' && verdicts[entry] === undefined)).toEqual([]);
  });
});
