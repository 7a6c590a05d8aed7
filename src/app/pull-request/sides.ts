/** A suite as it is planned in a library: the head's, or that of the base's tree. */
import type { Project } from '../../domain/project/config.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import { hashOf, sha256 } from '../../store/files/hash.ts';
import { Library } from '../../store/inputs/library.ts';
import { findProject, projectAt } from '../../store/inputs/project.ts';
import { ModelConfiguration } from '../models/configuration.ts';
import { planner } from '../plan.ts';
import type { Services } from '../services/services.ts';
import { plannedHashes } from '../shards/whole-plan.ts';
import type { IdentifiedCell } from './identity.ts';

/** A suite and its cells. */
export interface SuiteSide {
  suite: Suite;
  cells: IdentifiedCell[];
}

/** The services of a run whose prompts, scenarios, suites and models are those of another folder. */
export const withProject = (services: Services, project: Project): Services => ({
  ...services,
  project,
  library: new Library(project),
});

/** A folder as a project: by the configuration in it, where there is one. */
export async function projectIn(folder: string): Promise<Project> {
  const found = await findProject(folder);
  return found?.root === folder ? found : projectAt(folder);
}

/** What tells cells apart that are asked and judged differently; the same for runs, baselines and plans. */
export const identityOf = (planned: unknown, model: string | null, repeat: number): string =>
  hashOf([planned, model, repeat]);

/** Plans a suite; null where there is none of that name. Throws `UsageError` for one that cannot be planned. */
export async function sideOf(services: Services, id: string): Promise<SuiteSide | null> {
  const { library } = services;
  if (!(await library.suites()).includes(id)) return null;
  const suite = await library.suite(id);
  const settings = await ModelConfiguration.read(services.project);
  const cells = await planner(suite, { suite: id, folder: library.root }, services)(null);
  const identified = cells.map(async (cell): Promise<IdentifiedCell> => {
    const planned = plannedHashes(cell, settings);
    const { model, repeat } = cell.cell;
    // A recording is a file that a change may touch, so its text is part of what is asked.
    const recording = model === 'recorded' ? await library.recording(cell.cell) : null;
    const identity = identityOf(planned, model, repeat);
    return { ...cell, planned, identity: recording === null ? identity : hashOf([identity, sha256(recording.text)]) };
  });
  return { suite, cells: await Promise.all(identified) };
}
