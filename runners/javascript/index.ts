import type { Runner } from '../../src/ports/runner.ts';
import { isTypeScript } from '../typescript/files.ts';
import { typescript } from '../typescript/index.ts';

/** The checks that ask for TypeScript. */
const ofTypes = new Set(['types']);

/**
 * JavaScript on Node, as it is: by the same tools as TypeScript, without types. There is a build only where the answer
 * has a script for one.
 */
export const javascript: Runner = {
  ...typescript,
  language: 'javascript',
  partOf: 'typescript',
  extensions: ['.js', '.jsx', '.mjs', '.cjs'],
  fences: ['javascript', 'js', 'jsx', 'mjs', 'cjs', 'node'],
  folders: ['javascript', 'js', 'node', 'server', 'frontend', 'client'],
  takes: (paths) => !paths.some(isTypeScript),
  control: {
    'package.json': '{ "name": "control", "version": "0.0.0", "scripts": {} }\n',
    'src/control.js': 'module.exports = 1;\n',
  },
  checks: typescript.checks.filter(({ name }) => !ofTypes.has(name)),
};
