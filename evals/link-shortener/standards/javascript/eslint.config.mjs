// The rules that ESLint recommends, for modules that Node.js runs as they are.
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['**/coverage/**'] },
  js.configs.recommended,
  { languageOptions: { ecmaVersion: 'latest', sourceType: 'module', globals: globals.node } },
];
