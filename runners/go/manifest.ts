import { posix } from 'node:path';
import { z } from 'zod';
import { fromProject } from '../../src/domain/grading/project.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { listOf } from '../shared/report.ts';

/** What `go mod edit -json` prints. */
export const manifestSchema = z.object({
  Module: z.object({ Path: z.string() }).optional(),
  Go: z.string().optional(),
  Require: listOf(z.object({ Path: z.string(), Version: z.string(), Indirect: z.boolean().optional() })).nullish(),
  Replace: listOf(
    z.object({
      Old: z.object({ Path: z.string() }),
      New: z.object({ Path: z.string(), Version: z.string().optional() }),
    }),
  ).nullish(),
});

/** What `go mod edit -json` says of a go.mod. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A module that a folder replaces. */
export interface FolderReplacement {
  /** The module's path. */
  module: string;
  /** As go.mod writes it. */
  written: string;
  /** The folder, relative to the answer's root; null for one outside of the answer. */
  folder: string | null;
}

/** The modules that go.mod replaces by folders. */
export function folderReplacements(project: Pick<Project, 'root'>, manifest: Manifest | null): FolderReplacement[] {
  return (manifest?.Replace ?? [])
    .filter(({ New }) => New.Version === undefined)
    .map(({ Old, New }) => {
      const folder = posix.normalize(fromProject(project, New.Path));
      const isOutside = New.Path.startsWith('/') || folder === '..' || folder.startsWith('../');
      return { module: Old.Path, written: New.Path, folder: isOutside ? null : folder };
    });
}
