import { createHash } from 'node:crypto';
import { cellKey, cellName } from '../domain/grading/cell.ts';
import type { CheckResult } from '../domain/grading/check.ts';
import { parseCheckId, withoutRoot } from '../domain/grading/check-id.ts';
import type { Finding } from '../domain/grading/finding.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import { harmless, visible } from './harmless.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The name under which Cupel's own findings stand, and checks that failed or errored without any. */
const CUPEL = 'cupel';

const LONGEST_MESSAGE = 2000;

/** In the order of their gravity. */
const levels = ['none', 'note', 'warning', 'error'] as const;
type Level = (typeof levels)[number];

interface Location {
  id?: number;
  message?: { text: string };
  physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } };
}

/** A finding of one answer, as SARIF has it. */
interface Result {
  ruleId: string;
  ruleIndex: number;
  /** Absent for a problem. */
  kind?: 'informational';
  level: Level;
  message: { text: string };
  locations: [Location];
  relatedLocations?: [Location];
  partialFingerprints: { 'cupelFinding/v1': string };
  properties: Record<string, string | number | boolean | null>;
}

/** A finding with the answer and the check that have it. */
interface Placed {
  grade: Grade;
  check: CheckResult;
  finding: Finding;
}

/** What a check notes although it found nothing wrong is information, which SARIF wants at no level. */
function levelOf({ finding: { severity }, check }: Placed): Level {
  if (severity !== 'info') return severity;
  return check.status === 'failed' ? 'note' : 'none';
}

/** Text that a reader of SARIF shows as it is: nothing in it is a link or a placeholder. */
function plain(text: string): { text: string } {
  const shown = visible(text, LONGEST_MESSAGE);
  const literal = shown.replaceAll('](', '] (').replaceAll(/\{(\d+)\}/g, '{{$1}}');
  return { text: literal === '' ? '(no message)' : literal };
}

/** A path as a relative address: each part is encoded, so that none of it means anything else. */
const address = (path: string): string => path.toWellFormed().split('/').map(encodeURIComponent).join('/');

function location(uri: string, line: number | null): Location {
  const physicalLocation = { artifactLocation: { uri } };
  return { physicalLocation: line === null ? physicalLocation : { ...physicalLocation, region: { startLine: line } } };
}

/**
 * Where a finding is: in the answer's file, with the answer's line beside it; in the answer where it is about no file.
 */
function placesOf({ grade, finding }: Placed, runFolder: string): Pick<Result, 'locations' | 'relatedLocations'> {
  const key = cellKey(grade.cell);
  const { file, line, answer_line } = finding;
  const inAnswer = location(address(`${runFolder}/answers/${key}.md`), answer_line);
  // Blocks without a name are looked at under a name that no file of the run has.
  const isKept = grade.projects.some(({ files }) => files.some(({ path }) => path === file));
  if (file === null || !isKept) return { locations: [inAnswer] };
  const inFile = location(address(`${runFolder}/files/${key}/${file}`), line);
  if (answer_line === null) return { locations: [inFile] };
  return {
    locations: [inFile],
    relatedLocations: [{ id: 1, message: { text: 'the same in the answer' }, ...inAnswer }],
  };
}

/**
 * The same for the same finding of an answer to the same question, whatever the run, and wherever its line has moved.
 */
function fingerprints(placed: readonly Placed[]): string[] {
  const counts = new Map<string, number>();
  return placed.map(({ grade: { cell }, check, finding: { tool, rule, file, message } }) => {
    const { prompt, scenario, model, repeat } = cell;
    const same = JSON.stringify([scenario, prompt, model, repeat, withoutRoot(check.id), tool, rule, file, message]);
    const count = (counts.get(same) ?? 0) + 1;
    counts.set(same, count);
    return createHash('sha256').update(`${same} ${count}`).digest('hex').slice(0, 32);
  });
}

/** A check that failed without an error among its findings, as a finding of Cupel's own. */
function withoutFinding(check: CheckResult): Finding[] {
  if (check.status !== 'failed' || check.findings.some(({ severity }) => severity === 'error')) return [];
  const { name } = parseCheckId(check.id);
  const message = check.reason ?? `${name} failed`;
  const nowhere = { file: null, line: null, answer_line: null };
  return [{ tool: CUPEL, rule: `${name}-failed`, severity: 'error', message, ...nowhere }];
}

/** What could not be measured: Cupel's failure, and no result. */
function notifications(grades: readonly Grade[]): object[] {
  return grades.flatMap((grade) =>
    grade.checks
      .filter(({ status }) => status === 'errored')
      .map(({ id, reason }) => ({
        level: 'error',
        message: plain(`${cellName(grade.cell)}: ${id} could not be measured: ${reason ?? ''}`),
      })),
  );
}

function ruleOf(id: string, placed: readonly Placed[]): object {
  const present = new Set(placed.map(levelOf));
  return {
    id,
    shortDescription: plain(`${placed[0]?.finding.tool ?? ''} ${id}`),
    defaultConfiguration: { level: levels.findLast((level) => present.has(level)) ?? 'none' },
    properties: { checks: [...new Set(placed.map(({ check }) => withoutRoot(check.id)))].sort() },
  };
}

const ruleId = ({ finding: { rule } }: Placed): string => harmless(rule, 200) || 'none';

/** The findings of one tool, in all answers. */
function toolRun(name: string, placed: readonly Placed[], { run, grades }: Results, runFolder: string): object {
  const rules = Map.groupBy(placed, ruleId);
  const ids = [...rules.keys()];
  const prints = fingerprints(placed);
  const results = placed.map((one, index): Result => {
    const { grade, check, finding } = one;
    const { prompt, scenario, model, repeat } = grade.cell;
    return {
      ruleId: ruleId(one),
      ruleIndex: ids.indexOf(ruleId(one)),
      ...(levelOf(one) === 'none' ? { kind: 'informational' } : {}),
      level: levelOf(one),
      message: plain(finding.message),
      ...placesOf(one, runFolder),
      partialFingerprints: { 'cupelFinding/v1': prints[index] ?? '' },
      properties: { check: check.id, required: grade.required.includes(check.id), scenario, prompt, model, repeat },
    };
  });
  const version = run.tools[name];
  const failures = name === CUPEL ? notifications(grades) : [];
  return {
    tool: {
      driver: {
        name: harmless(name),
        ...(version === undefined || version === 'missing' ? {} : { version }),
        rules: [...rules].map(([id, those]) => ruleOf(id, those)),
      },
    },
    automationDetails: { id: `cupel/${run.suite ?? 'grade'}/${harmless(name)}/${run.id}` },
    invocations: [{ executionSuccessful: failures.length === 0, toolExecutionNotifications: failures }],
    results,
  };
}

/**
 * A run as SARIF 2.1.0, one SARIF run for each tool that found something, and one of Cupel's own. Addresses of files
 * are relative to the folder that `runFolder`, the folder of the run, is relative to.
 */
export function sarifReport(results: Results, runFolder: string): string {
  const placed = results.grades.flatMap((grade) =>
    grade.checks.flatMap((check) =>
      [...check.findings, ...withoutFinding(check)].map((finding): Placed => ({ grade, check, finding })),
    ),
  );
  const byTool = Map.groupBy(placed, ({ finding }) => finding.tool);
  const tools = [CUPEL, ...[...byTool.keys()].filter((tool) => tool !== CUPEL).sort()];
  const runs = tools.map((tool) => toolRun(tool, byTool.get(tool) ?? [], results, runFolder));
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs }, null, 1)}\n`;
}
