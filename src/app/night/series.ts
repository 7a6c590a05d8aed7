/** A night's answers as the lines of its history. */
import { compare } from '../../compare/compare.ts';
import { mean } from '../../compare/statistics/moments.ts';
import type { Comparison } from '../../domain/runs/comparison.ts';
import { defaultGate } from '../../domain/runs/gate.ts';
import type { SeriesNight } from '../../domain/runs/night.ts';
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import { hashOf } from '../../store/files/hash.ts';

/** One model with one prompt, as a run of its own. */
export interface Series {
  model: string;
  prompt: string;
  summary: RunSummary;
}

/** The series of a run. */
export function seriesOf(run: RunSummary): Series[] {
  const groups = Map.groupBy(run.cells, ({ cell }) => JSON.stringify([cell.model ?? 'none', cell.prompt ?? 'none']));
  return [...groups.values()].map((cells) => ({
    model: cells[0]?.cell.model ?? 'none',
    prompt: cells[0]?.cell.prompt ?? 'none',
    summary: { ...run, cells },
  }));
}

/**
 * The gate's own false alarms: the odd answers of a night against the even ones, of which nothing can differ. Null
 * where there is one answer a scenario.
 */
function controlOf({ cells, ...run }: RunSummary): SeriesNight['control'] {
  const graded = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const half = (rest: number): RunSummary => ({
    ...run,
    run: `${run.run} ${rest}`,
    cells: graded.filter(({ cell }) => cell.repeat % 2 === rest),
  });
  const [odd, even] = [half(1), half(0)];
  const scenarios = new Set(even.cells.map(({ cell }) => cell.scenario));
  const common = { ...odd, cells: odd.cells.filter(({ cell }) => scenarios.has(cell.scenario)) };
  if (even.cells.length === 0 || common.cells.length === 0) return null;
  const side = (one: RunSummary) => ({ name: one.run, run: one, before: one });
  const { outcome } = compare({
    base: side(common),
    head: side(even),
    sides: { prompt: null, model: null, common: true },
    gate: { ...defaultGate, margins: { pass: 0.05 } },
    texts: { prompts: new Map(), resolutions: null },
  });
  return outcome === 'worse' ? 'worse' : 'quiet';
}

const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));

function perScenario(graded: readonly CellSummary[]): SeriesNight['perScenario'] {
  return Object.fromEntries(
    [...Map.groupBy(graded, ({ cell }) => cell.scenario ?? 'answer')].map(([scenario, cells]) => [
      scenario,
      [cells.filter(({ verdict }) => verdict === 'pass').length, cells.length],
    ]),
  );
}

/** One series of a night. `earlier` is its last night: with other scenarios, or where `broken`, a new line begins. */
export function seriesNight(
  { model, prompt, summary }: Series,
  earlier: SeriesNight | undefined,
  broken: boolean,
  comparison: Comparison | null,
): SeriesNight {
  const { cells } = summary;
  const graded = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const scenarios = hashOf(
    [
      ...new Set(
        cells.map(({ cell, fingerprint }) => `${cell.scenario} ${fingerprint.scenario} ${fingerprint.prompt}`),
      ),
    ].sort(),
  );
  const goesOn = earlier !== undefined && earlier.scenarios === scenarios && !broken;
  return {
    model,
    prompt,
    line: earlier === undefined ? 1 : goesOn ? earlier.line : earlier.line + 1,
    scenarios,
    answers: cells.length,
    ungraded: cells.length - graded.length,
    passed: graded.filter(({ verdict }) => verdict === 'pass').length,
    score: meanOf(graded.flatMap(({ score }) => score ?? [])),
    costUsd: meanOf(cells.flatMap(({ costUsd }) => costUsd ?? [])),
    latencyMs: meanOf(cells.flatMap(({ latencyMs }) => latencyMs ?? [])),
    perScenario: perScenario(graded),
    outcome: comparison?.outcome ?? null,
    gateMet: comparison?.gate.met ?? true,
    control: controlOf(summary),
  };
}
