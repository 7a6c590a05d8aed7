// Compares what two runs say, whatever their versions: verdicts, scores, facts and findings. Both come from
// results.json.
// Usage: npm run compare-verdicts -- BEFORE AFTER [--expected FILE]; each is a run's folder, its id, or a results.json.
// Exit status: 0 when they say the same but for the expected differences, 1 when not, 2 when one cannot be read.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { differences, verdictsSchema } from './differences.ts';
import type { Difference } from './differences.ts';
import { expectedSchema, unexpected } from './expected.ts';

/** The longest value that is printed whole, in characters. */
const LONGEST = 300;

/** The results.json that a word means. Throws when there is none. */
function resultsOf(word: string): string {
  const places = [word, join('reports', 'runs', word)];
  const path = places
    .flatMap((place) => [place, join(place, 'results.json')])
    .find((place) => existsSync(place) && statSync(place).isFile());
  if (path === undefined)
    throw new Error(`expected a run's folder, its id or a results.json, found none at ${places.join(', ')}`);
  return path;
}

const gradesOf = (word: string) => verdictsSchema.parse(JSON.parse(readFileSync(resultsOf(word), 'utf8'))).grades;

const short = (value: string | null): string =>
  value === null ? 'nothing' : value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`;

function print(cell: string, found: readonly Difference[]): void {
  console.log(cell);
  for (const { place, before, after } of found) {
    console.log(`  ${place}\n    before: ${short(before)}\n    after:  ${short(after)}`);
  }
}

function main(): number {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { expected: { type: 'string', default: join(import.meta.dirname, 'expected.yaml') } },
  });
  const [before, after, ...rest] = positionals;
  if (before === undefined || after === undefined || rest.length > 0) {
    console.error(`expected two runs, found ${positionals.length}: npm run compare-verdicts -- BEFORE AFTER`);
    return 2;
  }
  const expected = expectedSchema.parse(parse(readFileSync(values.expected, 'utf8')));
  const [old, now] = [gradesOf(before), gradesOf(after)];
  const all = differences(old, now);
  const left = unexpected(all, expected);
  for (const [cell, found] of Map.groupBy(left, (difference) => difference.cell)) print(cell, found);
  console.log(
    `${old.length} cells before, ${now.length} after: ${left.length} differences, and ${all.length - left.length} that are expected`,
  );
  return left.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`compare-verdicts: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
