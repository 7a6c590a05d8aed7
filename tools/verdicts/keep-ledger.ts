// Holds the verdicts of all recordings and specimens to tools/verdicts/ledger.yaml.
// Usage: npm run ledger -- [--run RUN] [--base REVISION] [--write [--why TEXT]]
//   Always: every specimen stands in the ledger as its file says.
//   --run RUN: a run of the default suite found what the ledger says of its recordings.
//   --base REVISION: what differs from the ledger at that git revision has a line that says why. With `auto`, that is
//   where this branch left main, or on main the revision before the last change of the ledger; where a clone has
//   neither, it says so and compares nothing.
//   --write: writes down what specimens and the run say; an entry that turns needs --why.
// Exit status: 0 when all agrees, 1 when not, 2 when something cannot be read.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { specimensSchema } from '../../src/domain/specimens/specimen.ts';
import { baseOf } from './base.ts';
import {
  disagreements,
  goneFrom,
  ledgerSchema,
  runSchema,
  unexplained,
  verdictsOfRun,
  verdictsOfSpecimens,
  withVerdicts,
} from './ledger.ts';
import type { Ledger, Verdicts } from './ledger.ts';

const root = join(import.meta.dirname, '..', '..');
const path = 'tools/verdicts/ledger.yaml';
const heading = `# What comes out of every recording and every specimen; npm run ledger holds it against them.
# An entry that turns needs a line in changes that says why: npm run ledger -- --write --why TEXT writes both.
`;

const ledgerOf = (text: string): Ledger => ledgerSchema.parse(parse(text));

function specimenVerdicts(): Verdicts {
  const scenarios = readdirSync(join(root, 'evals')).filter((id) =>
    existsSync(join(root, 'evals', id, 'specimens.yaml')),
  );
  return Object.assign(
    {},
    ...scenarios.map((id) => {
      const text = readFileSync(join(root, 'evals', id, 'specimens.yaml'), 'utf8');
      return verdictsOfSpecimens(id, specimensSchema.parse(parse(text)));
    }),
  ) as Verdicts;
}

/** The verdicts of a run, by its id or its folder. */
function runVerdicts(run: string): Verdicts {
  const places = [join(root, 'reports', 'runs', run, 'results.json'), join(run, 'results.json')];
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new Error(`expected a run with results.json, found none at ${places.join(', ')}`);
  return verdictsOfRun(runSchema.parse(JSON.parse(readFileSync(place, 'utf8'))));
}

const git = (...words: string[]): string | null => {
  const { status, stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
};

/** The ledger that a change is held against; null where there is none, which has been said then. */
function ledgerAt(base: string): Ledger | null {
  if (base !== 'auto')
    return ledgerOf(execFileSync('git', ['show', `${base}:${path}`], { cwd: root, encoding: 'utf8' }));
  const found = baseOf(path, git);
  console.log('missing' in found ? found.missing : `compared with the ledger at ${found.revision}`);
  return 'missing' in found ? null : ledgerOf(found.text);
}

function main(): number {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      base: { type: 'string' },
      write: { type: 'boolean', default: false },
      why: { type: 'string' },
    },
  });
  const specimens = specimenVerdicts();
  const there = { ...specimens, ...(values.run === undefined ? {} : runVerdicts(values.run)) };
  let ledger = ledgerOf(readFileSync(join(root, path), 'utf8'));
  const found = { ...there, ...goneFrom(ledger, specimens) };
  if (values.write) {
    ledger = withVerdicts(ledger, found, values.why);
    writeFileSync(join(root, path), `${heading}${stringify(ledger, { lineWidth: 0 })}`);
  }
  const before = (values.base === undefined ? null : ledgerAt(values.base)) ?? ledger;
  const complaints = [
    ...disagreements(ledger, { ...there, ...goneFrom(ledger, specimens) }),
    ...unexplained(before, ledger),
  ];
  for (const complaint of complaints) console.log(complaint);
  console.log(
    `${Object.keys(ledger.verdicts).length} entries, ${Object.keys(found).length} looked at: ${complaints.length} complaints`,
  );
  return complaints.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`ledger: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
