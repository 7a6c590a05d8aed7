import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { resultsSchema } from '../../src/domain/runs/run.ts';
import { startService } from '../support/loopback/messages.ts';
import type { Call } from '../support/loopback/messages.ts';
import { runs } from '../support/levels.ts';
import { KEY, makeProject } from '../support/loopback/project.ts';

/** Kills; .ci/run tries all fifty. */
const KILLS = runs(50);
const SUBJECTS = 12;

/** What a run says of its cells, whatever time they took and whatever lots were drawn for them. */
function saying(stdout: string): unknown {
  const { grades, fingerprints } = resultsSchema.parse(JSON.parse(stdout));
  return { grades, fingerprints: fingerprints.map((fingerprint) => ({ ...fingerprint, lots: null })) };
}

test(
  `a run that is killed at ${KILLS} random points and resumed each time uses every answer that was on disk, asks for none twice, and says what an undisturbed run says`,
  { timeout: 1_800_000 },
  async () => {
    const service = await startService({ key: KEY, pauseMs: 4 });
    const models = 'services:\n  anthropic: { concurrency: 3, firstDelaySeconds: 0.02 }\n';
    const [calm, project] = [await makeProject(SUBJECTS, { models }), await makeProject(SUBJECTS, { models })];
    const env = { ANTHROPIC_BASE_URL: service.url };
    try {
      const undisturbed = saying((await calm.cupel(['run', '--format', 'json'], env)).stdout);
      const kept = async (): Promise<number> =>
        (await readdir(join(project.state, 'answers'), { recursive: true }).catch(() => [])).filter((name) =>
          name.endsWith('.json'),
        ).length;
      const subjectsKept = async (): Promise<string[]> => {
        const names = (await readdir(join(project.state, 'answers'), { recursive: true }).catch(() => [])).filter(
          (name) => name.endsWith('.json'),
        );
        const texts = await Promise.all(names.map((name) => readFile(join(project.state, 'answers', name), 'utf8')));
        return texts.map((text) => /About (\S+)\\n/.exec(text)?.[1] ?? '');
      };

      for (let kill = 0; kill < KILLS; kill += 1) {
        await rm(project.state, { recursive: true, force: true });
        await rm(join(project.folder, 'reports'), { recursive: true, force: true });
        service.calls.splice(0);
        const child = project.cupel(['run'], env);
        // At a random point of what the service sees, not of a clock: a busy machine does not move it.
        const [calls, more] = [Math.floor(Math.random() * (SUBJECTS + 1)), Math.random() * 60];
        while (
          service.calls.length < calls ||
          (await readdir(join(project.folder, 'reports', 'runs')).catch(() => [])).length === 0
        )
          await sleep(1);
        await sleep(more);
        child.kill('SIGKILL');
        await child;

        const before: Call[] = [...service.calls];
        const onDisk = await subjectsKept();
        const [run = ''] = await readdir(join(project.folder, 'reports', 'runs'));
        const begun = (await readdir(join(project.folder, 'reports', 'runs', run))).includes('run.json');
        const { stdout, stderr, exitCode } = await project.cupel(
          ['run', '--format', 'json', ...(begun ? ['--resume', run] : [])],
          env,
        );
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
        expect(saying(stdout)).toEqual(undisturbed);
        const after = service.calls.slice(before.length).map(({ subject }) => subject);
        expect(after.filter((subject) => onDisk.includes(subject))).toEqual([]);
        expect(after.toSorted()).toEqual([...new Set(after)].toSorted());
        expect(after).toHaveLength(SUBJECTS - onDisk.length);
        expect(before.length - onDisk.length).toBeLessThanOrEqual(3); // at most the calls under way are lost
        expect(await kept()).toBe(SUBJECTS);
      }
    } finally {
      await service.close();
      await calm.remove();
      await project.remove();
    }
  },
);
