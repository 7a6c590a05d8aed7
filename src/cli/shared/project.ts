import type { Project } from '../../domain/project/config.ts';
import { openProject } from '../../app/services/home.ts';
import { printNotice } from './notices.ts';

/** The project of the working directory, which is said. Throws `UsageError` where there is none. */
export async function commandProject(): Promise<Project> {
  const project = await openProject();
  printNotice({ kind: 'project', ...project });
  return project;
}
