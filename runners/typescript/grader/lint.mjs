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
// A rule about packages looks for a package.json, and ends the linter where there is none in any folder.
process.env.CUPEL_MANIFEST = existsSync('package.json') ? '1' : '0';
if (process.env.CUPEL_MANIFEST === '0') writeFileSync('package.json', '{ "private": true }\n');
const everything = { include: ['**/*', '**/.*'], exclude: ['node_modules', 'dist', 'coverage', ...packages] };
writeFileSync('tsconfig.cupel.json', JSON.stringify({ ...own, ...everything }));

const { ESLint } = createRequire('/toolchain/package.json')('eslint');
const eslint = new ESLint({
  overrideConfigFile: '/cupel/standards/eslint.config.mjs',
  errorOnUnmatchedPattern: false,
  warnIgnored: false,
  ignorePatterns: packages.map((folder) => `${folder}/`),
});

/** Whether a rule looks at packages or types, of which nothing is known where packages are missing. */
const { rules: typed } = createRequire('/toolchain/package.json')('@typescript-eslint/eslint-plugin');
const isUntold = (rule) =>
  process.env.CUPEL_UNTYPED === '1' &&
  rule !== null &&
  (rule.startsWith('import/') ||
    typed[rule.replace('@typescript-eslint/', '')]?.meta.docs?.requiresTypeChecking === true);

const results = await eslint.lintFiles(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', '**/.*.{js,cjs,mjs}']);
const found = results.flatMap(({ filePath, messages, suppressedMessages }) =>
  [...messages, ...suppressedMessages.map((message) => ({ ...message, suppressed: true }))]
    .filter(({ ruleId }) => !isUntold(ruleId))
    .map(({ ruleId, severity, message, line, suppressed }) => ({
      file: filePath,
      rule: ruleId ?? 'parse-error',
      error: severity === 2,
      message,
      line: line ?? null,
      suppressed: suppressed === true,
    })),
);
process.stdout.write(JSON.stringify({ files: results.length, found }));
