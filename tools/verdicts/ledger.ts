import { z } from 'zod';
import type { Specimens } from '../../src/domain/specimens/specimen.ts';

/**
 * `ledger.yaml`: what comes out of every recording and every specimen, by name. A verdict is written as `pass`, or as
 * `fail: python/tests, python/build` with the checks that fail; `pass: go/format` where none of those must pass.
 */
export const ledgerSchema = z.strictObject({
  verdicts: z.record(z.string(), z.string()),
  /** Verdicts that a change of Cupel or of an answer turned, each with its reason. */
  changes: z.array(
    z.strictObject({
      entry: z.string(),
      /** The verdict before, and after: `none` for an entry that is gone. */
      from: z.string(),
      to: z.string(),
      why: z.string().min(1),
    }),
  ),
});

export type Ledger = z.infer<typeof ledgerSchema>;
/** Verdicts by the name of the answer. */
export type Verdicts = Readonly<Record<string, string>>;

/** Stands for the verdict of an answer that is not in the ledger. */
export const NONE = 'none';

const verdictText = (verdict: string, failed: readonly string[]): string =>
  failed.length === 0 ? verdict : `${verdict}: ${failed.toSorted().join(', ')}`;

/** A grade as far as the ledger looks at one. */
const gradeSchema = z.looseObject({
  cell: z.looseObject({
    scenario: z.string().nullable(),
    prompt: z.string().nullable(),
    model: z.string().nullable(),
    repeat: z.number(),
  }),
  verdict: z.string(),
  checks: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});

/** `results.json` of a run. */
export const runSchema = z.looseObject({ grades: z.array(gradeSchema) });

/** The verdicts of the recordings that a run replayed. */
export function verdictsOfRun({ grades }: z.infer<typeof runSchema>): Verdicts {
  return Object.fromEntries(
    grades
      .filter(({ cell }) => cell.model === 'recorded')
      .map(({ cell, verdict, checks }) => [
        `recordings/${cell.scenario}@${cell.prompt?.split('@')[1] ?? ''}.r${cell.repeat}`,
        verdictText(
          verdict,
          checks.filter(({ status }) => status === 'failed').map(({ id }) => id),
        ),
      ]),
  );
}

/** The verdicts that specimens must have, as they are written. */
export function verdictsOfSpecimens(scenario: string, { specimens }: Specimens): Verdicts {
  return Object.fromEntries([
    [`specimens/${scenario}/reference`, 'pass'],
    ...specimens.map(({ id, fails }) => [`specimens/${scenario}/${id}`, verdictText('fail', fails)] as const),
  ]);
}

/** The ledger's specimens that nobody has any more, each with `none` as its verdict. */
export function goneFrom({ verdicts }: Ledger, specimens: Verdicts): Verdicts {
  const gone = Object.keys(verdicts).filter((entry) => entry.startsWith('specimens/') && !(entry in specimens));
  return Object.fromEntries(gone.map((entry) => [entry, NONE]));
}

/** Where a ledger says something else than what was found. */
export function disagreements({ verdicts }: Ledger, found: Verdicts): string[] {
  return Object.entries(found)
    .filter(([entry, verdict]) => verdicts[entry] !== verdict)
    .map(([entry, verdict]) => `${entry}: expected ${verdicts[entry] ?? 'an entry in the ledger'}, found ${verdict}`);
}

/** Verdicts that differ between two states of the ledger, without a line that says why. New entries need none. */
export function unexplained(before: Ledger, now: Ledger): string[] {
  const earlier = new Set(before.changes.map((change) => JSON.stringify(change)));
  const added = now.changes.filter((change) => !earlier.has(JSON.stringify(change)));
  return Object.entries(before.verdicts).flatMap(([entry, from]) => {
    const to = now.verdicts[entry] ?? NONE;
    const isTold = added.some((change) => change.entry === entry && change.from === from && change.to === to);
    return from === to || isTold ? [] : [`${entry}: ${from} became ${to}, and no line of changes says why`];
  });
}

/**
 * The ledger with other verdicts. One that turns an entry gets a line with the reason. Throws where a reason is needed
 * and none is given.
 */
export function withVerdicts({ verdicts, changes }: Ledger, found: Verdicts, why: string | undefined): Ledger {
  const turned = Object.entries(found).flatMap(([entry, to]) => {
    const from = verdicts[entry];
    if (from === undefined || from === to) return [];
    if (why === undefined || why === '') throw new Error(`${entry}: ${from} became ${to}: say why, with --why TEXT`);
    return [{ entry, from, to, why }];
  });
  const all = Object.entries({ ...verdicts, ...found })
    .filter(([, verdict]) => verdict !== NONE)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { verdicts: Object.fromEntries(all), changes: [...changes, ...turned] };
}
