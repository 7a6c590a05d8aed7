import { failed, passed } from '../../domain/grading/check.ts';
import type { Facts } from '../../domain/grading/check.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Contract } from '../../domain/grading/contract/contract.ts';
import { counted } from '../../formats/words.ts';
import type { Check, CheckContext } from '../../ports/runner.ts';
import { endpointsPresent } from '../questions.ts';
import type { Asked } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { contractOf, notAskedHere } from './asked.ts';
import { statusesOf } from './consistency.ts';

const isMust = ({ question }: Asked): boolean => question.probe.level === 'must';

function countsOf(asked: readonly Asked[]): Record<'passed' | 'failed' | 'not-run', Asked[]> {
  const of = (kind: Asked['result']['kind']): Asked[] => asked.filter(({ result }) => result.kind === kind);
  return { passed: of('passed'), failed: of('failed'), 'not-run': of('not-run') };
}

function factsOf(contract: Contract, asked: readonly Asked[]): Facts {
  const counts = countsOf(asked);
  const must = (list: readonly Asked[]): number => list.filter(isMust).length;
  return {
    must_passed: must(counts.passed),
    must_failed: must(counts.failed),
    should_passed: counts.passed.length - must(counts.passed),
    should_failed: counts.failed.length - must(counts.failed),
    not_run: counts['not-run'].length,
    endpoints_present: endpointsPresent(contract, asked).length,
    endpoints_asked: Object.keys(contract.endpoints).length,
    // For comparing programs of several languages: each question with its result and what the program said. Bytes that
    // need not be identical may hold times and random ids, so that they differ from run to run.
    observed: asked.map(({ question, result, seen }) => {
      const said = seen.join('; ');
      return `${question.id}\t${result.kind}\t${contract.identical ? said : statusesOf(said)}`;
    }),
  };
}

/** What was measured, in words; nothing where nothing was. */
function acceptanceWords({
  must_passed: kept,
  must_failed: broken,
  endpoints_present: present,
  endpoints_asked: all,
}: Facts): string {
  if (typeof kept !== 'number' || typeof broken !== 'number') return '';
  return `${kept} of ${kept + broken} probes that must pass, ${String(present)} of ${String(all)} endpoints`;
}

/** A finding for each question that failed or was not run, filed under its id. */
function findingsOf(asked: readonly Asked[]): Finding[] {
  return asked.flatMap(({ question, result }): Finding[] => {
    const { title, level } = question.probe;
    const about = { tool: 'contract', rule: question.id, file: null, line: null, answer_line: null };
    if (result.kind === 'passed') return [];
    if (result.kind === 'not-run') return [{ ...about, severity: 'info', message: `${title}: not run, ${result.why}` }];
    const { expected, got, exchange } = result.failure;
    const message = [
      `${title}: expected ${expected}, got ${got}`,
      ...(exchange === null ? [] : [exchange.command]),
    ].join('\n');
    return [
      {
        ...about,
        severity: level === 'must' ? 'error' : 'warning',
        message,
        ...(exchange === null ? {} : { exchange: { request: exchange.request, reply: exchange.reply } }),
      },
    ];
  });
}

/** Why it does not pass: what is not there at all comes first, for nothing of it can behave. */
function reasonOf(contract: Contract, asked: readonly Asked[], broken: readonly Asked[]): string {
  const present = endpointsPresent(contract, asked);
  const missing = Object.entries(contract.endpoints).filter(([id]) => !present.includes(id));
  const all = asked.filter((one) => isMust(one) && one.result.kind !== 'not-run');
  const failing = `${counted(broken.length, 'probe')} of ${all.length} that must pass failed`;
  if (missing.length > 0) {
    const what = contract.kind === 'http' ? 'it does not have' : 'it does not keep anything of';
    return `${what} ${missing.map(([, name]) => name).join(', ')}: ${failing}`;
  }
  return `${failing}, first: ${broken[0]?.question.probe.title ?? ''}`;
}

/** Does the program do what was asked, as seen from outside? */
export const acceptance: Check = {
  name: 'acceptance',
  question: 'Does the program do what was asked, as seen from outside?',
  weight: 4,
  required: true,
  asksContract: true,
  needs: ['dependencies', 'starts'],
  packages: 'uses',
  cost: 5,
  notAsked: notAskedHere,
  reads: () => true,
  summary: (facts) => acceptanceWords(facts),
  async run(context: CheckContext) {
    const contract = contractOf(context);
    const { asked, evidence } = await sessionOf(context, contract);
    const details = { facts: factsOf(contract, asked), findings: findingsOf(asked), evidence };
    const must = asked.filter((one) => isMust(one) && one.result.kind !== 'not-run');
    const broken = must.filter(({ result }) => result.kind === 'failed');
    if (broken.length === 0) return passed(details);
    return failed(
      { ...details, reason: reasonOf(contract, asked, broken) },
      (must.length - broken.length) / must.length,
    );
  },
};
