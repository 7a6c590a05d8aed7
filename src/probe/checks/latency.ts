import { passed } from '../../domain/grading/check.ts';
import type { Facts } from '../../domain/grading/check.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Check, CheckContext } from '../../ports/runner.ts';
import { notMeasurable, overBudget, percentilesOf } from '../latency/judge.ts';
import type { Measured } from '../latency/judge.ts';
import { sessionOf } from '../session.ts';
import { contractOf, notAskedHere } from './asked.ts';

function findingsOf(measured: Measured): Finding[] {
  const { method, path } = measured.latency.request;
  const finding = (severity: Finding['severity'], rule: string, message: string): Finding => ({
    tool: 'contract',
    rule,
    severity,
    message: `${method} ${path}: ${message}`,
    file: null,
    line: null,
    answer_line: null,
  });
  const why = notMeasurable(measured);
  if (why !== null) return [finding('info', 'not-measurable-now', why)];
  return overBudget(measured).map((words) => finding('warning', 'over-budget', words));
}

/** The first load in numbers; a contract has mostly one. */
function factsOf(all: readonly Measured[]): Facts {
  const [first] = all;
  if (first === undefined) return { measurable: false };
  const [own, bare] = [percentilesOf(first.program), percentilesOf(first.bare)];
  return {
    measurable: notMeasurable(first) === null,
    requests: first.program.length,
    unanswered: first.unanswered,
    p50_ms: own?.p50 ?? null,
    p95_ms: own?.p95 ?? null,
    p99_ms: own?.p99 ?? null,
    bare_p50_ms: bare?.p50 ?? null,
    bare_p95_ms: bare?.p95 ?? null,
    bare_p99_ms: bare?.p99 ?? null,
  };
}

/** How fast do answers come, beside those of a bare server? It only warns. */
export const latency: Check = {
  name: 'latency',
  question: 'How fast do answers come, beside those of a bare server?',
  weight: 0,
  required: false,
  asksContract: true,
  needs: ['dependencies', 'starts'],
  after: ['acceptance'],
  packages: 'uses',
  cost: 2,
  notAsked: (context) =>
    notAskedHere(context) ??
    (context.contract?.kind !== 'http' || context.contract.latency.length === 0 ? 'the contract states no load' : null),
  reads: () => true,
  summary: ({ measurable, p95_ms: p95, bare_p95_ms: bare }) =>
    measurable === undefined
      ? ''
      : measurable === true
        ? `p95 ${String(p95)} ms, a bare server ${String(bare)} ms`
        : 'not measurable now',
  async run(context: CheckContext) {
    const { measured } = await sessionOf(context, contractOf(context));
    return passed({ facts: factsOf(measured), findings: measured.flatMap(findingsOf) });
  },
};
