import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Comparison } from '../../src/domain/runs/comparison.ts';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import { startService } from '../support/loopback/messages.ts';
import type { Script, Service } from '../support/loopback/messages.ts';
import { KEY, makeProject } from '../support/loopback/project.ts';
import type { Project } from '../support/loopback/project.ts';

const made: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

const model = 'anthropic:claude-haiku-4-5';

async function setUp(
  subjects: number,
  script: Script = {},
  models = '',
): Promise<{ service: Service; project: Project; env: { ANTHROPIC_BASE_URL: string } }> {
  const service = await startService({ key: KEY, model: 'claude-haiku-4-5', ...script });
  const project = await makeProject(subjects, { model, models });
  made.push(project, { remove: () => service.close() });
  return { service, project, env: { ANTHROPIC_BASE_URL: service.url } };
}

const submissions = ({ batches }: Service): number[] => batches.map(({ requests }) => requests.length);
const verdicts = (stdout: string): string[] =>
  resultsSchema.parse(JSON.parse(stdout)).grades.map(({ verdict }) => verdict);

describe('message batches', () => {
  test('are submitted, waited for, collected and graded by one command', async () => {
    const { service, project, env } = await setUp(5, { looks: 2 });
    const { exitCode, stdout, stderr } = await project.cupel(['run', '--batch', '--format', 'json'], env);
    expect(exitCode).toBe(0);
    expect(verdicts(stdout)).toEqual(['fail', 'fail', 'fail', 'fail', 'fail']);
    expect(stderr).toContain('waiting for msgbatch_0001');
    expect(submissions(service)).toEqual([5]);
    expect(service.calls).toEqual([]);
    const again = await project.cupel(['run', '--format', 'json'], env);
    expect(verdicts(again.stdout)).toHaveLength(5);
    expect([service.calls, submissions(service)]).toEqual([[], [5]]);
  });

  test('are two jobs that share only the state: submit, and later collect', async () => {
    const { service, project, env } = await setUp(4, { looks: 1 });
    const submitted = await project.cupel(['run', '--batch', 'submit'], env);
    expect(submitted).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('submitted 4 requests as msgbatch_0001'),
    });
    const other = await makeProject(4, { model });
    made.push(other);
    const collect = () => other.cupel(['run', '--batch', 'collect', '--format', 'json', '--state', project.state], env);
    const early = await collect();
    expect(early).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('batch msgbatch_0001 has not ended; collect again later'),
    });
    const late = await collect();
    expect(late.exitCode).toBe(0);
    expect(verdicts(late.stdout)).toHaveLength(4);
    expect([service.calls, submissions(service)]).toEqual([[], [4]]);
  });

  test('are submitted once, however often they are submitted; what is new goes along, and nobody asks for it beside them', async () => {
    const { service, project, env } = await setUp(4, { looks: 100 });
    await project.cupel(['run', '--batch', 'submit', '--scenario', 'subject-000', 'subject-001'], env);
    const again = await project.cupel(['run', '--batch', 'submit', '--scenario', 'subject-000', 'subject-001'], env);
    expect(again.stderr).toContain('nothing to submit');
    await project.cupel(['run', '--batch', 'submit'], env);
    expect(submissions(service)).toEqual([2, 2]);
    const live = await project.cupel(['run'], env);
    expect(live.exitCode).toBe(3);
    expect(live.stderr).toMatch(/batch msgbatch_000\d is at this answer; cupel run --batch collect takes it/);
    expect(service.calls).toEqual([]);
  });

  test('leave out what a run is asking for at the same time: it is paid for once', async () => {
    const { service, project, env } = await setUp(
      3,
      { pauseMs: 2000 },
      'services:\n  anthropic: { silenceSeconds: 60 }\n',
    );
    const live = project.cupel(['run', '--scenario', 'subject-000'], env);
    await vi.waitUntil(() => service.calls.length === 1, { timeout: 60_000 });
    const submitted = await project.cupel(['run', '--batch', 'submit'], env);
    expect(submitted).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('1 request not submitted: another run is asking for the same'),
    });
    service.script.pauseMs = 0;
    expect((await live).exitCode).toBe(0);
    const collected = await project.cupel(['run', '--batch', 'collect', '--format', 'json'], env);
    expect(verdicts(collected.stdout)).toEqual(['fail', 'fail', 'fail']);
    expect([service.calls.length, submissions(service)]).toEqual([1, [2]]);
  });

  test('whose id we never learned are found again, not submitted twice', async () => {
    const { service, project, env } = await setUp(6, { losesReply: (number) => number === 1 });
    const lost = await project.cupel(['run', '--batch', 'submit'], env);
    expect(lost.exitCode).toBe(3);
    const { exitCode, stdout } = await project.cupel(['run', '--batch', '--format', 'json'], env);
    expect(exitCode).toBe(0);
    expect(verdicts(stdout)).toHaveLength(6);
    expect(submissions(service)).toEqual([6]);
  });

  test('that never reached the service are submitted', async () => {
    const { service, project, env } = await setUp(3);
    await project.cupel(['run', '--batch', 'submit'], env);
    const folder = join(project.state, 'batches');
    const [record = ''] = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const text = await readFile(join(folder, record), 'utf8');
    service.batches.splice(0); // as if we had been killed before the request went out
    await writeFile(join(folder, record), text.replace('"msgbatch_0001"', 'null'));
    const { exitCode } = await project.cupel(['run', '--batch'], env);
    expect(exitCode).toBe(0);
    expect(submissions(service)).toEqual([3]);
  });

  test("that look like ours and are somebody else's are told apart when they have ended", async () => {
    const { service, project, env } = await setUp(3, { losesReply: (number) => number === 1 });
    await project.cupel(['run', '--batch', 'submit'], env);
    for (const ours of [...service.batches]) {
      service.batches.push({
        ...ours,
        id: 'msgbatch_theirs',
        requests: ours.requests.map((request, index) => ({ ...request, custom_id: `theirs-${index}` })),
      });
    }
    const { exitCode, stdout } = await project.cupel(['run', '--batch', '--format', 'json'], env);
    expect(exitCode).toBe(0);
    expect(verdicts(stdout)).toHaveLength(3);
    expect(submissions(service)).toEqual([3, 3]); // ours and theirs: nothing was added
  });

  test('leave what went wrong in them ungraded, say why, and submit it again', async () => {
    const { service, project, env } = await setUp(3, {
      ending: (subject) =>
        subject === 'subject-001' ? 'errored' : subject === 'subject-002' ? 'expired' : 'succeeded',
    });
    const { exitCode, stdout, stderr } = await project.cupel(['run', '--batch', '--format', 'json'], env);
    expect(exitCode).toBe(3);
    expect(verdicts(stdout)).toEqual(['fail', 'ungraded', 'ungraded']);
    expect(stderr).toMatch(/invalid_request_error no such thing; cupel run --batch submit asks again/);
    expect(stderr).toMatch(/no answer of a batch: expired/);
    service.script.ending = () => 'succeeded';
    expect((await project.cupel(['run', '--batch'], env)).exitCode).toBe(0);
    expect(submissions(service)).toEqual([3, 2]);
    expect(service.calls).toEqual([]);
  });

  test('cost half, and are submitted as far as the budget bears them', async () => {
    const { service, project, env } = await setUp(10);
    // a request can cost $0.0103
    const { exitCode, stderr } = await project.cupel(['run', '--batch', 'submit', '--budget', '0.04'], env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('7 requests not submitted: the budget does not bear them');
    expect(submissions(service)).toEqual([3]);
  });

  test('are not what a comparison takes for dearer or cheaper', async () => {
    const { project, env } = await setUp(4, { outputTokens: 1000 });
    await project.cupel(['run', '--batch'], env);
    await project.cupel(['run', '--ask-again'], env);
    const [base = '', head = ''] = (await readdir(join(project.folder, 'reports', 'runs')))
      .filter((name) => /^\d/.test(name))
      .sort();
    const { stdout } = await project.cupel(['compare', base, head, '--format', 'json']);
    const { changes, dimensions } = JSON.parse(stdout) as Comparison;
    expect(changes).toMatchObject([
      { what: 'prices', text: expect.stringContaining('a part of the answers came from batches') },
    ]);
    expect(dimensions.find(({ id }) => id === 'cost')?.difference).toBeCloseTo(1);
  });

  test('are for Claude only', async () => {
    const { project, env } = await setUp(1);
    const { exitCode, stderr } = await project.cupel(['run', '--batch', '--model', 'recorded'], env);
    expect(stderr).toMatch(/--batch: expected models as anthropic:<model>, found recorded/);
    expect(exitCode).toBe(2);
  });
});
