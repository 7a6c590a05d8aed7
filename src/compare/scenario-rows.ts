import { cellKey, cellName } from '../domain/grading/cell.ts';
import type { CellRow, HardRow, ScenarioRow } from '../domain/runs/comparison.ts';
import type { Gate } from '../domain/runs/gate.ts';
import type { CellSummary, FindingCount } from '../domain/runs/summary.ts';
import type { Decision } from './decide.ts';
import type { Match } from './match.ts';
import { passes } from './rates.ts';
import { benjaminiHochberg, fisher } from './statistics/exact.ts';
import { mean } from './statistics/moments.ts';
import type { Stratum } from './stratum.ts';

/** Where hard invariants were broken. */
export function hardRows(strata: readonly Stratum[], decision: Decision, { hard }: Gate): HardRow[] {
  return hard.flatMap((invariant, index) =>
    strata.flatMap(({ scenario, base, head }): HardRow[] => {
      const [inBase, inHead] = [base, head].map((answers) => ({
        hits: answers.filter((answer) => answer.hard[index] === 1).length,
        of: answers.length,
      }));
      if (inBase === undefined || inHead === undefined || inBase.hits + inHead.hits === 0) return [];
      return [
        {
          invariant,
          scenario,
          base: inBase,
          head: inHead,
          fresh: decision.hard.fresh.some((fresh) => fresh.invariant === index && fresh.scenario === scenario),
        },
      ];
    }),
  );
}

function cellRow(summary: CellSummary, indexOf: (finding: FindingCount) => number | undefined): CellRow {
  const wanting = Object.entries(summary.checks).flatMap(([id, [status]]): CellRow['wanting'] =>
    status === 'passed' ? [] : [[id, status]],
  );
  const findings = [...new Set(summary.findings.flatMap((finding) => indexOf(finding) ?? []))];
  return {
    name: cellName(summary.cell),
    key: cellKey(summary.cell),
    repeat: summary.cell.repeat,
    verdict: summary.verdict,
    score: summary.score,
    wanting,
    findings,
  };
}

/** The scenarios with their answers, those first that lost most. */
export function scenarioRows(
  strata: Match['strata'],
  indexOf: (finding: FindingCount) => number | undefined,
): ScenarioRow[] {
  const grouped = [...Map.groupBy(strata, ({ scenario }) => scenario)].map(([scenario, matched]) => {
    const [base, head] = [matched.flatMap((stratum) => stratum.base), matched.flatMap((stratum) => stratum.head)];
    const tally = (cells: readonly CellSummary[]): ScenarioRow['base'] => ({
      passed: cells.reduce((sum, cell) => sum + passes(cell), 0),
      of: cells.length,
      score: mean(cells.map(({ score }) => score ?? NaN)),
    });
    const [inBase, inHead] = [tally(base), tally(head)];
    return {
      scenario,
      cells: { base, head },
      base: inBase,
      head: inHead,
      p: fisher({ hits: inBase.passed, of: inBase.of }, { hits: inHead.passed, of: inHead.of }),
    };
  });
  const q = benjaminiHochberg(grouped.map(({ p }) => p));
  return grouped
    .map(({ scenario, cells, base, head, p }, index): ScenarioRow => ({
      scenario,
      base,
      head,
      p,
      q: q[index] ?? 1,
      difference: head.passed / head.of - base.passed / base.of,
      baseCells: cells.base.map((cell) => cellRow(cell, indexOf)),
      headCells: cells.head.map((cell) => cellRow(cell, indexOf)),
    }))
    .sort(
      (one, other) =>
        one.difference - other.difference ||
        one.head.score - one.base.score - (other.head.score - other.base.score) ||
        (one.scenario < other.scenario ? -1 : 1),
    );
}
