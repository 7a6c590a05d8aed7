// Time and memory of comparing two runs of 5,000 answers each, read from disk, page included.
// Usage: npm run bench -- compare [--scenarios 500] [--repeats 10] [--write]
import { spawnSync } from 'node:child_process';
import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { compare } from '../../src/compare/compare.ts';
import { seeded } from '../../src/compare/statistics/random.ts';
import { failed, passed } from '../../src/domain/grading/check.ts';
import type { CheckResult } from '../../src/domain/grading/check.ts';
import { defaultGate } from '../../src/domain/runs/gate.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { Fingerprint, Manifest } from '../../src/domain/runs/run.ts';
import { pageAssets } from '../../src/reporters/html/assets.ts';
import { comparisonPage } from '../../src/reporters/comparison/page.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { readRunSummary } from '../../src/store/runs/run-summary.ts';
import { milliseconds, print } from './measure.ts';

const checkIds = [
  'answer/complete',
  'answer/files',
  'answer/sections',
  ...['python', 'typescript'].flatMap((language) =>
    ['dependencies', 'build', 'format', 'lint', 'types', 'tests', 'coverage'].map((name) => `${language}/${name}`),
  ),
];

/** A grade as large as those of small real answers: about 10 KB, most of it evidence. */
function gradeOf(scenario: number, repeat: number, prompt: string, uniform: () => number): Grade {
  const evidence = [
    {
      command: 'pytest --quiet',
      exitCode: 1,
      signal: null,
      limit: null,
      durationMs: 900,
      cpuMs: 700,
      output: 'one line of output, as long as most are\n'.repeat(12),
    },
  ];
  const checks = checkIds.map((id): CheckResult => {
    if (uniform() > 0.12) return { id, ...passed({ evidence }) };
    const findings = Array.from({ length: 1 + Math.floor(4 * uniform()) }, () => ({
      tool: id,
      rule: `R${Math.floor(40 * uniform())}`,
      severity: 'error' as const,
      message: 'expected one thing and found another',
      file: 'app/main.py',
      line: 7,
      answer_line: 70,
    }));
    return { id, ...failed({ reason: 'it is wrong', findings, evidence }, uniform()) };
  });
  const pass = checks.every(({ status }) => status === 'passed') || uniform() < 0.6;
  return {
    cell: { prompt, scenario: `scenario-${scenario}`, model: 'some-model', repeat },
    verdict: pass ? 'pass' : 'fail',
    score: pass ? 1 : 0.8,
    reasons: [],
    required: [],
    assumptions: [],
    flags: [],
    projects: [],
    checks,
  };
}

/** Numbers of a scenario and of a repeat. */
interface MadeUpCell {
  scenario: number;
  repeat: number;
}

function manifestOf(id: string, prompt: string, cells: readonly MadeUpCell[]): Manifest {
  return {
    format: 1,
    id,
    suite: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    cells: cells.map(({ scenario, repeat }) => ({
      prompt,
      scenario: `scenario-${scenario}`,
      model: 'some-model',
      repeat,
    })),
    grader: 'g',
    tools: {},
    sandbox: { driver: 'bubblewrap', level: 'namespace', version: '1' },
    exposed: [],
    machine: { platform: 'linux', arch: 'x64', cores: 2, memoryMiB: 1 },
  };
}

const fingerprintOf = (id: string, prompt: string, scenario: number, index: number): Fingerprint => ({
  request: null,
  prompt,
  scenario: `h${scenario}`,
  variables: null,
  settings: null,
  sections: null,
  answer: `${id}${index}`,
  dependencies: {},
  lots: null,
});

const indented = (value: unknown, by: number): string =>
  JSON.stringify(value, null, 1).replaceAll('\n', `\n${' '.repeat(by)}`);

