import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Grading } from './effects.ts';

/** Where the checks of a project start from: the answer, and the answer with its unnamed blocks. */
export interface Workspaces {
  workspace: string;
  draft: string;
  remove(): void;
}

/** Lays out an answer once without and once with its drafts; one folder serves for both where there are none. */
export async function layOutWorkspaces(
  { layOut }: Pick<Grading, 'layOut'>,
  files: readonly AnswerFile[],
  drafts: readonly AnswerFile[],
): Promise<Workspaces> {
  const workspace = await layOut(files);
  if (drafts.length === 0)
    return { workspace: workspace.folder, draft: workspace.folder, remove: () => workspace.remove() };
  try {
    const draft = await layOut([...files, ...drafts]);
    const remove = (): void => {
      workspace.remove();
      draft.remove();
    };
    return { workspace: workspace.folder, draft: draft.folder, remove };
  } catch (error) {
    workspace.remove();
    throw error;
  }
}
