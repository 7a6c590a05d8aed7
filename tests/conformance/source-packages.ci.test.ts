import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/ports/sandbox.ts';
import { diskLayers } from '../../src/store/state/layers.ts';
import { checkOf, conformanceServices, grade } from '../support/grading/grading.ts';
import { sound } from '../support/grading/projects.ts';
import { ended, scripted } from '../support/grading/sandboxes.ts';

const slow = { timeout: 900_000 };

/** An answer whose tests need a package of which the registry has source archives only. */
const needsSource = {
  'requirements.txt': 'docopt>=0.6\nsix==1.16.0\n',
  'args.py':
    'from docopt import docopt\n\n\ndef port(words):\n    return docopt("Usage: serve [--port=N]", argv=words)["--port"]\n',
  'tests/test_args.py': 'from args import port\n\n\ndef test_port():\n    assert port(["--port=80"]) == "80"\n',
};

const builds = ({ command }: Job): boolean => command.includes('build') && command.includes('--wheel');

/** Layers of which those that keep what was built here are new: a wheel that is known is not built again. */
async function elsewhere<T>(
  names: readonly string[],
  use: (layers: ReturnType<typeof diskLayers>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-layers-'));
  chmodSync(folder, 0o755);
  const [known, fresh] = [diskLayers((await conformanceServices()).state.folder), diskLayers(folder)];
  try {
    return await use({
      ...known,
      get: (name, key, build) => (names.includes(name) ? fresh : known).get(name, key, build),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const grading = (only: string[], rest: Partial<Parameters<typeof grade>[0]> = {}): ReturnType<typeof grade> =>
  grade({ answer: needsSource, asks: { python: {} }, only, ...rest });

describe('a package that exists only as source', () => {
  test('python: is fetched by a program of ours, built without network, and installed', slow, async () => {
    const networks: string[] = [];
    const sandbox = scripted((job) => {
      if (builds(job)) networks.push(job.network);
      return job;
    });
    await elsewhere(['python-wheel'], async (layers) => {
      const graded = await grading(['dependencies', 'build', 'tests'], { sandbox, effects: () => ({ layers }) });
      expect(checkOf(graded, 'python/dependencies')).toMatchObject({
        status: 'passed',
        facts: { built_from_source: ['docopt==0.6.2'] },
      });
      expect(checkOf(graded, 'python/tests')).toMatchObject({ status: 'passed', facts: { passed: 1 } });
    });
    expect(networks).toEqual(['none']);
  });

  test('python: is built again from the same archive when the resolution was kept', slow, async () => {
    let kept: Readonly<Record<string, string>> = {};
    const keeping = await grading(['dependencies'], {
      effects: (real) => ({
        resolution: () => null,
        keepResolution: (id, files) => {
          kept = files;
          real.keepResolution(id, files);
        },
      }),
    });
    expect(checkOf(keeping, 'python/dependencies').status).toBe('passed');
    expect(kept['requirements.lock.txt']).not.toContain('docopt');
    expect(kept['sources.json']).toContain('"version":"0.6.2"');

    const resolution = (files: Readonly<Record<string, string>>) =>
      elsewhere(['python-wheel'], (layers) =>
        grading(['dependencies'], { effects: () => ({ layers, resolution: () => files }) }),
      );
    expect(checkOf(await resolution(kept), 'python/dependencies')).toMatchObject({
      status: 'passed',
      facts: { built_from_source: ['docopt==0.6.2'] },
    });
    const other = {
      ...kept,
      'sources.json': JSON.stringify([{ name: 'docopt', version: '0.6.2', sha256: '0'.repeat(64) }]),
    };
    const replaced = await resolution(other);
    expect(replaced).toMatchObject({ verdict: 'ungraded' });
    expect(replaced.reasons.join('\n')).toContain('another than the one that the answer was resolved with');
  });

  test(
    'python: one that does not build without the network is errored and named, for our policy is not the fault of the model',
    slow,
    async () => {
      const networks: string[] = [];
      const sandbox = scripted((job) => {
        if (!builds(job)) return job;
        networks.push(job.network);
        return ended({ exitCode: 2, stderr: 'Temporary failure in name resolution' });
      });
      await elsewhere(['python-wheel'], async (layers) => {
        const graded = await grading(['dependencies', 'tests'], { sandbox, effects: () => ({ layers }) });
        expect(graded).toMatchObject({ verdict: 'ungraded', score: null });
        expect(checkOf(graded, 'python/dependencies')).toMatchObject({
          status: 'errored',
          reason: expect.stringMatching(/docopt 0\.6\.2 exists only as source/) as unknown,
        });
        expect(checkOf(graded, 'python/tests').status).toBe('errored');
        expect(networks).toEqual(['none']);
        await grading(['dependencies'], {
          sandbox,
          dependencies: { allow: 'any', violation: 'fail', builds: 'online' },
          effects: () => ({ layers }),
        });
        expect(networks).toEqual(['none', 'none', 'registries']);
      });
    },
  );
});

describe('a package with an install script', () => {
  test(
    'typescript: one that fails without the network is errored and named; the scenario may let it try again with it',
    slow,
    async () => {
      const networks: string[] = [];
      const sandbox = scripted((job) => {
        if (!job.command.includes('rebuild')) return job;
        networks.push(job.network);
        return job.network === 'none' ? ended({ exitCode: 1, stderr: 'getaddrinfo EAI_AGAIN' }) : ended({});
      });
      const answer = { ...sound('typescript'), 'package.json': '{ "dependencies": { "core-js": "3.39.0" } }\n' };
      // A layer that says that an install script failed must not stay behind in the project's own.
      await elsewhere(['typescript-env'], async (layers) => {
        const graded = await grade({
          answer,
          asks: { typescript: {} },
          only: ['dependencies'],
          sandbox,
          effects: () => ({ layers }),
        });
        expect(graded).toMatchObject({ verdict: 'ungraded', score: null });
        expect(graded.reasons.join('\n')).toContain('core-js');
        expect(networks).toEqual(['none']);
        const allowed = await grade({
          answer,
          asks: { typescript: {} },
          only: ['dependencies'],
          dependencies: { allow: 'any', violation: 'fail', builds: 'online' },
          sandbox,
          effects: () => ({ layers }),
        });
        expect(checkOf(allowed, 'typescript/dependencies').status).toBe('passed');
        expect(networks).toEqual(['none', 'none', 'registries']);
      });
    },
  );
});
