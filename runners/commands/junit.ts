import { lineIn } from '../shared/report.ts';
import { MOST_FINDINGS, reported } from './report.ts';
import type { CommandReport } from './report.ts';

/** A name that follows on none of its letters, so that a long word is looked at once. */
const attribute = /(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Most tests that one report may have. */
const MOST_CASES = 100_000;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text without the five entities and the numbers of characters that XML has. */
function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi,
    (whole, ten?: string, hex?: string, name = '') => {
      const code = ten === undefined ? Number.parseInt(hex ?? '', 16) : Number(ten);
      if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      return entities[String(name)] ?? whole;
    },
  );
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(attribute)].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]),
  );
}

/** A test as it stands in a report, while its elements are read. */
interface Case {
  attributes: ReadonlyMap<string, string>;
  outcome: 'passed' | 'failed' | 'skipped';
  message: string;
}

/** What was read so far: the tests, and the names of the elements that are open. */
interface Reading {
  cases: Case[];
  open: string[];
}

/** Notes that an element of a test says that it failed or was skipped. */
function note(test: Case, name: string, attributes: string): void {
  if (name === 'skipped') test.outcome = 'skipped';
  if (name !== 'failure' && name !== 'error') return;
  test.outcome = 'failed';
  test.message = attributesOf(attributes).get('message') ?? test.message;
}

/** Reads one tag; false when it closes what is not open. */
function readTag({ cases, open }: Reading, closes: boolean, name: string, attributes: string): boolean {
  if (closes) return open.pop() === name;
  const test = open.includes('testcase') ? cases.at(-1) : undefined;
  if (name === 'testcase') cases.push({ attributes: attributesOf(attributes), outcome: 'passed', message: '' });
  else if (test !== undefined) note(test, name, attributes);
  if (!attributes.endsWith('/')) open.push(name);
  return open.length < 100;
}

/** Pieces of XML that are no elements, by how they begin and end. */
const asides = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** Where a tag ends that begins at an index: the index of its last character; -1 where it does not end. */
function endOfTag(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '>') return at;
    if (character === '"' || character === "'") at = text.indexOf(character, at + 1);
    if (at === -1) return -1;
  }
  return -1;
}

/** The tags of an XML text in order, without their brackets; a null at the end where the text is torn. */
function* tagsOf(text: string): Generator<string | null, void, unknown> {
  for (let start = text.indexOf('<'); start !== -1;) {
    const aside = asides.find(([begin]) => text.startsWith(begin, start));
    const last = aside === undefined ? endOfTag(text, start) : text.indexOf(aside[1], start);
    if (last === -1) {
      yield null;
      return;
    }
    if (aside === undefined) yield text.slice(start + 1, last);
    start = text.indexOf('<', last + 1);
  }
}

/** The tests of a report; null when it is no whole report. */
function casesOf(text: string): Case[] | null {
  const reading: Reading = { cases: [], open: [] };
  let root: string | null = null;
  for (const tag of tagsOf(text)) {
    const [, slash, name, attributes = ''] = /^(\/?)([\w:.-]+)(?![\w:.-])([^]*)$/.exec(tag ?? '') ?? [];
    if (name === undefined) return null; // torn, or a declaration that no report has
    root ??= name;
    if (!readTag(reading, slash === '/', name, attributes) || reading.cases.length > MOST_CASES) return null;
  }
  const isReport = root === 'testsuites' || root === 'testsuite';
  return isReport && reading.open.length === 0 ? reading.cases : null;
}

const nameOf = ({ attributes }: Case): string =>
  [attributes.get('classname') ?? '', attributes.get('name') ?? ''].filter((part) => part !== '').join(' › ');

/** Reads JUnit's XML; null for what is none, and where no test ran, for that says nothing of the answer. */
export function readJunit(text: string | null, tool: string): CommandReport | null {
  const cases = text === null ? null : casesOf(text);
  const ran = cases?.filter(({ outcome }) => outcome !== 'skipped') ?? [];
  if (cases === null || ran.length === 0) return null;
  const bad = ran.filter(({ outcome }) => outcome === 'failed');
  return {
    passes: bad.length === 0,
    score: (ran.length - bad.length) / ran.length,
    reason: bad.length === 0 ? null : `${bad.length} of ${ran.length} tests failed`,
    facts: { tests: cases.length, failed: bad.length, skipped: cases.length - ran.length },
    findings: bad.slice(0, MOST_FINDINGS).map((test) =>
      reported({
        tool,
        rule: nameOf(test),
        severity: 'error',
        message: test.message === '' ? 'the test failed' : test.message,
        file: test.attributes.get('file') ?? null,
        line: lineIn(test.attributes.get('line')),
      }),
    ),
  };
}
