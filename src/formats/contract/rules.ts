import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { query } from 'jsonpath-rfc9535';
import type { Contract, Probe } from '../../domain/grading/contract/contract.ts';
import type { Step } from '../../domain/grading/contract/steps.ts';
import { templateComplaints, textsIn } from './names.ts';
import type { Known } from './names.ts';

/** A complaint with the way to what it is about. */
export interface Complaint {
  path: readonly PropertyKey[];
  message: string;
}

const builtIn = ['now', 'n', 'port', 'probe'];

/** Steps that a kind of contract cannot take. */
const foreign: Readonly<Record<Contract['kind'], readonly string[]>> = {
  http: ['run'],
  command: ['request', 'together', 'send', 'hold', 'release', 'signal', 'exited', 'restart', 'wait', 'file', 'output'],
};

const kindOf = (step: Step, kinds: readonly string[]): string | undefined => kinds.find((kind) => kind in step);

/** Names that a step makes for those after it. */
function madeBy(step: Step): string[] {
  return [
    ...('as' in step && step.as !== undefined ? [step.as] : []),
    ...('captures' in step ? Object.keys(step.captures) : []),
  ];
}

const compiles = (make: () => unknown): string | null => {
  try {
    make();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Patterns, JSONPaths and schemas that cannot be used, wherever they stand in a value. */
function unusable(value: unknown, path: readonly PropertyKey[]): Complaint[] {
  if (Array.isArray(value)) return value.flatMap((part, index) => unusable(part, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]): Complaint[] => {
    const here = [...path, key];
    const say = (what: string, why: string | null): Complaint[] =>
      why === null ? [] : [{ path: here, message: `expected ${what}: ${why}` }];
    if ((key === 'matches' || key === 'not_matches' || key === 'pattern') && typeof part === 'string')
      return part.includes('{{')
        ? []
        : say(
            'a regular expression',
            compiles(() => new RegExp(part, 'u')),
          );
    if (key === 'schema' && typeof part === 'object' && part !== null)
      return say(
        'a JSON Schema',
        compiles(() => addFormats.default(new Ajv2020({ strict: false })).compile(part)),
      );
    if (key === 'json' || key === 'equals' || key === 'not_equals') return [];
    if (key.startsWith('$'))
      return [
        ...say(
          'a JSONPath',
          compiles(() => query({}, key)),
        ),
        ...unusable(part, here),
      ];
    return unusable(part, here);
  });
}

/** An exit status other than 0 says nothing alone: a crash ends with 1, too. */
function bareStatus(step: Step): boolean {
  if (!('run' in step)) return false;
  const wanted = [step.expect.exit].flat();
  return !wanted.includes(0) && step.expect.stdout === undefined && step.expect.stderr === undefined;
}

function stepComplaints(contract: Contract, probe: Probe, path: readonly PropertyKey[], base: Known): Complaint[] {
  const names = new Set([...base.names, ...(probe.cases ?? []).flatMap((one) => Object.keys(one))]);
  const held = new Set<string>();
  const start =
    contract.kind === 'http' ? contract.starts[probe.start ?? Object.keys(contract.starts)[0] ?? ''] : undefined;
  return probe.steps.flatMap((step, index): Complaint[] => {
    const here = [...path, 'steps', index];
    const all: Complaint[] = [];
    const wrong = kindOf(step, foreign[contract.kind]);
    if (wrong !== undefined)
      all.push({ path: here, message: `a contract of kind ${contract.kind} has no step ${wrong}` });
    if (start?.ready === 'ended' && kindOf(step, ['exited', 'file', 'output']) === undefined)
      all.push({ path: here, message: 'the program has ended at this start: expected exited, output or file' });
    if ('hold' in step) held.add(step.as);
    if ('release' in step && !held.has(step.release))
      all.push({ path: here, message: `nothing is held under the name ${step.release}` });
    if (bareStatus(step))
      all.push({
        path: [...here, 'expect'],
        message: 'expected stdout or stderr beside an exit status other than 0: a crash ends with 1, too',
      });
    for (const [inner, text] of textsIn(step, here))
      for (const message of templateComplaints(text, { ...base, names })) all.push({ path: inner, message });
    for (const name of madeBy(step)) names.add(name);
    return [...all, ...unusable(step, here)];
  });
}

function probeComplaints(contract: Contract, probe: Probe, index: number, known: Known): Complaint[] {
  const path = ['probes', index];
  const all: Complaint[] = [];
  if (contract.probes.findIndex(({ id }) => id === probe.id) !== index)
    all.push({ path: [...path, 'id'], message: `expected an id of its own, found a second ${probe.id}` });
  if (probe.endpoint !== undefined && !Object.hasOwn(contract.endpoints, probe.endpoint))
    all.push({
      path: [...path, 'endpoint'],
      message: `expected one of ${Object.keys(contract.endpoints).join(', ')}, found ${probe.endpoint}`,
    });
  if (probe.start !== undefined && !(contract.kind === 'http' && Object.hasOwn(contract.starts, probe.start))) {
    const there = contract.kind === 'http' ? Object.keys(contract.starts).join(', ') : 'none';
    all.push({ path: [...path, 'start'], message: `expected one of ${there}, found ${probe.start}` });
  }
  for (const language of probe.languages ?? [])
    if (!Object.hasOwn(contract.run, language))
      all.push({
        path: [...path, 'languages'],
        message: `expected some of ${Object.keys(contract.run).join(', ')}, found ${language}`,
      });
  const cases = (probe.cases ?? []).map(({ name }) => name);
  if (new Set(cases).size < cases.length)
    all.push({ path: [...path, 'cases'], message: 'expected cases with names of their own' });
  for (const [at, text] of textsIn(probe.cases ?? [], [...path, 'cases']))
    for (const message of templateComplaints(text, known)) all.push({ path: at, message });
  return [...all, ...stepComplaints(contract, probe, path, known)];
}

/**
 * What the schema cannot say: names that refer to something, templates that can be filled in, patterns that compile.
 */
export function ruleComplaints(contract: Contract): Complaint[] {
  const canaries = new Set(Object.keys(contract.canaries));
  const known = { names: new Set([...builtIn, ...Object.keys(contract.values)]), canaries };
  const templates = (value: unknown, path: readonly PropertyKey[], more: readonly string[] = []): Complaint[] =>
    [...textsIn(value, path)].flatMap(([at, text]) =>
      templateComplaints(text, { canaries, names: new Set([...known.names, ...more]) }).map((message) => ({
        path: at,
        message,
      })),
    );
  const unknownEndpoint = Object.keys(contract.endpoints).filter(
    (id) => !contract.probes.some(({ endpoint }) => endpoint === id),
  );
  return [
    ...templates(contract.values, ['values']),
    ...templates(contract.run, ['run']),
    ...(contract.kind === 'http'
      ? [
          ...templates(contract.starts, ['starts']),
          ...templates(contract.exploits, ['exploits'], ['payload', 'payload_json']),
          ...templates(contract.latency, ['latency']),
        ]
      : []),
    ...unknownEndpoint.map((id) => ({
      path: ['endpoints', id],
      message: `expected at least one probe with endpoint: ${id}, found none`,
    })),
    ...contract.probes.flatMap((probe, index) => probeComplaints(contract, probe, index, known)),
  ];
}
