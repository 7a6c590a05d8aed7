/** The package registries that this machine is configured for, as npm reads them. */
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { z } from 'zod';
import { addressInside } from '../../src/ports/registries.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';
import { onceForLayers } from '../shared/install.ts';
import { parseJson } from '../shared/report.ts';

/** A registry of npm, for all packages or for those of a scope. */
export interface NpmRegistry extends Registry {
  /** `@company`; null for the one of all other packages. */
  scope: string | null;
}

const configurationSchema = z.record(z.string(), z.unknown());

async function askNpm(): Promise<NpmRegistry[]> {
  const result = await execa('npm', ['config', 'list', '--json'], { cwd: tmpdir(), reject: false });
  if (result.failed) {
    const why = result.stderr.trim().split('\n').at(-1) || result.originalMessage || '';
    throw new ToolMissingError(`npm could not say which registry this machine uses: ${why}; see that npm is installed`);
  }
  const configuration = configurationSchema.parse(parseJson(result.stdout));
  const scoped = Object.entries(configuration).filter(([key]) => /^@[^:]+:registry$/.test(key));
  return [['registry', configuration['registry']] as const, ...scoped].flatMap(([key, address], index) =>
    typeof address === 'string'
      ? {
          name: index === 0 ? 'npm' : `npm-${index}`,
          kind: 'npm' as const,
          address,
          scope: index === 0 ? null : key.slice(0, key.lastIndexOf(':')),
        }
      : [],
  );
}

/** Asks npm for the registries, once a process for a set of layers. Rejects with `ToolMissingError`. */
export const npmRegistries = onceForLayers(askNpm);

/** Words that show npm the registries. */
export function registryWords(registries: readonly NpmRegistry[]): string[] {
  return registries.map(({ name, scope }) => `--${scope === null ? '' : `${scope}:`}registry=${addressInside(name)}`);
}
