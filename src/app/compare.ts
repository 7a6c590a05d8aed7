/** Comparisons with all that has effects: where the sides come from, grading them again, texts for diffs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cellKey } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { Comparison } from '../domain/runs/comparison.ts';
import { defaultGate } from '../domain/runs/gate.ts';
import type { Gate } from '../domain/runs/gate.ts';
import { promptText } from '../domain/runs/prompt-text.ts';
import type { CellSummary, RunSummary } from '../domain/runs/summary.ts';
import { UsageError } from '../domain/usage-error.ts';
import type { RunListener } from '../ports/run-listener.ts';
import { sameAnswers, toolChanges } from '../compare/changes.ts';
import type { Texts } from '../compare/changes.ts';
import { compare as compareRuns } from '../compare/compare.ts';
import type { Side } from '../compare/compare.ts';
import { ALPHA } from '../compare/directed.ts';
import { NotComparableError, match } from '../compare/match.ts';
import type { Match, Sides } from '../compare/match.ts';
import { baselineNames, readBaseline } from '../store/runs/baselines.ts';
import { RunStore, latestRun, runIds } from '../store/runs/run-store.ts';
import { readRunSummary } from '../store/runs/run-summary.ts';
import { gradeRunAgain } from './grade.ts';
import type { Services } from './services/services.ts';

const runFolder = (root: string, id: string): string => join(root, 'reports', 'runs', id);

/** A run by its id, `latest`, or a baseline by its name. Throws `UsageError` when there is none of that name. */
export async function readSide(root: string, name: string): Promise<RunSummary> {
  const [ids, baselines] = [await runIds(root), await baselineNames(root)];
  const id = name === 'latest' ? await latestRun(root) : name;
  if (id !== undefined && ids.includes(id)) return readRunSummary(runFolder(root, id));
  if (name.startsWith('baseline:')) return readBaseline(root, name.slice('baseline:'.length));
  if (baselines.includes(name)) return readBaseline(root, name);
  const there = [
    ids.length === 0 ? 'no run is there' : `runs ${ids.slice(-3).join(', ')}`,
    baselines.length === 0 ? 'no baseline' : `baselines ${baselines.join(', ')}`,
  ];
  throw new UsageError(`expected a run or a baseline (${there.join('; ')}), found ${name}; cupel list shows them all.`);
}

/** The gate of a suite; the default one where the suite is gone or sets none. */
async function gateOf({ library }: Services, suite: string | null): Promise<Gate> {
  if (suite === null || !(await library.suites()).includes(suite)) return defaultGate;
  return (await library.suite(suite)).gate ?? defaultGate;
}

/** Two runs to compare, and how. */
export interface SidesToCompare {
  /** What the sides are called in reports. */
  names: { base: string; head: string };
  runs: { base: RunSummary; head: RunSummary };
  sides: Sides;
  gate: Gate;
  /** The chance of a false "worse" that this comparison may spend; all of it when absent. */
  alpha?: number | undefined;
}

/**
 * A side's cells graded with today's grader and tools, from their stored answers. Throws `NotComparableError` where
 * they are gone.
 */
async function gradedToday(
  services: Services,
  side: Side,
  which: 'base' | 'head',
  cells: readonly Cell[],
  listener: RunListener,
): Promise<Side> {
  const { run } = side.run;
  const stored = new RunStore(services.root, run);
  const there =
    existsSync(join(stored.folder, 'results.json')) &&
    cells.every((cell) => existsSync(join(stored.folder, 'answers', `${cellKey(cell)}.json`)));
  if (!there) {
    throw new NotComparableError(
      `the ${which} was graded by another grader or other tools, and its answers are gone: expected them in ` +
        `${stored.folder}/answers, to grade them again. Run the suite again, and promote that run.`,
    );
  }
  services.notify({ kind: 'grading-again', side: which, run });
  const results = await gradeRunAgain(services, run, listener, cells);
  return { ...side, run: await readRunSummary(runFolder(services.root, results.run.id)) };
}

const alike = (one: RunSummary, other: RunSummary): boolean =>
  one.grader === other.grader && toolChanges(one.tools, other.tools).length === 0;

/** Both sides under one grader and the same tools: as they are, or graded again with today's. */
async function underOneGrader(
  services: Services,
  base: Side,
  head: Side,
  matched: Match,
  listener: RunListener,
): Promise<[base: Side, head: Side]> {
  if (alike(base.run, head.run)) return [base, head];
  const cellsOf = ({ cells }: Match['base']): Cell[] => cells.map(({ cell }) => cell);
  const again = await gradedToday(services, base, 'base', cellsOf(matched.base), listener);
  if (alike(again.run, head.run)) return [again, head];
  return [again, await gradedToday(services, head, 'head', cellsOf(matched.head), listener)];
}

