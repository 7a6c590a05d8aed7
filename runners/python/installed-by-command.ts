/** Packages that an answer without a manifest tells people to install by a command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallCommand } from '../../src/ports/runner.ts';
import type { Declared, Requirement } from './manifests/collector.ts';
import { readRequirement } from './manifests/requirement.ts';

function requirementOf(word: string, answerLine?: number): Requirement | null {
  const read = readRequirement(word);
  if (read.kind !== 'registry') return null;
  return {
    text: read.text,
    name: read.name,
    file: null,
    line: null,
    ...(answerLine === undefined ? {} : { answerLine }),
  };
}

/**
 * Adds what commands install to an answer that declares nothing, beside the packages of the pinned environment.
 * Commands that only name what is pinned anyway change nothing.
 */
export async function withCommands(
  declared: Declared,
  installs: readonly InstallCommand[],
  assets: string,
): Promise<Declared> {
  if (declared.requirements.length + declared.broken.length > 0 || declared.conda !== null) return declared;
  const names = await readFile(join(assets, 'environment', 'requirements.in'), 'utf8');
  const pinned = names.split('\n').flatMap((word) => requirementOf(word) ?? []);
  const requested = installs
    .filter(({ installer }) => installer === 'pip')
    .flatMap(({ packages, line }) => packages.flatMap((word) => requirementOf(word, line) ?? []))
    .filter(({ text }) => !pinned.some((other) => other.text === text));
  if (requested.length === 0) return declared;
  const unrequested = pinned.filter(({ name }) => !requested.some((own) => own.name === name));
  return { ...declared, requirements: [...requested, ...unrequested] };
}
