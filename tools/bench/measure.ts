import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from '../../src/app/services/home.ts';

/** How long something took, in milliseconds. */
export async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export const milliseconds = (time: number): string =>
  `${time < 10 ? time.toFixed(1) : Math.round(time).toLocaleString('en')} ms`;
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

const head = `# Benchmarks

Each section is what \`npm run bench -- <name> --write\` last printed, on one machine, in one run. Times are those of that machine;
the ratios are what to look at.
`;

/** Prints a section, and with \`keep\` puts it into docs/benchmarks.md in place of the one of that name. */
export function print(name: string, title: string, text: string, keep: boolean): void {
  process.stdout.write(`## ${title}\n\n${text}\n`);
  if (!keep) return;
  const path = join(home, 'docs', 'benchmarks.md');
  const known = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split(/^(?=<!-- bench )/m)
        .slice(1)
    : [];
  const mark = `<!-- bench ${name} -->\n`;
  const sections = [
    ...known.filter((section) => !section.startsWith(mark)),
    `${mark}## ${title}\n\n\`npm run bench -- ${name}\`\n\n${text}\n\n`,
  ].sort();
  writeFileSync(
    path,
    `${[head, ...sections]
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trimEnd()}\n`,
  );
}
