import { describe, expect, it } from 'vitest';
import { parseContract } from '../../../src/formats/contract/parse.ts';
import { misquotes } from '../../../src/formats/contract/quotes.ts';
import { UsageError } from '../../../src/domain/usage-error.ts';
import { sample } from './sample.ts';

/** What is said of the sample with one text replaced by another. */
function complaint(from: string, to: string): string {
  expect(sample).toContain(from);
  try {
    parseContract(sample.replace(from, to), 'contract.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
}

describe('a contract', () => {
  it('is read, with defaults filled in', () => {
    const contract = parseContract(sample, 'contract.yaml');
    expect(contract.kind === 'http' && contract.service).toMatchObject({ listens: 'any', port: { variable: 'PORT' } });
  });

  it.each([
    ['is no YAML', 'kind: http', 'kind: [http', /contract\.yaml:\d+: expected YAML/],
    ['has an unknown kind', 'kind: http', 'kind: soap', /kind/],
    [
      'misspells a key of a request',
      'method: POST',
      'methd: POST',
      /:27: probes\.0\.steps\.0\.request: expected .*, found the unknown key methd/,
    ],
    [
      'has an unknown step',
      '- equal:',
      '- eqal:',
      /:31: probes\.0\.steps\.1: expected a step with one of request, together/,
    ],
    ['has a wrong status', 'status: 200', 'status: 2000', /:29: probes\.0\.steps\.0\.expect\.status/],
    ['has a must without a quote', "    quote: 'respond 200 for a valid signature'\n", '', /expected a quote/],
    ['names no endpoint of its own', 'endpoint: verify', 'endpoint: verfy', /expected one of verify, found verfy/],
    ['uses a value that is not there', '{{ id }}', '{{ idd }}', /:31: .*there is no value idd here/],
    ['calls a function that is not there', "hmac('sha256'", "hmc('sha256'", /there is no function hmc; there are hmac/],
    ['calls a function with too few values', "secret, 'x'", 'secret', /expected hmac\('sha256', key, bytes, 'hex'\)/],
    ['leaves a template open', '"{{ id }}"', '"{{ id }"', /expected }} after {{/],
    ['plants what it does not declare', "canary('secret')", "canary('card')", /there is no canary card/],
    ['has a broken JSONPath', '$.id: {', '"$.[": {', /expected a JSONPath/],
    ['has a broken pattern', '{ type: string }', '{ matches: "(" }', /expected a regular expression/],
    [
      'asks a program that has ended',
      'level: must',
      'level: must\n    start: refuses',
      /the program has ended at this start/,
    ],
    [
      'releases what it does not hold',
      '- equal: ["{{ first.json.id }}", "{{ id }}"]',
      '- release: x',
      /nothing is held/,
    ],
    [
      'runs a command of a service',
      '- equal: ["{{ first.json.id }}", "{{ id }}"]',
      '- { run: {}, expect: { exit: 0 } }',
      /kind http has no step run/,
    ],
    [
      'has two probes of one id',
      'probes:\n',
      `probes:\n  - { id: valid, title: t, level: should, endpoint: verify, catches: c, steps: [{ wait: 1 }] }\n`,
      /expected an id of its own/,
    ],
  ])('that %s is refused with line, expected and found', (_, from, to, message) => {
    expect(complaint(from, to)).toMatch(message);
  });

  it('is refused where a status other than 0 stands alone', () => {
    const command = sample
      .replace('kind: http', 'kind: command')
      .replace(/service:[^]*values:/, 'values:')
      .replace(/steps:[^]*/, 'steps: [{ run: { args: [x] }, expect: { exit: 1 } }]\n');
    expect(() => parseContract(command, 'c.yaml')).toThrow(/a crash ends with 1, too/);
  });

  it('has its quotes looked up verbatim but for white space', () => {
    const contract = parseContract(sample, 'contract.yaml');
    expect(misquotes(contract, ['respond 200\n  for a valid signature; secrets via AWS Secrets Manager'])).toEqual([]);
    expect(misquotes(contract, ['respond 201 for a valid signature; secrets via AWS'])).toEqual([
      { who: 'probe valid', quote: 'respond 200 for a valid signature' },
    ]);
  });
});
