import { basename, join } from 'node:path';
import type { Answer } from '../domain/grading/answer.ts';
import { cellKey, cellName } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import { versionIn } from '../domain/runs/prompt-reference.ts';
import type { Project } from '../domain/project/config.ts';
import { UsageError } from '../domain/usage-error.ts';
import { writeAtomically, writeJson } from '../store/files/atomic.ts';
import { readResolution } from '../store/files/resolution-file.ts';
import { Library } from '../store/inputs/library.ts';
import { RunStore } from '../store/runs/run-store.ts';

/** Which answers of a run become recordings. */
export interface RecordRequest {
  /** Id of a run. */
  run: string;
  /** Only answers of these models, and to these scenarios; all when empty. */
  models: readonly string[];
  scenarios: readonly string[];
}

/** An answer of a run, and the name of the recording that it becomes. */
interface Recording {
  name: string;
  cell: Cell;
  answer: Answer;
}

function recordingOf(cell: Cell, answer: Answer): Recording {
  const version = cell.prompt === null ? null : versionIn(cell.prompt);
  if (version === null)
    throw new UsageError(
      `${cellName(cell)}: expected a released version of a prompt, for recordings are filed by version, found ` +
        `${cell.prompt ?? 'none'}.`,
    );
  return { name: `${cell.scenario}@${version}.r${cell.repeat}`, cell, answer };
}

/** The answers of a run that a model gave. Throws `UsageError` where two would have one name. */
async function recordingsOf(store: RunStore, { models, scenarios }: RecordRequest): Promise<Recording[]> {
  const earlier = await store.earlier();
  if (earlier === null)
    throw new UsageError(`expected the id of a run, found ${basename(store.folder)}; cupel list shows them.`);
  const cells = earlier.manifest.cells.filter(
    ({ model, scenario }) =>
      model !== null &&
      model !== 'recorded' &&
      (models.length === 0 || models.includes(model)) &&
      (scenarios.length === 0 || scenarios.includes(scenario ?? '')),
  );
  const recordings = new Map<string, Recording>();
  for (const cell of cells) {
    const answer = await store.earlierAnswer(cell, null);
    if (answer === null) continue;
    const recording = recordingOf(cell, answer);
    const other = recordings.get(recording.name);
    if (other !== undefined)
      throw new UsageError(
        `${recording.name}: expected one answer, found two, of ${other.cell.model} and of ${cell.model}; choose ` +
          'with --model.',
      );
    recordings.set(recording.name, recording);
  }
  return [...recordings.values()];
}

/**
 * Makes recordings of answers that models gave in a run; their names. Throws `UsageError` where one is there already.
 */
export async function recordAnswers(project: Project, request: RecordRequest): Promise<string[]> {
  const store = new RunStore(project.root, request.run);
  const library = new Library(project);
  const there = await library.recordings();
  const recordings = await recordingsOf(store, request);
  const clash = recordings.find(({ name }) => there.includes(name));
  if (clash !== undefined)
    throw new UsageError(
      `${library.recordingsFolder}/${clash.name}.md: expected no such recording yet, found one; delete it first, or choose ` +
        'with --scenario and --model.',
    );
  for (const { name, cell, answer } of recordings) {
    const path = join(project.root, library.recordingsFolder, name);
    const { text, ...rest } = answer;
    const resolution = await readResolution(join(store.folder, 'resolutions', `${cellKey(cell)}.json`));
    if (resolution !== null) await writeJson(`${path}.resolution.json`, resolution);
    await writeJson(`${path}.answer.json`, rest);
    await writeAtomically(`${path}.md`, text); // last: it is what makes a recording
  }
  return recordings.map(({ name }) => name);
}
