import { join } from 'node:path';
import { findRoot } from '../../store/inputs/library.ts';

/** The folder of Cupel itself. */
export const home = join(import.meta.dirname, '..', '..', '..');

/**
 * The folder of the project that a folder (the working directory when absent) is in; Cupel's own where there is none.
 */
export const projectRoot = (folder: string = process.cwd()): string => findRoot(folder, home);
