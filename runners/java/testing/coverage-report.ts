import { z } from 'zod';
import type { Project } from '../../../src/domain/grading/project.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import type { FileCoverage } from '../../shared/coverage.ts';
import { listOf, readReport } from '../../shared/report.ts';
import { classesOf, sourcesOf } from '../files.ts';

const line = z.int().positive();
const reportSchema = z.strictObject({
  files: listOf(
    z.strictObject({
      /** The package, as a path; empty for the one without a name. */
      folder: z.string(),
      name: z.string(),
      missing: listOf(line),
      covered: listOf(line),
    }),
  ),
});

/** The lines of the project's files that ran and did not run, as JaCoCo says them; null for what does not fit. */
export function readCoverage(project: Project, text: string): FileCoverage[] | null {
  const report = readReport(reportSchema, text);
  if (report === null) return null;
  const files = classesOf(project, sourcesOf(project).main);
  return report.files.flatMap(({ folder, name, missing, covered }) => {
    const type = name.replace(/\.java$/, '');
    const path = files.get(folder === '' ? type : `${folder.replaceAll('/', '.')}.${type}`);
    if (path === undefined) return [];
    return [
      {
        path: fromProject(project, path),
        total: missing.length + covered.length,
        covered: covered.length,
        missing: missing.toSorted((one, other) => one - other),
      },
    ];
  });
}
