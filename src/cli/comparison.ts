/** Everything around a comparison that has effects: where the sides come from, grading again, texts for diffs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cellKey } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { RunSummary } from '../domain/runs/summary.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { Reporter } from '../ports/reporter.ts';
import { sameAnswers, toolChanges } from '../compare/changes.ts';
import type { Texts } from '../compare/changes.ts';
import { compare } from '../compare/compare.ts';
import type { Side } from '../compare/compare.ts';
import { ALPHA } from '../compare/decide.ts';
import { NotComparableError, match } from '../compare/match.ts';
import type { Match, Sides } from '../compare/match.ts';
import { baselineNames, readBaseline } from '../store/runs/baselines.ts';
import { RunStore, runIds } from '../store/runs/run-store.ts';
import { readRunSummary } from '../store/runs/run-summary.ts';
import { gradeAgain } from './commands/grade.ts';
import type { Services } from './services.ts';

const runFolder = (root: string, id: string): string => join(root, 'reports', 'runs', id);

/** A run by its id, `latest`, or a baseline by its name. Throws `UsageError`. */
export async function readSide(root: string, name: string): Promise<RunSummary> {
  const [ids, baselines] = [await runIds(root), await baselineNames(root)];
  const id = name === 'latest' ? ids.at(-1) : name;
  if (id !== undefined && ids.includes(id)) return readRunSummary(runFolder(root, id));
  if (name.startsWith('baseline:')) return readBaseline(root, name.slice('baseline:'.length));
  if (baselines.includes(name)) return readBaseline(root, name);
  const known = [
    ids.length === 0 ? 'no run is there' : `runs ${ids.slice(-3).join(', ')}`,
    baselines.length === 0 ? 'no baseline' : `baselines ${baselines.join(', ')}`,
  ];
  throw new UsageError(`expected a run or a baseline (${known.join('; ')}), found ${name}; cupel list shows them all.`);
}

/** The gate of a run's suite; the default one where the suite is gone or sets none. */
export async function gateOf(wired: Services, suite: string | null): Promise<Gate> {
  if (suite === null || !(await wired.library.suites()).includes(suite)) return defaultGate;
  return (await wired.library.suite(suite)).gate ?? defaultGate;
}

/** The given cells of a side graded with today's grader and tools, from their stored answers. Throws `NotComparableError` where they are gone. */
async function today(
  side: Side,
  which: string,
  cells: readonly Cell[],
  wired: Services,
  reporter: Reporter,
): Promise<Side> {
  const { run } = side.run;
  const stored = new RunStore(wired.root, run);
  const there =
    existsSync(join(stored.folder, 'results.json')) &&
    cells.every((cell) => existsSync(join(stored.folder, 'answers', `${cellKey(cell)}.json`)));
  if (!there) {
    throw new NotComparableError(
      `the ${which} was graded by another grader or other tools, and its answers are gone: expected them in ${stored.folder}/answers, to grade them again. Run the suite again, and promote that run.`,
    );
  }
  process.stderr.write(
    `cupel: grader or tools differ, so the ${which} (${run}) is graded again with today's; no model is called\n`,
  );
  const results = await gradeAgain(run, cells, reporter, wired);
  return { ...side, run: await readRunSummary(runFolder(wired.root, results.run.id)) };
}

const alike = (one: RunSummary, other: RunSummary): boolean =>
  one.grader === other.grader && toolChanges(one.tools, other.tools).length === 0;

/** Both sides under one grader and the same tools: as they are, or graded again with today's. */
async function underOneGrader(
  base: Side,
  head: Side,
  found: Match,
  wired: Services,
  reporter: Reporter,
): Promise<[base: Side, head: Side]> {
  if (alike(base.run, head.run)) return [base, head];
  const cells = ({ cells: own }: Match['base']): Cell[] => own.map(({ cell }) => cell);
  const again = await today(base, 'base', cells(found.base), wired, reporter);
  return [again, alike(again.run, head.run) ? head : await today(head, 'head', cells(found.head), wired, reporter)];
}

async function textsFor(base: Side, head: Side, sides: Sides, gate: Gate, wired: Services): Promise<Texts> {
  const found = match(base.run, head.run, sides, gate);
  const prompts = new Map<string, string>();
  for (const reference of new Set(
    [...found.base.cells, ...found.head.cells].flatMap(({ cell }) => cell.prompt ?? []),
  )) {
    // A file or a revision that is gone is no matter of the comparison: there is no diff then.
    const prompt = await wired.library.prompt(reference).catch(() => null);
    if (prompt !== null)
      prompts.set(prompt.hash, [prompt.system, prompt.user].filter((part) => part !== '').join('\n\n'));
  }
  const moved = sameAnswers(found).find(
    (pair) => JSON.stringify(pair.base.fingerprint.dependencies) !== JSON.stringify(pair.head.fingerprint.dependencies),
  );
  if (moved === undefined) return { prompts, resolutions: null };
  const read = async (run: RunSummary, cell: typeof moved.base.cell): Promise<string | null> => {
    const text = await readFile(
      join(runFolder(wired.root, run.run), 'resolutions', `${cellKey(cell)}.json`),
      'utf8',
    ).catch(() => null);
    // Lines of the locks, rather than one JSON string.
    return text === null ? null : text.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  };
  const [one, other] = [await read(base.run, moved.base.cell), await read(head.run, moved.head.cell)];
  return { prompts, resolutions: one === null || other === null ? null : { base: one, head: other } };
}

/** Compares two sides; what was graded otherwise is graded again first. `alpha` is what this look may spend, where there are several. */
export async function comparison(
  names: { base: string; head: string },
  runs: { base: RunSummary; head: RunSummary },
  sides: Sides,
  gate: Gate,
  wired: Services,
  reporter: Reporter,
  alpha = ALPHA,
): Promise<Comparison> {
  // What cannot be compared is said before anything is graded.
  const found = match(runs.base, runs.head, sides, gate);
  const [base, head] = await underOneGrader(
    { name: names.base, run: runs.base, before: runs.base },
    { name: names.head, run: runs.head, before: runs.head },
    found,
    wired,
    reporter,
  );
  return compare({ base, head, sides, gate, texts: await textsFor(base, head, sides, gate, wired), alpha });
}
