import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cellKey } from '../../src/domain/grading/cell.ts';
import { passed } from '../../src/domain/grading/check.ts';
import { writeAtomically } from '../../src/store/files/atomic.ts';
import { canonicalJson, hashOf, sha256 } from '../../src/store/files/hash.ts';
import { diskLayers } from '../../src/store/state/layers.ts';
import { answerResolutions } from '../../src/store/state/resolutions.ts';
import { stateFolder } from '../../src/store/state/state.ts';
import { diskVerdicts } from '../../src/store/state/verdict-cache.ts';

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'cupel-store-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

describe('layers', () => {
  test('are made once for a key, however many ask at the same time', async () => {
    const layers = diskLayers(state);
    let made = 0;
    const build = async (folder: string): Promise<void> => {
      made += 1;
      await writeFile(join(folder, 'x'), String(made));
    };
    const [a, b] = await Promise.all([layers.get('l', { k: 1 }, build), layers.get('l', { k: 1 }, build)]);
    const later = await diskLayers(state).get('l', { k: 1 }, build);
    expect([made, a.folder, b.folder, later.folder]).toEqual([1, a.folder, a.folder, a.folder]);
    expect((await layers.get('l', { k: 2 }, build)).folder).not.toBe(a.folder);
  });

  test('that could not be made leave nothing, and are tried again', async () => {
    const layers = diskLayers(state);
    await expect(layers.get('l', 1, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(await readdir(join(state, 'layers'))).toEqual([]);
    await expect(layers.get('l', 1, async () => {})).resolves.toMatchObject({ hash: expect.any(String) as string });
  });

  test('made by two processes at once are one', async () => {
    const build = (folder: string): Promise<void> => writeFile(join(folder, 'x'), 'same');
    const [a, b] = await Promise.all([diskLayers(state).get('l', 1, build), diskLayers(state).get('l', 1, build)]);
    expect(a).toEqual(b);
    expect(await readdir(join(state, 'layers'))).toHaveLength(1);
  });
});

describe('cached verdicts', () => {
  test('come back as they were put', async () => {
    const cache = diskVerdicts(state);
    const outcome = passed({ facts: { passed: 3 } });
    await cache.put('abc', outcome);
    expect(await cache.get('abc')).toEqual(outcome);
    expect(await cache.get('abd')).toBeNull();
  });

  test.each([
    ['changed', (text: string) => text.replace('"passed": 3', '"passed": 9')],
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['moved to another key', (text: string) => text.replace('"abc"', '"abd"')],
    ['emptied', () => ''],
  ])('that were %s are not believed', async (_what, damage) => {
    const cache = diskVerdicts(state);
    await cache.put('abc', passed({ facts: { passed: 3 } }));
    const path = join(state, 'verdicts', 'ab', 'abc.json');
    await writeFile(path, damage(await readFile(path, 'utf8')));
    expect(await cache.get('abc')).toBeNull();
  });
});

describe('files', () => {
  test('are written whole or not at all', async () => {
    const path = join(state, 'a', 'b.json');
    await writeAtomically(path, 'one');
    await Promise.all(Array.from({ length: 20 }, (_, index) => writeAtomically(path, String(index).repeat(10_000))));
    expect(new Set(await readFile(path, 'utf8')).size).toBeLessThanOrEqual(2);
    expect(await readdir(join(state, 'a'))).toEqual(['b.json']);
  });
});

describe('resolutions', () => {
  test('are kept by the answer, and those beside it come first', async () => {
    const project = { language: 'python', root: '.' };
    const places = { state, resolutionFile: null, committed: () => Promise.resolve(null), note: () => {} };
    const first = await answerResolutions('answer', places);
    expect(first.get(project)).toBeNull();
    first.keep(project, { lock: 'a==1' });
    await first.save();
    expect((await answerResolutions('answer', places)).get(project)).toEqual({ lock: 'a==1' });
    expect((await answerResolutions('another answer', places)).get(project)).toBeNull();
    const resolutionFile = join(state, 'answer.resolution.json');
    await writeFile(
      resolutionFile,
      JSON.stringify({ answer: sha256('answer'), projects: { 'python@.': { lock: 'a==2' } } }),
    );
    expect((await answerResolutions('answer', { ...places, resolutionFile })).get(project)).toEqual({ lock: 'a==2' });
    expect((await answerResolutions('another answer', { ...places, resolutionFile })).get(project)).toBeNull();
  });

  test('of an answer that declares the same are taken where nothing is known of it, and changed only for it', async () => {
    const project = { language: 'python', root: '.' };
    const places = { state, resolutionFile: null, committed: () => Promise.resolve(null), note: () => {} };
    const first = await answerResolutions('answer', places);
    first.keep(project, { lock: 'a==1' });
    await first.save();
    const other = await answerResolutions('another answer', { ...places, like: ['unknown', 'answer'] });
    expect(other.get(project)).toEqual({ lock: 'a==1' });
    other.keep(project, { lock: 'a==2' });
    await other.save();
    const lockOf = async (text: string): Promise<unknown> => (await answerResolutions(text, places)).get(project);
    expect([await lockOf('answer'), await lockOf('another answer')]).toEqual([{ lock: 'a==1' }, { lock: 'a==2' }]);
  });
});

describe('the state folder', () => {
  test('is in the project, unless an ordinary user may not enter it', async () => {
    expect((await stateFolder(join(state, '.cupel'), null, () => null)).folder).toBe(join(state, '.cupel'));
    const elsewhere = await stateFolder(join(state, '.cupel'), null, () => '/closed');
    expect(elsewhere.folder).not.toContain(state);
    expect(elsewhere.reason).toContain('/closed');
    await expect(stateFolder(state, '/closed/x', () => '/closed')).rejects.toThrow(/an ordinary user can enter/);
  });
});

describe('hashes', () => {
  test('of equal values are equal, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(hashOf(reversed)).toBe(hashOf(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('keys of cells are safe file names, one for each cell', () => {
    const part = fc.option(fc.string({ minLength: 1 }));
    const cell = fc.record({ prompt: part, scenario: part, model: part, repeat: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(cell, cell, (a, b) => {
        expect(cellKey(a)).toMatch(/^[\w.!~'()%-]+$/);
        expect(cellKey(a) === cellKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
