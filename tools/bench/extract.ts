/** Extraction from hostile texts: how its time grows with their length. Usage: npm run bench -- extract [--write] */
import { parseArgs } from 'node:util';
import { markdownTable } from '../../src/reporters/table.ts';
import { extract } from '../../src/stages/3-extract/extract.ts';
import { hostileTexts } from '../../tests/support/hostile-texts.ts';
import { median, milliseconds, print, timed } from './measure.ts';

const N = 20_000;
const REPEATS = 5;

async function fastest(text: string): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) times.push(await timed(() => Promise.resolve(extract(text))));
  return Math.min(...times);
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { write: { type: 'boolean', default: false } } });
  const longer = hostileTexts(4 * N);
  const rows: string[][] = [];
  for (const [name, text] of Object.entries(hostileTexts(N))) {
    const [once, four] = [await fastest(text), await fastest(longer[name] ?? '')];
    rows.push([name, milliseconds(once), milliseconds(four), (four / once).toFixed(1)]);
  }
  const middle = median(rows.map(([, , , growth]) => Number(growth)));
  const table = markdownTable([
    ['text', `of ${N.toLocaleString('en')} pieces`, 'of four times as many', 'times as long'],
    ...rows,
  ]);
  print(
    'extract',
    'Extraction from hostile texts',
    `${table}\n\nA reader that goes over a text once takes 4 times as long, one that begins again at each piece 16 times; the middle one here: ${middle}.`,
    values.write,
  );
}
