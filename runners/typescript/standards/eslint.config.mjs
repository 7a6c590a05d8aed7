// What decides typescript/lint where a scenario names the standard "eslint": airbnb-base with @typescript-eslint's
// parser.
// Only where a base rule misreads TypeScript does its counterpart take its place; nothing is loosened by taste.
// CUPEL_PRETTIER=1: a formatter decides about layout, so the layout rules are off (standard "prettier").
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire('/toolchain/package.json');
const { FlatCompat } = require('@eslint/eslintrc');
const parser = require('@typescript-eslint/parser');
const plugin = require('@typescript-eslint/eslint-plugin');
const prettier = require('eslint-config-prettier');
const globals = require('globals');

const compat = new FlatCompat({ baseDirectory: '/toolchain', resolvePluginsRelativeTo: '/toolchain' });
const tests = ['**/{test,tests,__tests__,spec}/**', '**/*.{test,spec}.*'];

/** A base rule and its TypeScript counterpart, with the base rule's severity and options. */
const replaced = (rule, options) => ({ [rule]: 'off', [`@typescript-eslint/${rule}`]: ['error', ...options] });

/** Whether files that end with `.js` are modules, as package.json says. */
function areModules() {
  try {
    return JSON.parse(readFileSync('package.json', 'utf8')).type === 'module';
  } catch {
    return false;
  }
}

/** CommonJS that Node.js runs as it is. */
const common = ['**/*.cjs', ...(areModules() || existsSync('tsconfig.json') ? [] : ['**/*.js'])];

export default [
  { ignores: ['**/dist/**', '**/coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  ...compat.extends('airbnb-base'),
  {
    // airbnb-base reads JavaScript as it was in 2018, without JSX, and knows only Node.js.
    files: ['**/*.{js,jsx,mjs,cjs}'],
    languageOptions: {
      parser,
      parserOptions: { ecmaVersion: 'latest', sourceType: 'module', ecmaFeatures: { jsx: true } },
      globals: globals.browser,
    },
    // The dependencies check says which packages are missing, and knows the names that configurations give to folders.
    rules: { 'import/no-unresolved': ['error', { commonjs: true, ignore: ['^[^.]'] }] },
  },
  {
    // airbnb-base leaves it to a compiler to make code strict. What no compiler reads has to say so itself.
    files: common,
    rules: { strict: 'off' },
  },
  {
    files: ['**/*.{ts,tsx,mts,cts}'],
    languageOptions: {
      parser,
      parserOptions: {
        ecmaVersion: 2022,
        sourceType: 'module',
        project: './tsconfig.cupel.json',
        tsconfigRootDir: process.cwd(),
      },
    },
    plugins: { '@typescript-eslint': plugin },
    rules: {
      ...plugin.configs['flat/recommended-type-checked'].reduce((rules, part) => ({ ...rules, ...part.rules }), {}),
      ...replaced('no-shadow', []),
      ...replaced('no-use-before-define', [{ functions: true, classes: true, variables: true }]),
      ...replaced('no-useless-constructor', []),
      ...replaced('no-unused-vars', [
        { vars: 'all', args: 'after-used', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ]),
      ...replaced('no-redeclare', []),
      // As airbnb-base has it: an async method may be so for its interface.
      '@typescript-eslint/require-await': 'off',
      // The compiler checks these.
      'no-undef': 'off',
      'import/named': 'off',
      'import/no-unresolved': 'off',
      // Parameter properties make empty constructors useful.
      'no-empty-function': ['error', { allow: ['constructors', 'arrowFunctions', 'functions', 'methods'] }],
    },
  },
  {
    settings: {
      'import/extensions': ['.js', '.cjs', '.mjs', '.ts', '.tsx'],
      'import/resolver': {
        [require.resolve('eslint-import-resolver-typescript')]:
          existsSync('jsconfig.json') && !existsSync('tsconfig.json') ? { project: 'jsconfig.json' } : {},
        [require.resolve('eslint-import-resolver-node')]: {
          extensions: ['.js', '.cjs', '.mjs', '.ts', '.tsx', '.json'],
        },
      },
    },
    rules: {
      'import/extensions':
        process.env.CUPEL_TS_EXTENSIONS === '1'
          ? 'off'
          : ['error', 'ignorePackages', { ts: 'never', tsx: 'never', js: 'ignorePackages' }],
      // Which kind of export is a matter of taste: on, it fails every recorded answer, and so tells nothing.
      'import/prefer-default-export': 'off',
      // Which quotes stand around a string is so, too. A formatter decides about it where a scenario asks for one.
      quotes: 'off',
    },
  },
  {
    files: [
      ...tests,
      '**/*.config.{js,cjs,mjs,ts,mts,cts}',
      '**/.*rc.{js,cjs,mjs}',
      '**/*.setup.*',
      '**/{setup,setupTests,setup-tests,test-setup}.*',
    ],
    rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true }] },
  },
  {
    // Test libraries type bodies, mocks and matchers as any, and matchers take methods unbound.
    files: tests,
    plugins: { '@typescript-eslint': plugin },
    rules: Object.fromEntries(
      [
        'no-unsafe-argument',
        'no-unsafe-assignment',
        'no-unsafe-call',
        'no-unsafe-member-access',
        'no-unsafe-return',
        'unbound-method',
      ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['describe', 'it', 'test', 'expect', 'jest', 'vi', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'],
          ...['before', 'after', 'context', 'specify'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  // Where no package.json says what is a package of the project, the dependencies check does.
  ...(process.env.CUPEL_MANIFEST === '0' ? [{ rules: { 'import/no-extraneous-dependencies': 'off' } }] : []),
  ...(process.env.CUPEL_PRETTIER === '1' ? [prettier] : []),
];
