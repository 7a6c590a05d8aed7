/** What comes of both sides of a change: a report, from summaries alone. Pure. */
import type { Comparison } from '../../domain/runs/comparison.ts';
import type { Gate } from '../../domain/runs/gate.ts';
import type { PullReport } from '../../domain/runs/pull-request.ts';
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import { compare } from '../../compare/compare.ts';
import { NotComparableError } from '../../compare/match.ts';
import type { TouchedQuestion } from './identity.ts';

/** The part of a report that is judged. */
export type Judgement = Pick<
  PullReport,
  'status' | 'gateMet' | 'reasons' | 'passed' | 'ungraded' | 'rows' | 'dimensions'
>;

const counted = (cells: readonly CellSummary[]): PullReport['rows'][number]['head'] => {
  const graded = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const scores = graded.flatMap(({ score }) => score ?? []);
  return {
    passed: graded.filter(({ verdict }) => verdict === 'pass').length,
    of: graded.length,
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
};

const ungradedIn = (cells: readonly CellSummary[]): number =>
  cells.filter(({ verdict }) => verdict === 'ungraded').length;

const ofScenario = (cells: readonly CellSummary[], scenario: string): CellSummary[] =>
  cells.filter(({ cell }) => cell.scenario === scenario);

function rowsOf(questions: readonly TouchedQuestion[], base: readonly CellSummary[], head: readonly CellSummary[]) {
  const scenarios = [...new Set(questions.map((question) => question.head.scenario))];
  return scenarios.map((scenario) => ({
    scenario,
    base: questions.some((question) => question.head.scenario === scenario && question.base !== null)
      ? counted(ofScenario(base, scenario))
      : null,
    head: counted(ofScenario(head, scenario)),
    asksOther: questions.some((question) => question.head.scenario === scenario && question.asksOther),
  }));
}

/** Why nothing can be said of questions that have no counterpart, or one that asks something else. */
function withoutMeasure(questions: readonly TouchedQuestion[]): string[] {
  const names = (some: readonly TouchedQuestion[]): string =>
    [...new Set(some.map(({ head }) => head.scenario))].join(', ');
  const [fresh, other] = [
    questions.filter(({ base }) => base === null),
    questions.filter(({ asksOther }) => asksOther),
  ];
  return [
    ...(other.length === 0
      ? []
      : [
          `the scenario itself is another one than in the base, so its answers have no common measure: ${names(other)}`,
        ]),
    ...(fresh.length === 0 ? [] : [`nothing in the base to compare with: ${names(fresh)}`]),
  ];
}

/** Why an answer is missing, most often. */
function missingReason(cells: readonly CellSummary[], side: string, replay: boolean): string[] {
  const missing = ungradedIn(cells);
  if (missing === 0) return [];
  const why = replay ? '; no model was asked, so answers that are not known here are missing' : '';
  return [`${missing} of ${cells.length} answers of the ${side} could not be graded${why}`];
}

const dimensionsOf = ({ dimensions }: Comparison): PullReport['dimensions'] =>
  dimensions
    .filter(({ gated, difference, unit }) => gated || (unit === 'share' ? difference !== 0 : difference !== 1))
    .slice(0, 100)
    .map(({ id, outcome, unit, base, head, difference, interval }) => ({
      id,
      outcome,
      unit,
      base,
      head,
      difference,
      interval: interval === null ? null : [interval[0], interval[1]],
    }));

const brief = (sentences: readonly string[]): string[] => sentences.slice(0, 20).map((text) => text.slice(0, 1000));

/** Judges what was measured. */
export function judge(
  questions: readonly TouchedQuestion[],
  { base, head }: { base: RunSummary | null; head: RunSummary },
  gate: Gate,
  replay: boolean,
): Judgement {
  const baseCells = base?.cells ?? [];
  const measured = {
    rows: rowsOf(questions, baseCells, head.cells),
    ungraded: { base: ungradedIn(baseCells), head: ungradedIn(head.cells) },
    passed: { base: counted(baseCells), head: counted(head.cells) },
    dimensions: [],
  };
  const apart = withoutMeasure(questions);
  const missing = [...missingReason(head.cells, 'head', replay), ...missingReason(baseCells, 'base', replay)];
  const comparable = questions.filter((question) => question.base !== null && !question.asksOther);
  const tooMany = measured.ungraded.head > gate.ungraded || measured.ungraded.base > gate.ungraded;
  if (tooMany)
    return { ...measured, status: 'could not measure', gateMet: null, reasons: brief([...missing, ...apart]) };
  if (comparable.length === 0 || base === null)
    return {
      ...measured,
      status: 'not enough data',
      gateMet: gate.unsettled === 'pass',
      reasons: brief([...apart, ...missing]),
    };
  return { ...measured, ...compared(comparable, base, head, gate, [...apart, ...missing]) };
}

function compared(
  questions: readonly TouchedQuestion[],
  base: RunSummary,
  head: RunSummary,
  gate: Gate,
  more: readonly string[],
): Pick<Judgement, 'status' | 'gateMet' | 'reasons' | 'dimensions'> {
  const wanted = new Set(
    questions.map(({ head: { prompt, scenario, model } }) => JSON.stringify([prompt, scenario, model])),
  );
  const only = (run: RunSummary): RunSummary => ({
    ...run,
    cells: run.cells.filter(({ cell: { prompt, scenario, model } }) =>
      wanted.has(JSON.stringify([prompt, scenario, model])),
    ),
  });
  const [one, other] = [only(base), only(head)];
  try {
    const comparison = compare({
      base: { name: 'base', run: one, before: one },
      head: { name: 'head', run: other, before: other },
      sides: { prompt: null, model: null, common: true },
      gate,
      texts: { prompts: new Map(), resolutions: null },
    });
    return {
      status: comparison.outcome,
      gateMet: comparison.gate.met,
      reasons: brief([
        ...(comparison.gate.why === null ? [] : [`the gate is not met: ${comparison.gate.why}`]),
        ...comparison.reasons,
        ...more,
        ...(comparison.outcome === 'not enough data' ? comparison.sight : []),
      ]),
      dimensions: dimensionsOf(comparison),
    };
  } catch (error) {
    if (!(error instanceof NotComparableError)) throw error;
    return { status: 'could not measure', gateMet: null, reasons: brief([error.message, ...more]), dimensions: [] };
  }
}
