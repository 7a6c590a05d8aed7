import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { Answer } from '../../domain/grading/answer.ts';
import { cellKey, cellName } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import { versionIn } from '../../domain/runs/prompt-reference.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { counted } from '../../formats/words.ts';
import { writeAtomically, writeJson } from '../../store/files/atomic.ts';
import { Library, findRoot, readResolution } from '../../store/inputs/library.ts';
import { RunStore } from '../../store/runs/run-store.ts';
import type { Act } from '../act.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';
import { formatOption, printJson } from '../output.ts';
import type { OutputOptions } from '../output.ts';

interface RecordOptions extends OutputOptions {
  model: string[];
  scenario: string[];
}

/** An answer of a run, and the name of the recording that it becomes. */
interface Promotion {
  name: string;
  cell: Cell;
  answer: Answer;
}

/** What of a run is to be recorded: answers that a model gave. Throws `UsageError` where two would have one name. */
async function promotionsOf(store: RunStore, { model, scenario }: RecordOptions): Promise<Promotion[]> {
  const earlier = await store.earlier();
  if (earlier === null)
    throw new UsageError(`expected the id of a run, found ${basename(store.folder)}; cupel list shows them.`);
  const wanted = earlier.manifest.cells.filter(
    (cell) =>
      cell.model !== null &&
      cell.model !== 'recorded' &&
      (model.length === 0 || model.includes(cell.model)) &&
      (scenario.length === 0 || scenario.includes(cell.scenario ?? '')),
  );
  const promotions = new Map<string, Promotion>();
  for (const cell of wanted) {
    const answer = await store.earlierAnswer(cell, null);
    if (answer === null) continue;
    const version = cell.prompt === null ? null : versionIn(cell.prompt);
    if (version === null)
      throw new UsageError(
        `${cellName(cell)}: expected a released version of a prompt, for recordings are filed by version, found ${cell.prompt ?? 'none'}.`,
      );
    const name = `${cell.scenario}@${version}.r${cell.repeat}`;
    const other = promotions.get(name);
    if (other !== undefined)
      throw new UsageError(
        `${name}: expected one answer, found two, of ${other.cell.model} and of ${cell.model}; choose with --model.`,
      );
    promotions.set(name, { name, cell, answer });
  }
  return [...promotions.values()];
}

async function record(run: string, options: RecordOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const store = new RunStore(root, run);
  const known = await new Library(root).recordings();
  const promotions = await promotionsOf(store, options);
  const clash = promotions.find(({ name }) => known.includes(name));
  if (clash !== undefined)
    throw new UsageError(
      `evals/recordings/${clash.name}.md: expected no such recording yet, found one; delete it first, or choose with --scenario and --model.`,
    );
  for (const { name, cell, answer } of promotions) {
    const path = join(root, 'evals', 'recordings', name);
    const { text, ...besides } = answer;
    const resolution = await readResolution(join(store.folder, 'resolutions', `${cellKey(cell)}.json`));
    if (resolution !== null) await writeJson(`${path}.resolution.json`, resolution);
    await writeJson(`${path}.answer.json`, besides);
    await writeAtomically(`${path}.md`, text); // last: it is what makes a recording
  }
  if (options.format === 'json') printJson({ recordings: promotions.map(({ name }) => name) });
  else
    process.stdout.write(
      `${promotions.map(({ name }) => `evals/recordings/${name}.md\n`).join('')}${counted(promotions.length, 'answer')} recorded\n`,
    );
  return exit.held;
}

/** `cupel record <run>` */
export function recordCommand(program: Command, act: Act): void {
  formatOption(program.command('record'))
    .argument('<run>', 'the id of a run')
    .option('--scenario <id...>', 'only these scenarios', [])
    .option('--model <id...>', 'only answers of these models', [])
    .action((run: string, options: RecordOptions) => act(() => record(run, options)));
}
