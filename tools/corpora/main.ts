/**
 * Measures extraction and the prompt loaders on a folder of corpora, which is no part of the project:
 * `npm run conformance -- <folder> [--write]`. Exits with 1 when a threshold does not hold; `--write` keeps what it
 * prints in docs/conformance.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpora } from './corpora.ts';
import { measureGold } from './gold.ts';
import { measurePrompts } from './prompts.ts';
import { measureAll } from './speed.ts';
import { measureWeak } from './weak.ts';

const head = `# Conformance

How well extraction and the prompt loaders do on other people's answers and prompts. This page is made by
\`npm run conformance -- <folder of corpora> --write\`, which exits with 1 when a threshold does not hold; the corpora are no
part of the project. How extraction works is in [design/extraction.md](design/extraction.md).`;

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
  const [folder, more] = positionals;
  if (folder === undefined || more !== undefined) {
    process.stderr.write('usage: npm run conformance -- <folder of corpora> [--write]\n');
    return 2;
  }
  const corpora = readCorpora(folder);
  const measured = [
    measureAll([...corpora.answers.values()]),
    measureGold(corpora.gold),
    measureWeak(corpora.weak, corpora.answers),
    measurePrompts(corpora.prompts),
  ];
  const page = `${[head, ...measured.map(({ section }) => section)].join('\n\n')}\n`;
  process.stdout.write(page);
  for (const remark of measured.flatMap(({ remarks }) => remarks)) process.stdout.write(`\n${remark}`);
  const holds = measured.every((one) => one.holds);
  process.stdout.write(`\n${holds ? 'Every threshold holds.' : 'A threshold does not hold.'}\n`);
  if (values.write === true) writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'conformance.md'), page);
  return holds ? 0 : 1;
}

process.exitCode = main();
