import { count, linesOf, MOST_VALUES } from '../../shared/report.ts';

/** A piece of code that runs as a whole, with how often it ran. */
export interface Block {
  file: string;
  start: number;
  end: number;
  statements: number;
  count: number;
}

const mode = /^mode: (?:set|count|atomic)$/;
const blockLine = /^(\S+\.go):((\d+)\.\d+,(\d+)\.\d+) (\d+) (\d+)$/;

/**
 * One line of a profile (`path.go:1.2,3.4 statements count`), with the place that tells blocks apart; null when it is
 * none.
 */
function readBlock(line: string): (Block & { place: string }) | null {
  const match = blockLine.exec(line);
  if (match === null) return null;
  const [, file = '', place = ''] = match;
  const numbers = match.slice(3).map(Number);
  const [start = 0, end = 0, statements = 0, runs = 0] = numbers;
  const fits = numbers.every((number) => count.safeParse(number).success) && start >= 1 && start <= end;
  return fits ? { file, start, end, statements, count: runs, place: `${file}:${place}` } : null;
}

/**
 * The blocks of several profiles, each once, with the runs of all added up; null when one of them is no profile from
 * its first line to its last.
 */
export function readProfiles(profiles: readonly string[]): Block[] | null {
  const blocks = new Map<string, Block>();
  for (const profile of profiles) {
    const head = profile.slice(0, profile.indexOf('\n'));
    if (!profile.endsWith('\n') || !mode.test(head)) return null;
    for (const line of linesOf(profile.slice(head.length + 1))) {
      const block = readBlock(line);
      if (block === null || blocks.size >= MOST_VALUES) return null;
      const { place, ...rest } = block;
      blocks.set(place, { ...rest, count: rest.count + (blocks.get(place)?.count ?? 0) });
    }
  }
  return [...blocks.values()];
}
