import { z } from 'zod';
import { answerFileSchema } from './extraction.ts';

/**
 * The files of one language that an answer amounts to; a language has one project for each of its manifests'
 * directories.
 */
export const projectSchema = z.strictObject({
  /** Language id of a runner (`python`), null for the files of no language. */
  language: z.string().nullable(),
  /** Directory of the project relative to the answer's root, `.` for the root itself. */
  root: z.string(),
  files: z.array(answerFileSchema),
});

export type Project = z.infer<typeof projectSchema>;

/** Whether a path is below a folder, both relative to the answer's root. */
export function isBelow(folder: string, path: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}

/** The path of a file relative to the root of its project. */
export function withinProject(project: Pick<Project, 'root'>, path: string): string {
  return project.root === '.' ? path : path.slice(project.root.length + 1);
}

/** The path relative to the answer's root of a path inside a project. */
export function fromProject(project: Pick<Project, 'root'>, path: string): string {
  return project.root === '.' ? path : `${project.root}/${path}`;
}
