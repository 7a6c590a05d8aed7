/** For tests: results without what differs from one run of a plan to the next. */
import { fieldsOfOneRun } from '../../src/app/shards/merge.ts';
import type { Results } from '../../src/domain/runs/run.ts';

function without(value: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || value === null || typeof value !== 'object') return;
  const parts = value as Record<string, unknown>;
  for (const name of key === '*' ? Object.keys(parts) : [key]) {
    if (rest.length > 0) without(parts[name], rest);
    else if (name in parts) parts[name] = '(of one run)';
  }
}

/** The text of results as it is written, with every field of the list replaced. */
export function withoutFieldsOfOneRun(results: Results): string {
  const copy = structuredClone(results);
  for (const field of fieldsOfOneRun) without(copy, field.split('.'));
  return JSON.stringify(copy, null, 1);
}