/** Writes one list of results.json, item by item. */
async function writeList(file: WriteStream, name: string, items: Iterable<unknown>, end: string): Promise<void> {
  file.write(` "${name}": [\n`);
  let first = true;
  for (const item of items) {
    if (!file.write(`${first ? '' : ',\n'}  ${indented(item, 2)}`)) await once(file, 'drain');
    first = false;
  }
  file.write(`\n ]${end}\n`);
}

/** Writes results.json as a run store does, piece by piece. */
async function writeRun(root: string, id: string, prompt: string, scenarios: number, repeats: number): Promise<void> {
  const folder = join(root, 'reports', 'runs', id);
  await mkdir(folder, { recursive: true });
  const { uniform } = seeded(id.length * 7 + id.charCodeAt(0));
  const cells = Array.from({ length: scenarios * repeats }, (_, index) => ({
    scenario: Math.floor(index / repeats),
    repeat: (index % repeats) + 1,
  }));
  const file = createWriteStream(join(folder, 'results.json'));
  file.write(`{\n "format": 1,\n "run": ${indented(manifestOf(id, prompt, cells), 1)},\n`);
  const fingerprints = cells.values().map(({ scenario }, index) => fingerprintOf(id, prompt, scenario, index));
  await writeList(file, 'fingerprints', fingerprints, ',');
  const grades = cells.values().map(({ scenario, repeat }) => gradeOf(scenario, repeat, prompt, uniform));
  await writeList(file, 'grades', grades, '');
  file.end('}\n');
  await once(file, 'finish');
}

/** What is measured, in a process of its own. */
async function measure(root: string): Promise<void> {
  const start = performance.now();
  const [base, head] = await Promise.all(
    ['base', 'head'].map((id) => readRunSummary(join(root, 'reports', 'runs', id))),
  );
  if (base === undefined || head === undefined) throw new Error('expected two runs');
  const read = performance.now();
  const made = compare({
    base: { name: 'base', run: base, before: base },
    head: { name: 'head', run: head, before: head },
    sides: { prompt: null, model: null, common: false },
    gate: { ...defaultGate, margins: { pass: 0.05, score: 0.03, tests: 0.05 }, hard: ['finding:python/lint R1'] },
    texts: { prompts: new Map(), resolutions: null },
  });
  const compared = performance.now();
  const page = comparisonPage(made, new Map(), await pageAssets('comparison'));
  process.stdout.write(
    JSON.stringify({
      answers: base.cells.length + head.cells.length,
      read: read - start,
      compared: compared - read,
      paged: performance.now() - compared,
      pageMB: page.length / 1e6,
      mostMB: process.resourceUsage().maxRSS / 1024,
    } satisfies Measured),
  );
}

interface Measured {
  answers: number;
  /** Milliseconds of each part. */
  read: number;
  compared: number;
  paged: number;
  pageMB: number;
  mostMB: number;
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      scenarios: { type: 'string', default: '500' },
      repeats: { type: 'string', default: '10' },
      measure: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.measure !== undefined) return measure(values.measure);
  const root = await mkdtemp(join(tmpdir(), 'cupel-bench-'));
  try {
    await writeRun(root, 'base', 'p@1', Number(values.scenarios), Number(values.repeats));
    await writeRun(root, 'head', 'p@2', Number(values.scenarios), Number(values.repeats));
    const { stdout } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), 'compare', '--measure', root],
      { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
    );
    const { answers, read, compared, paged, pageMB, mostMB } = JSON.parse(stdout) as Measured;
    const rows = [
      ['what', 'measured', 'asked'],
      ['both runs read from disk', milliseconds(read), ''],
      ['compared', milliseconds(compared), ''],
      [`the page written (${pageMB.toFixed(1)} MB)`, milliseconds(paged), ''],
      ['together', milliseconds(read + compared + paged), 'under 5 s'],
      ['most memory', `${Math.round(mostMB)} MB`, 'under 500 MB'],
    ];
    print(
      'compare',
      'Comparing two runs',
      `${markdownTable(rows)}\n\n${answers.toLocaleString('en')} made-up answers.`,
      values.write,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
