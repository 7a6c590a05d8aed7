// Measures one part of Cupel: what it costs, beside what it cannot do without, in one run on one machine.
// Usage: npm run bench -- <name> [words]; a name is a file beside this one.
import { readdirSync } from 'node:fs';

const names = readdirSync(import.meta.dirname).flatMap((file) => (file === 'main.ts' || !file.endsWith('.ts') ? [] : [file.slice(0, -3)]));
const [name = '', ...words] = process.argv.slice(2);
if (!names.includes(name)) {
  process.stderr.write(`cupel bench: expected one of ${names.join(', ')}, found ${name || 'nothing'}.\n`);
  process.exit(2);
}
const { bench } = (await import(`./${name}.ts`)) as { bench(words: readonly string[]): Promise<void> };
await bench(words);
