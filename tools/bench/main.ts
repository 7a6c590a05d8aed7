// Measures Cupel itself; nothing here is a test. Usage: npm run bench -- <name> [options]
const benches: Readonly<Record<string, () => Promise<{ bench(words: readonly string[]): Promise<void> | void }>>> = {
  answers: () => import('./answers.ts'),
  compare: () => import('./compare.ts'),
  extract: () => import('./extract.ts'),
  gate: () => import('./gate.ts'),
  grade: () => import('./grade.ts'),
  lanes: () => import('./lanes.ts'),
  page: () => import('./page.ts'),
  statistics: () => import('./statistics.ts'),
};

const [name = '', ...words] = process.argv.slice(2);
const load = benches[name];
if (load === undefined) {
  process.stderr.write(
    `cupel bench: expected one of ${Object.keys(benches).join(', ')}, found ${name === '' ? 'nothing' : name}.\n`,
  );
  process.exitCode = 2;
} else await (await load()).bench(words);
