/** What a gate needs is checked before anything is paid for. */
import type { PlannedCell } from '../../domain/grading/question.ts';
import { namesOfCheck } from '../../domain/grading/check-id.ts';
import { defaultGate } from '../../domain/runs/gate.ts';
import type { Gate } from '../../domain/runs/gate.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { dimensionAlphas, ALPHA } from '../../compare/directed.ts';
import { NotComparableError, match } from '../../compare/match.ts';
import { fewestForCollapse } from '../../compare/statistics/few.ts';
import { counted } from '../../formats/words.ts';
import { hashOf } from '../../store/files/hash.ts';
import { opponentOf } from '../gate.ts';
import type { Services } from '../services/services.ts';

/** A planned cell as if it had been graded: what it is compared by is known before it is asked for. */
const asIfGraded = ({ cell, prompt, request, scenario }: PlannedCell): CellSummary => ({
  cell,
  verdict: 'pass',
  score: 1,
  checks: {},
  findings: [],
  costUsd: null,
  paid: null,
  usage: null,
  latencyMs: null,
  reportedModel: null,
  fingerprint: {
    request: request.hash,
    prompt: prompt.hash,
    scenario: hashOf(scenario),
    variables: hashOf(scenario.variables),
    settings: null,
    sections: null,
    answer: '',
    dependencies: {},
    lots: null,
  },
});

/** A planned run as a comparison would read it. */
export const plannedSummary = (suite: string, cells: readonly PlannedCell[]): RunSummary => ({
  format: 1,
  run: 'planned',
  suite,
  startedAt: new Date(0).toISOString(),
  grader: '',
  tools: {},
  cells: cells.map(asIfGraded),
});

/** Names of checks that the planned cells can have: those of their scenarios' languages, and of answers as a whole. */
function checkNames({ grading }: Services, cells: readonly PlannedCell[]): Set<string> {
  const languages = new Set(cells.flatMap(({ scenario }) => Object.keys(scenario.languages)));
  const { answer, everyLanguage } = grading.sharedChecks;
  const ids = [
    ...answer.map(({ name }) => `answer/${name}`),
    ...grading.runners
      .filter(({ language }) => languages.has(language))
      .flatMap(({ language, checks }) => [...checks, ...everyLanguage].map(({ name }) => `${language}/${name}`)),
  ];
  return new Set(ids.flatMap((id) => namesOfCheck(id)));
}

/** Refuses names that no answer can have a value for, and limits on what recordings do not have. */
function refuseUnmeasurable(
  id: string,
  gate: Gate,
  services: Services,
  cells: readonly PlannedCell[],
  alone: boolean,
): void {
  const known = checkNames(services, cells);
  const shares = [...(alone ? [] : Object.keys(gate.margins)), ...Object.keys(gate.atLeast)];
  const wrong =
    shares.find((name) => name !== 'pass' && name !== 'score' && !known.has(name)) ??
    gate.hard.find((name) => name.startsWith('check:') && !known.has(name.slice('check:'.length)));
  if (wrong !== undefined)
    throw new UsageError(
      `suite ${id}: gate: expected pass, score, or a check of its scenarios' languages, found ${wrong}. There are ` +
        `${[...known]
          .filter((name) => !name.includes('/'))
          .sort()
          .join(', ')}.`,
    );
  const [limit] = alone ? [] : Object.keys(gate.limits);
  if (limit !== undefined && cells.every(({ cell }) => cell.model === 'recorded'))
    throw new UsageError(
      `suite ${id}: gate.limits: expected a live model, for recordings have no ${limit}; found only recorded. Take the ` +
        'limit out, or choose a model with --model.',
    );
}

/** What a gate that compares cannot see with so many answers; null where it can see a loss of all of them. */
export function blindness(gate: Gate, scenarios: number, repeats: number): string | null {
  const dimensions = Object.keys(gate.margins).length + Object.keys(gate.limits).length;
  const level = dimensionAlphas(ALPHA, dimensions, gate.hard.length > 0).first;
  const plan = `${counted(scenarios, 'scenario')} with ${counted(repeats, 'answer')} a side`;
  const small = fewestForCollapse(level);
  if (scenarios * repeats < small)
    return (
      `the gate cannot call anything worse with ${plan}: ${small} answers a side are the least with which the loss of ` +
      'all of them is seen. More scenarios or --repeat would show more.'
    );
  const least = Math.ceil(-Math.log2(level));
  if (gate.scope === 'population' && scenarios < least)
    return (
      `the gate cannot call anything worse with ${plan} and "scope: population": ${least} scenarios are the least that ` +
      'say something of others like them. With "scope: suite" these scenarios are judged for themselves.'
    );
  return null;
}

/**
 * Compares the planned cells with what the gate names, as if they were graded, so that what would be refused afterwards
 * is refused now. Throws `UsageError` and `NotComparableError`. Tells what the gate will not be able to see.
 */
export async function checkGate(services: Services, suite: Suite, cells: readonly PlannedCell[]): Promise<void> {
  const { id, gate } = suite;
  if (gate === undefined) return;
  const opponent = await opponentOf(suite, services.root);
  refuseUnmeasurable(id, gate, services, cells, opponent === null);
  if (opponent === null) return;
  const planned = plannedSummary(id, cells);
  const base = opponent.baseline ?? planned;
  try {
    const { strata } = match(base, planned, opponent.sides, { ...defaultGate, ungraded: Infinity });
    const scenarios = new Set(strata.map(({ scenario }) => scenario)).size;
    const repeats = Math.min(...strata.map((stratum) => Math.min(stratum.base.length, stratum.head.length)));
    const blind = blindness(gate, scenarios, repeats);
    if (blind !== null) services.notify({ kind: 'warning', text: `suite ${id}: ${blind}` });
  } catch (error) {
    const more = `\nThis was found before anything was asked. --no-gate runs the suite without deciding its gate.`;
    if (error instanceof UsageError) throw new UsageError(`suite ${id}: the gate: ${error.message}${more}`);
    if (error instanceof NotComparableError)
      throw new NotComparableError(`suite ${id}: the gate: ${error.message}${more}`);
    throw error;
  }
}
