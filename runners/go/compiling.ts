/**
 * Programs that compile. Each has a compiler cache of its own, which begins with what Cupel itself has compiled,
 * read-only.
 */
import { withDetail } from '../../src/formats/words.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Layer } from '../../src/ports/layers.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import { resolverLimits } from '../shared/install.ts';
import type { Program } from '../shared/job.ts';

/** What a program that compiles needs to be told, beside its words. */
type Compiling = Required<Pick<Program, 'command' | 'env'>> & { mounts: Mount[] };

/** The environment of every Go program: nothing is fetched, nothing of the answer's is run while compiling. */
export const goEnvironment: Readonly<Record<string, string>> = {
  PATH: '/golang/go/bin:/usr/bin:/bin',
  GOROOT: '/golang/go',
  GOTOOLCHAIN: 'local',
  GOENV: 'off',
  GOWORK: 'off',
  GOTELEMETRY: 'off',
  GOFLAGS: '-mod=mod -buildvcs=false -modcacherw',
  GOPROXY: 'off',
  CGO_ENABLED: '0',
  GOPATH: '/tmp/go',
  GOCACHE: '/tmp/gocache',
  STATICCHECK_CACHE: '/tmp/gocache',
};

/** A program that compiles, beginning with the standard library compiled, and with modules where /env has them. */
export function compiling(standard: Layer, words: readonly string[]): Compiling {
  return {
    command: ['sh', '/cupel/grader/with_cache.sh', ...words],
    mounts: [{ source: standard.folder, target: '/compiled' }],
    env: { ...goEnvironment, GOMODCACHE: '/env/mod' },
  };
}

/**
 * The standard library, compiled and analysed once: the same for all answers, and made of none. Rejects with
 * `ToolMissingError`.
 */
export function standardLibrary(kit: Kit, mounts: readonly Mount[], version: string, key: unknown): Promise<Layer> {
  return kit.layers.get('go-compiled', key, async (folder) => {
    const execution = await kit.sandbox.run({
      command: ['sh', '/cupel/grader/compile_standard.sh', version],
      cwd: '/w',
      env: { ...goEnvironment, GOMODCACHE: '/tmp/mod' },
      mounts: [...mounts, { source: folder, target: '/layer', writable: true }],
      network: 'none',
      limits: resolverLimits,
      signal: kit.signal,
    });
    if (execution.exitCode !== 0)
      throw new ToolMissingError(
        withDetail('Go could not compile its standard library', execution.stderr.slice(-1000)),
      );
  });
}
