import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import type { Flag } from '../../domain/grading/extraction.ts';
import { gradeSchema } from '../../domain/grading/grade.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { RequestPart } from '../../domain/grading/request-parts.ts';
import type { Policy } from '../../domain/grading/question.ts';
import { gradeOf } from './grade.ts';

/** Everything that a grade is made of. */
export interface Judged {
  cell: Cell;
  policy: Policy;
  checks: readonly CheckResult[];
  projects: readonly Project[];
  flags: readonly Flag[];
  assumptions: readonly string[];
  /** What was asked, part by part; undefined where nobody wrote it down. */
  asked: readonly RequestPart[] | undefined;
  /** Descriptions of the checks: what each weighs, and whether it must pass. */
  catalog: CheckCatalog;
}

/** A cell's grade: its checks in order, its projects without their text, its verdict. */
export function assembleGrade({ cell, policy, checks, projects, flags, assumptions, asked, catalog }: Judged): Grade {
  // Through the schema: a verdict from the cache and one that was measured just now have their fields in the same
  // order.
  return gradeSchema.parse({
    cell,
    ...gradeOf(policy, checks, catalog),
    assumptions: [...assumptions],
    flags: [...flags],
    projects: projects.map(({ language, root, files }) => ({
      language,
      root,
      files: files.map(({ path, line, namedBy }) => ({ path, line, named_by: namedBy })),
    })),
    checks: [...checks],
    ...(asked === undefined ? {} : { asked: [...asked] }),
  });
}
