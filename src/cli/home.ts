import { join } from 'node:path';

/** The folder of Cupel itself. */
export const home = join(import.meta.dirname, '..', '..');