/** The texts of prompts by their hash: as the runs keep them, else as they are now where that is the same. */
async function promptTexts(
  { library }: Services,
  { base, head }: Match,
  runs: readonly RunSummary[],
): Promise<Map<string, string>> {
  const texts = new Map(runs.flatMap(({ prompts = {} }) => Object.entries(prompts)));
  const known = [...base.cells, ...head.cells].every(({ fingerprint: { prompt } }) => texts.has(prompt ?? ''));
  if (known) return texts;
  for (const reference of new Set([...base.cells, ...head.cells].flatMap(({ cell }) => cell.prompt ?? []))) {
    const prompt = await library.prompt(reference).catch(() => null);
    if (prompt !== null) texts.set(prompt.hash, promptText(prompt));
  }
  return texts;
}

/**
 * What the dependencies of the first answer resolved to whose resolutions differ, on both sides; null where none
 * differ.
 */
async function changedResolutions(
  root: string,
  base: RunSummary,
  head: RunSummary,
  matched: Match,
): Promise<Texts['resolutions']> {
  const dependencies = ({ fingerprint }: CellSummary): string => JSON.stringify(fingerprint.dependencies);
  const changed = sameAnswers(matched).find((pair) => dependencies(pair.base) !== dependencies(pair.head));
  if (changed === undefined) return null;
  const read = async (run: RunSummary, { cell }: CellSummary): Promise<string | null> => {
    const path = join(runFolder(root, run.run), 'resolutions', `${cellKey(cell)}.json`);
    const text = await readFile(path, 'utf8').catch(() => null);
    // Lines of the locks, rather than one JSON string.
    return text === null ? null : text.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  };
  const [one, other] = [await read(base, changed.base), await read(head, changed.head)];
  return one === null || other === null ? null : { base: one, head: other };
}

/** Compares two sides; what was graded by another grader or other tools is graded again first. */
export async function compareSides(
  services: Services,
  { names, runs, sides, gate, alpha = ALPHA }: SidesToCompare,
  listener: RunListener = {},
): Promise<Comparison> {
  // What cannot be compared is said before anything is graded.
  const matched = match(runs.base, runs.head, sides, gate);
  const [base, head] = await underOneGrader(
    services,
    { name: names.base, run: runs.base, before: runs.base },
    { name: names.head, run: runs.head, before: runs.head },
    matched,
    listener,
  );
  const now = match(base.run, head.run, sides, gate);
  const texts: Texts = {
    prompts: await promptTexts(services, now, [base.run, head.run, runs.base, runs.head]),
    resolutions: await changedResolutions(services.root, base.run, head.run, now),
  };
  return compareRuns({ base, head, sides, gate, texts, alpha });
}

/** What to compare. */
export interface CompareRequest {
  /** A run by its id, `latest`, or a baseline by its name. */
  base: string;
  /** The other side, named in the same way. When absent, two prompts or models of the base are compared. */
  head?: string | undefined;
  /** The base's prompt and the head's, where that is not clear; the same of models. */
  prompts?: readonly [base: string, head: string] | null;
  models?: readonly [base: string, head: string] | null;
  /** Leave out scenarios that only one side has, or that differ. */
  common?: boolean;
  /** Take the gate of this suite; of the head's when absent. */
  suite?: string | undefined;
  /** Whether the comparison speaks of scenarios like these, or of these very ones; as the gate says when absent. */
  scope?: Gate['scope'] | undefined;
}

/** Compares two runs, a baseline and a run, or two prompts or models of one run. */
export async function compare(
  services: Services,
  { base, head = base, prompts = null, models = null, common = false, suite, scope }: CompareRequest,
  listener: RunListener = {},
): Promise<Comparison> {
  const baseRun = await readSide(services.root, base);
  const headRun = head === base ? baseRun : await readSide(services.root, head);
  const gate =
    suite === undefined
      ? await gateOf(services, headRun.suite ?? baseRun.suite)
      : ((await services.library.suite(suite)).gate ?? defaultGate);
  return compareSides(
    services,
    {
      names: { base, head },
      runs: { base: baseRun, head: headRun },
      sides: { prompt: prompts, model: models, common },
      gate: { ...gate, scope: scope ?? gate.scope },
    },
    listener,
  );
}
