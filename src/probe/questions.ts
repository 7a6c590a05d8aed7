import type { Contract, Probe } from '../domain/grading/contract/contract.ts';
import type { Failure } from './steps/step.ts';

/** A probe, or one case of it. */
export interface Question {
  /** `id`, or `id.name` of the case. */
  id: string;
  probe: Probe;
  /** The values of the case. */
  values: Readonly<Record<string, unknown>>;
}

/** What came of a question. */
export interface Asked {
  question: Question;
  result: { kind: 'passed' } | { kind: 'failed'; failure: Failure } | { kind: 'not-run'; why: string };
  /** What the program said, in a form in which two programs can be compared. */
  seen: readonly string[];
  /** The statuses of its answers. */
  statuses: readonly number[];
}

/** The questions that a contract asks of the program of one language, in order. */
export function questionsFor(contract: Contract, language: string): Question[] {
  return contract.probes
    .filter(({ languages }) => languages === undefined || languages.includes(language))
    .flatMap((probe): Question[] =>
      probe.cases === undefined
        ? [{ id: probe.id, probe, values: {} }]
        : probe.cases.map(({ name, ...values }) => ({ id: `${probe.id}.${name}`, probe, values: { name, ...values } })),
    );
}

/** Statuses that a service gives for what it does not have. */
const absent = [404, 405, 501];

/**
 * The ids of the endpoints that a service has: one of their probes got another answer than that there is no such thing.
 */
export function endpointsPresent(contract: Contract, asked: readonly Asked[]): string[] {
  return Object.keys(contract.endpoints).filter((id) =>
    asked.some(
      ({ question, result, statuses }) =>
        question.probe.endpoint === id &&
        (contract.kind === 'http' ? statuses.some((status) => !absent.includes(status)) : result.kind === 'passed'),
    ),
  );
}
