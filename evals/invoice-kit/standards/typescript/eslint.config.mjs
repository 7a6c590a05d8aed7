// The rules that ESLint and typescript-eslint recommend, types included.
import js from '@eslint/js';
import plugin from '@typescript-eslint/eslint-plugin';
import globals from 'globals';

export default [
  { ignores: ['**/dist/**', '**/coverage/**'] },
  js.configs.recommended,
  { languageOptions: { globals: globals.node } },
  ...plugin.configs['flat/recommended-type-checked'].map((part) => ({ ...part, files: ['**/*.{ts,tsx,mts,cts}'] })),
  {
    files: ['**/*.{ts,tsx,mts,cts}'],
    languageOptions: { parserOptions: { project: './tsconfig.cupel.json', tsconfigRootDir: process.cwd() } },
  },
];
