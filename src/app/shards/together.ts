/** Whether shards belong together; a pure function of what they say of themselves. */
import type { Manifest } from '../../domain/runs/run.ts';
import { UsageError } from '../../domain/usage-error.ts';

/** What is looked at of a shard. */
export interface ShardFacts {
  /** For messages: `shard 2/4 (<what it was called>)`. */
  name: string;
  manifest: Pick<Manifest, 'suite' | 'plan' | 'shard' | 'grader' | 'tools' | 'sandbox'>;
}

const brief = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text);

/** The first thing in which a shard differs from another with which it is to be merged; null where they fit. */
function difference(one: ShardFacts['manifest'], other: ShardFacts['manifest']): [string, string, string] | null {
  const sides = [one, other] as const;
  const pairs: (readonly [what: string, one: string, other: string])[] = [
    ['suite', ...texts(sides, ({ suite }) => suite ?? 'none')],
    ['number of shards', ...texts(sides, ({ shard }) => String(shard?.of))],
    ['plan', ...texts(sides, ({ plan }) => plan ?? 'none')],
    ['grader', ...texts(sides, ({ grader }) => grader)],
    ['sandbox', ...texts(sides, ({ sandbox: { driver, level, version } }) => `${driver} ${version}, ${level}`)],
    ...Object.keys(one.tools)
      .filter((tool) => tool in other.tools)
      .map((tool) => [`version of ${tool}`, one.tools[tool] ?? '', other.tools[tool] ?? ''] as const),
  ];
  const differing = pairs.find(([, here, there]) => here !== there);
  return differing === undefined ? null : [differing[0], brief(differing[1]), brief(differing[2])];
}

function texts<T>(sides: readonly [T, T], read: (side: T) => string): [string, string] {
  return [read(sides[0]), read(sides[1])];
}

/**
 * Refuses shards that are not parts of one run: other plan, grader, tools or sandbox, or one twice. Returns the numbers
 * (from 1) of those that are missing; throws `UsageError` for these, too, unless they may be missing.
 */
export function refuseOthers(shards: readonly ShardFacts[], mayMiss: boolean): number[] {
  const [first, ...rest] = shards;
  if (first === undefined) throw new UsageError('expected at least one shard to merge, found none.');
  const seen = new Map<number, string>();
  for (const { name, manifest } of [first, ...rest]) {
    const differs = difference(first.manifest, manifest);
    if (differs !== null) {
      const [what, expected, found] = differs;
      throw new UsageError(
        `${name} does not belong to ${first.name}: expected the same ${what}, ${expected}, found ${found}. Nothing ` +
          'was merged; run all shards with the same checkout and the same tools.',
      );
    }
    const index = manifest.shard?.index ?? 0;
    const before = seen.get(index);
    if (before !== undefined)
      throw new UsageError(`expected each shard once, found two of one number: ${before} and ${name}.`);
    seen.set(index, name);
  }
  const of = first.manifest.shard?.of ?? 1;
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !seen.has(index));
  if (missing.length > 0 && !mayMiss)
    throw new UsageError(
      `expected ${of} shards, found ${seen.size}: ${missing.map((index) => `shard ${index}/${of}`).join(', ')} ` +
        `${missing.length === 1 ? 'is' : 'are'} missing. Run what is missing, or count its answers as ungraded with ` +
        '--allow-missing.',
    );
  return missing;
}
