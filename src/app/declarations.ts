import { posix } from 'node:path';
import type { Runner } from '../ports/runner.ts';
import { extract } from '../stages/3-extract/extract.ts';

/** Files that say which packages are wanted, or which versions, besides the manifests of the runners. */
const lists = /^(?:requirements.*|go\.sum|go\.work|\.npmrc|.*\.lock|package-lock\.json)$/;

/** What an answer declares of its dependencies, as a text that is the same for answers that declare the same. */
export function declarationsOf(text: string, runners: readonly Pick<Runner, 'manifests'>[]): string {
  const manifests = new Set(runners.flatMap((runner) => runner.manifests));
  const declaring = extract(text).files.filter(({ path }) => {
    const name = posix.basename(path);
    return manifests.has(name) || lists.test(name);
  });
  return JSON.stringify(declaring.map((file) => JSON.stringify([file.path, file.text])).toSorted());
}

/**
 * The texts of those known answers of a scenario that declare what an answer does. It is given the packages that theirs
 * resolved to, whatever was published since.
 */
export function declaringAlike(
  text: string,
  { reference, original }: { reference: string; original: string },
  runners: readonly Pick<Runner, 'manifests'>[],
): string[] {
  const declared = declarationsOf(text, runners);
  return [reference, original].filter((one) => declarationsOf(one, runners) === declared);
}
