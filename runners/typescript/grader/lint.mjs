// Lints the current folder with the configuration that decides. Types are looked up in a project of ours that includes
// every file, so that a file that the answer's tsconfig.json leaves out is linted all the same. Arguments: folders that
// are packages of their own, and left out.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { configurations } = createRequire(import.meta.url)('./configurations.cjs');
const [main] = existsSync('tsconfig.json') ? configurations().sort((a, b) => b.files - a.files) : [];
const without = existsSync('tsconfig.json')
  ? { extends: './tsconfig.json' }
  : { compilerOptions: { strict: true, module: 'nodenext', skipLibCheck: true } };
const own = main === undefined ? without : { extends: `./${main.path}` };
// Where imports may name TypeScript's own endings, both ways are right.
process.env.CUPEL_TS_EXTENSIONS = main?.options.allowImportingTsExtensions === true ? '1' : '0';
const packages = process.argv.slice(2);
const everything = { include: ['**/*', '**/.*'], exclude: ['node_modules', 'dist', 'coverage', ...packages] };
writeFileSync('tsconfig.cupel.json', JSON.stringify({ ...own, ...everything }));

const { ESLint } = createRequire('/toolchain/package.json')('eslint');
const eslint = new ESLint({
  overrideConfigFile: '/cupel/standards/eslint.config.mjs',
  errorOnUnmatchedPattern: false,
  warnIgnored: false,
  ignorePatterns: packages.map((folder) => `${folder}/`),
});
const results = await eslint.lintFiles(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', '**/.*.{js,cjs,mjs}']);
const found = results.flatMap(({ filePath, messages, suppressedMessages }) =>
  [...messages, ...suppressedMessages.map((message) => ({ ...message, suppressed: true }))].map(
    ({ ruleId, severity, message, line, suppressed }) => ({
      file: filePath,
      rule: ruleId ?? 'parse-error',
      error: severity === 2,
      message,
      line: line ?? null,
      suppressed: suppressed === true,
    }),
  ),
);
process.stdout.write(JSON.stringify({ files: results.length, found }));
