import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cellKey } from '../../domain/grading/cell.ts';
import { runSummarySchema } from '../../domain/runs/summary.ts';
import type { RunSummary } from '../../domain/runs/summary.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { writeAtomically } from '../files/atomic.ts';
import { canonicalJson } from '../files/hash.ts';
import { validated } from '../files/yaml.ts';

const folderOf = (root: string): string => join(root, 'reports', 'baselines');

/** The baselines that were promoted, by name. */
export async function baselineNames(root: string): Promise<string[]> {
  const names = await readdir(folderOf(root)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** One line for each answer, in the order of their names: a promotion is read as a diff. */
function baselineText({ cells, ...head }: RunSummary): string {
  const texts = cells.map((cell) => ({
    name: cellKey(cell.cell),
    line: canonicalJson({ ...cell, findings: cell.findings.map((finding) => ({ ...finding, example: null })) }),
  }));
  const lines = texts.sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ line }) => `  ${line}`);
  const fields = Object.entries({
    ...head,
    tools: Object.fromEntries(Object.entries(head.tools).sort(([one], [other]) => (one < other ? -1 : 1))),
  }).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${fields.join(',\n')},\n "cells": [\n${lines.join(',\n')}\n ]\n}\n`;
}

/**
 * Makes a run the baseline of that name; returns the file's path. Throws `UsageError` for a name that may not be one.
 */
export async function promote(root: string, name: string, run: RunSummary): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new UsageError(`baseline ${name}: expected a name of lower-case letters, digits and hyphens.`);
  const path = join(folderOf(root), `${name}.json`);
  await writeAtomically(path, baselineText(run));
  return path;
}

/** A baseline. Throws `UsageError` when there is none, or when it is damaged. */
export async function readBaseline(root: string, name: string): Promise<RunSummary> {
  const path = join(folderOf(root), `${name}.json`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError(
        `${path}: expected a baseline as it was promoted, found text that is not JSON; take it from version ` +
          'control, or promote a run again.',
      );
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const names = await baselineNames(root);
    throw new UsageError(
      `baseline ${name}: expected a file ${path}, found none. There ` +
        `${names.length === 0 ? 'is none yet: cupel baseline promote <run>' : `are ${names.join(', ')}`}.`,
    );
  }
  return validated(runSummarySchema, value, path);
}
