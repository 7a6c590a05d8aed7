import { join } from 'node:path';
import type { Project } from '../../domain/project/config.ts';
import { findProject, noProject } from '../../store/inputs/project.ts';

/** The folder of Cupel itself. */
export const home = join(import.meta.dirname, '..', '..', '..');

/** The project that a folder (the working directory when absent) is in. Throws `UsageError` where there is none. */
export async function openProject(folder: string = process.cwd()): Promise<Project> {
  const project = await findProject(folder);
  if (project === null) throw noProject(folder);
  return project;
}
