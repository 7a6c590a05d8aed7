import { existsSync } from 'node:fs';
import { chmod, cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';
import type { Layer, Layers } from '../../src/ports/layers.ts';
import type { Registry } from '../../src/ports/registries.ts';
import type { Kit } from '../../src/ports/runner.ts';
import type { Execution, Job } from '../../src/ports/sandbox.ts';
import { temporary } from './job.ts';

/** Limits of a trusted resolver: large packages, slow networks. */
export const resolverLimits: Limits = {
  ...defaultLimits,
  cpuSeconds: 600,
  wallSeconds: 900,
  fileMiB: 2048,
  diskMiB: 1024,
};

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What programs of the host that install Cupel's own tools need beside the host's environment: the system's
 * certificates.
 */
export function hostEnvironment(): Record<string, string> {
  return existsSync(certificates) ? { SSL_CERT_FILE: certificates, NODE_EXTRA_CA_CERTS: certificates } : {};
}

/** What resolvers print when the network, and not the registry, gave no answer. */
const noAnswer =
  /name resolution|name or service not known|dns error|EAI_AGAIN|ENOTFOUND|ECONN(?:RESET|REFUSED|ABORTED)|ETIMEDOUT|EPIPE|connection (?:reset|refused|closed|timed out)|i\/o timeout|TLS handshake|unexpected EOF|no such host|error sending request|operation timed out|socket hang up|\b50[234]\b/i;

/** Pauses between tries, in milliseconds: a name server or a proxy that has lost its wits finds them again. */
const pauses = [1000, 5000];

/** Starts a resolver until the network lets it end: at most three times. */
export async function persistently<T extends { exitCode?: number | null | undefined; stdout: string; stderr: string }>(
  start: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (const length of pauses) {
    const ended = await start();
    if (ended.exitCode === 0 || !noAnswer.test(`${ended.stdout}\n${ended.stderr}`)) return ended;
    await pause(length, undefined, signal === undefined ? {} : { signal });
  }
  return start();
}

/** A job of a trusted resolver: it says which registries it reads. */
export type ResolverJob = Omit<Job, 'network' | 'registries' | 'limits' | 'signal'> & {
  registries: readonly Registry[];
};

/** Where a resolver may keep what it unpacks, as seen inside: an empty folder that ends with it. */
export const scratch = '/cache';

/**
 * Runs a trusted resolver with the registries in reach. Nothing that it writes outlives a try, but for `out` and
 * writable mounts.
 */
export function runResolver(kit: Kit, job: ResolverJob): Promise<Execution> {
  return persistently(
    () =>
      temporary((_workspace, folder) =>
        kit.sandbox.run({
          ...job,
          mounts: [...job.mounts, { source: folder, target: scratch, writable: true }],
          network: 'registries',
          limits: resolverLimits,
          signal: kit.signal,
        }),
      ),
    kit.signal,
  );
}

/** Makes something once a process for a set of layers. A failure may pass: the next asker tries again. */
export function onceForLayers<T>(make: (kit: Kit) => Promise<T>): (kit: Kit) => Promise<T> {
  const results = new WeakMap<Layers, Promise<T>>();
  return (kit) => {
    const result = results.get(kit.layers) ?? make(kit);
    results.set(kit.layers, result);
    result.catch(() => results.delete(kit.layers));
    return result;
  };
}

/** The files of a folder below a root: path and content (base64), sorted by path. */
export async function contentOf(root: string, folder: string): Promise<[string, string][]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (path) => [path.slice(root.length), await readFile(path, 'base64')]));
}

/** A runner's own programs, configurations and locks as a layer: readable inside, and unchanged while a run lasts. */
export async function assetsLayer(kit: Kit, name: string, root: string, folders: readonly string[]): Promise<Layer> {
  const content = await Promise.all(folders.map((folder) => contentOf(root, folder)));
  return kit.layers.get(`${name}-assets`, content, async (into) => {
    for (const folder of folders) await cp(join(root, folder), join(into, folder), { recursive: true });
    const entries = await readdir(into, { recursive: true, withFileTypes: true });
    // Whatever the umask of whoever made the checkout: everybody may read.
    for (const entry of entries) await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  });
}
