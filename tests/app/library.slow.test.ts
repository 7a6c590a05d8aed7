/** The application as a program uses it: plain options in, results and events out, and nothing printed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { compare } from '../../src/app/compare.ts';
import { dryRun } from '../../src/app/dry-run.ts';
import { grade, gradeRunAgain } from '../../src/app/grade.ts';
import { planRun } from '../../src/app/plan.ts';
import { run } from '../../src/app/run.ts';
import { renderComparison } from '../../src/app/services/reports.ts';
import { openServices } from '../../src/app/services/services.ts';
import type { Services } from '../../src/app/services/services.ts';
import { UsageError } from '../../src/domain/usage-error.ts';
import type { Notice } from '../../src/ports/notice.ts';
import type { RunListener } from '../../src/ports/run-listener.ts';
import { makeProject } from '../support/loopback/project.ts';
import type { Project } from '../support/loopback/project.ts';

const SUBJECTS = ['subject-000', 'subject-001'];
let project: Project;
let services: Services;
const notices: Notice[] = [];
const stop = new AbortController();

beforeAll(async () => {
  project = await makeProject(SUBJECTS.length, { model: 'recorded' });
  for (const subject of SUBJECTS)
    await writeFile(join(project.folder, `evals/recordings/${subject}@1.0.r1.md`), `# ${subject}\n\nNo code at all.\n`);
  services = await openServices(
    { folder: project.folder, state: project.state, jobs: 1 },
    { signal: stop.signal, notify: (notice) => void notices.push(notice) },
  );
});

afterAll(async () => {
  stop.abort();
  await project.remove();
});

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  notices.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => (printed.push(String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(printed).toEqual([]);
  expect(process.exitCode).toBeUndefined();
});

/** A listener that writes down what it is told. */
function eventsTo(events: string[]): RunListener {
  return {
    timeLeft: () => events.push('time left'),
    runStarted: ({ cells }) => events.push(`run of ${cells.length}`),
    checkEnded: (_cell, { id, status }) => events.push(`${id} ${status}`),
    cellEnded: ({ cell }) => events.push(`${cell.scenario} graded`),
    runEnded: () => events.push('ended'),
  };
}

describe('the application', () => {
  test('runs a suite: results come back, events on the way, artifacts on disk', async () => {
    const events: string[] = [];
    const { results, comparison, settled, usage } = await run(services, { suite: 'default' }, eventsTo(events));
    expect(results.grades.map(({ cell, verdict }) => [cell.scenario, verdict])).toEqual(
      SUBJECTS.map((subject) => [subject, 'fail']),
    );
    expect(settled).toEqual(results.grades);
    expect(comparison).toBeNull();
    expect(usage).toEqual({ asked: 0, cached: 0, tokens: 0, costUsd: 0, unpriced: 0 });
    expect(events.slice(0, 2)).toEqual(['time left', 'run of 2']);
    expect(events).toContain('answer/files failed');
    expect(events.at(-1)).toBe('ended');
    const kept = join(project.folder, 'reports/runs', results.run.id, 'results.json');
    expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual(results);
  });

  test('goes on with a run that is there, and refuses one of other cells', async () => {
    const { results } = await run(services, { suite: 'default' });
    const again = await run(services, { suite: 'default', resume: results.run.id });
    expect(again.results).toEqual(results);
    const other = run(services, { suite: 'default', scenarios: ['subject-000'], resume: results.run.id });
    await expect(other).rejects.toThrow(UsageError);
  });

  test('says what a run would ask for, without asking', async () => {
    const estimate = await dryRun(await planRun(services, { suite: 'default', repeats: 3 }));
    expect(estimate.models['recorded']).toMatchObject({ cells: 6, calls: 0 });
    expect(estimate).toMatchObject({ scenarios: 2, repeats: 3 });
  });

  test('grades an answer, and the answers of a run again', async () => {
    const events: string[] = [];
    const graded = await grade(services, { text: 'No code.\n', scenario: 'subject-000' }, eventsTo(events));
    expect(graded).toMatchObject({ verdict: 'fail', cell: { scenario: 'subject-000', model: null } });
    expect(events).toContain('answer/complete passed');
    const { results } = await run(services, { suite: 'default' });
    const again = await gradeRunAgain(services, results.run.id);
    expect(again.grades).toEqual(results.grades);
    expect(again.run.id).not.toBe(results.run.id);
  });

  test('compares two runs, and renders the comparison', async () => {
    const [one, other] = [await run(services, { suite: 'default' }), await run(services, { suite: 'default' })];
    const comparison = await compare(services, { base: one.results.run.id, head: other.results.run.id });
    expect(comparison.outcome).not.toBe('worse');
    expect(comparison.gate.met).toBe(true);
    expect(await renderComparison('text', comparison, services.root)).toContain(one.results.run.id);
  });

  test('tells of a listener that fails, and goes on', async () => {
    const failing: RunListener = {
      cellEnded: () => {
        throw new Error('the screen is gone');
      },
    };
    const { results } = await run(services, { suite: 'default' }, failing);
    expect(results.grades).toHaveLength(2);
    expect(notices).toContainEqual({
      kind: 'warning',
      text: expect.stringContaining('the screen is gone') as unknown,
    });
  });

  test.each([
    ['a suite that is not there', { suite: 'nightly' }],
    ['a budget that is none', { suite: 'default', budgetUsd: -1 }],
    ['answers to add where nothing is to be settled', { suite: 'default', untilSettled: true }],
  ] as const)('refuses %s with a `UsageError`', async (_what, request) => {
    await expect(planRun(services, request)).rejects.toThrow(UsageError);
  });
});
