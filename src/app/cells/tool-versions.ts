import { parseCheckId } from '../../domain/grading/check-id.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Grading } from '../../stages/5-check/effects.ts';

/**
 * Versions of the tools of the languages that have checks, in the order of their names. A language whose
 * tools cannot be had is `missing`.
 */
export async function toolVersions(
  { runners, tools }: Grading,
  grades: readonly Grade[],
): Promise<Record<string, string>> {
  const used = runners.filter(({ language }) =>
    grades.some(({ checks }) => checks.some(({ id }) => parseCheckId(id).language === language)),
  );
  const versions = await Promise.all(
    used.map(async (runner) => {
      try {
        return Object.entries(await tools(runner));
      } catch {
        return [[runner.language, 'missing']] satisfies [string, string][]; // its checks say why
      }
    }),
  );
  return Object.fromEntries(versions.flat().sort(([one], [other]) => (one < other ? -1 : 1)));
}
