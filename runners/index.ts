import type { Runner } from '../src/ports/runner.ts';
import { go } from './go/index.ts';
import { java } from './java/index.ts';
import { javascript } from './javascript/index.ts';
import { python } from './python/index.ts';
import { typescript } from './typescript/index.ts';

/** The languages that Cupel can check: one line each. */
export const runners: readonly Runner[] = [python, typescript, javascript, go, java];
