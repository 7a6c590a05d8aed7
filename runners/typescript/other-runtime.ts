import { posix } from 'node:path';
import type { CheckContext } from '../../src/ports/runner.ts';
import { isBelow, withinProject } from '../../src/domain/grading/project.ts';

/** What only Deno understands: imports by address or registry, and its own test function. */
const deno = /\bfrom\s*["'](?:jsr|npm|https?):|\bDeno\.test\(/;

/**
 * The runtime other than Node.js that a project without a package.json is written for; null when there is no sign of
 * one.
 */
export function otherRuntime({ project, files }: Pick<CheckContext, 'project' | 'files'>): string | null {
  if (project.files.some(({ path }) => withinProject(project, path) === 'package.json')) return null;
  const configured = files.some(
    ({ path }) =>
      /^deno\.jsonc?$/.test(posix.basename(path)) && isBelow(posix.dirname(path), posix.join(project.root, 'x')),
  );
  return configured || project.files.some(({ text }) => deno.test(text)) ? 'Deno' : null;
}
