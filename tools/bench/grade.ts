/**
 * How long grading takes beside the same commands run by hand: `npm run bench -- grade [--write]`. All figures of a
 * table are of one run, taken in turns; the ratio is what counts. `--write` keeps what it prints in docs/benchmarks.md.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Execution, Job, Sandbox } from '../../src/ports/sandbox.ts';
import { home } from '../../src/app/services/home.ts';
import { answerEffects } from '../../src/app/cells/answer-effects.ts';
import { openServices } from '../../src/app/services/services.ts';
import { judgingOf } from '../../src/app/judging.ts';
import { gradeAnswer } from '../../src/stages/pipeline.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { median, milliseconds, percent, print, timed } from './measure.ts';

const cupel = join(home, 'src', 'cli', 'cupel');
const node = join(home, 'node_modules', '.bin', 'node');
const scenario = 'hmac-verification';
const recording = join(home, 'evals', 'recordings', `${scenario}@2.1.r1.md`);
const ROUNDS = 3;
/** What takes less than a second is measured so much oftener. */
const OFTENER = 5;

/** A sandbox that keeps what it was asked to run, with copies of what is gone afterwards. */
function recorder(real: Sandbox, folder: string, jobs: Job[]): Sandbox {
  let copies = 0;
  const kept = (source: string): string => {
    const copy = join(folder, String((copies += 1)));
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  };
  return {
    probe: () => real.probe(),
    serve: (job) => real.serve(job),
    run: (job) => {
      const mounts = job.mounts.map((mount) =>
        mount.source.startsWith(tmpdir()) ? { ...mount, source: kept(mount.source) } : mount,
      );
      jobs.push({ ...job, mounts, ...(job.workspace === undefined ? {} : { workspace: kept(job.workspace) }) });
      return real.run(job);
    },
  };
}

/** The commands of a grade, in the order in which they were started. */
async function commandsOf(folder: string): Promise<{ sandbox: Sandbox; jobs: Job[] }> {
  const services = await openServices({ cache: false });
  const text = await readFile(recording, 'utf8');
  const answer = await services.library.recognise(text);
  if (answer === null) throw new Error(`${recording} is no recording of this project`);
  const cell = { prompt: null, scenario, model: null, repeat: 1 };
  const jobs: Job[] = [];
  const effects = await answerEffects(services, cell, answer, {});
  const grade = async (sandbox: Sandbox): Promise<void> => {
    const judging = await judgingOf(cell, await services.library.scenario(scenario), services.library);
    await gradeAnswer(cell, answer, judging, {
      ...effects,
      grading: { ...effects.grading, kit: { ...effects.grading.kit, sandbox } },
    });
  };
  await grade(effects.grading.kit.sandbox); // layers and tools are there now
  await grade(recorder(effects.grading.kit.sandbox, folder, jobs));
  return { sandbox: effects.grading.kit.sandbox, jobs };
}

/** All commands, each on its own copy as a check has it, one after the other. */
async function byHand(sandbox: Sandbox, jobs: readonly Job[], folder: string): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    const out = join(folder, `out-${index}`);
    if (job.out !== undefined) {
      await mkdir(out, { recursive: true });
      await chmod(out, 0o777);
    }
    const ended: Execution = await sandbox.run(job.out === undefined ? job : { ...job, out });
    rmSync(out, { recursive: true, force: true });
    if (ended.limit !== null) throw new Error(`by hand, ${ended.command} ran into its limit on ${ended.limit}`);
  }
}

const run = (words: readonly string[], env: Record<string, string> = {}) =>
  timed(() => execa(words[0] ?? '', words.slice(1), { cwd: home, env, reject: false }));

/** Medians of what was measured, in milliseconds. */
interface Medians {
  hand: number;
  full: number;
  cached: number;
  start: number;
  help: number;
  bare: number;
}

/** Runs each command several times, in turns, so that what slows the machine down slows all of them. */
async function measure(sandbox: Sandbox, jobs: readonly Job[], folder: string): Promise<Medians> {
  const times: Record<keyof Medians, number[]> = { hand: [], full: [], cached: [], start: [], help: [], bare: [] };
  const grade = [cupel, 'grade', recording, '--scenario', scenario, '--format', 'json'];
  await run(grade); // verdicts are kept now
  for (let round = 0; round < ROUNDS; round += 1) {
    times.hand.push(await timed(() => byHand(sandbox, jobs, folder)));
    times.full.push(await run([...grade, '--no-cache']));
    for (let again = 0; again < OFTENER; again += 1) {
      times.cached.push(await run(grade));
      times.start.push(await run([cupel, 'grade', '--help'])); // all modules of the command, and none of its work
      times.help.push(await run([cupel, '--help']));
      times.bare.push(await run([node, '-e', '0']));
    }
  }
  const of = (name: keyof Medians): number => median(times[name]);
  return {
    hand: of('hand'),
    full: of('full'),
    cached: of('cached'),
    start: of('start'),
    help: of('help'),
    bare: of('bare'),
  };
}

function table({ hand, full, cached, start, help, bare }: Medians, commands: number): string {
  const beyondStart = `${milliseconds(cached - start)} beyond start-up (cupel grade --help)`;
  return markdownTable([
    ['what', 'median', 'beside', 'asked'],
    [`the ${commands} commands by hand, one after the other`, milliseconds(hand), '', ''],
    ['cupel grade --no-cache, layers warm', milliseconds(full), `${percent(full / hand)} of by hand`, 'at most 75 %'],
    ['cupel grade, verdicts kept', milliseconds(cached), beyondStart, 'under 500 ms'],
    ['cupel grade --help', milliseconds(start), '', ''],
    ['cupel --help', milliseconds(help), `${milliseconds(help - bare)} beyond node -e 0`, 'within 150 ms'],
    ['node -e 0', milliseconds(bare), '', ''],
  ]);
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-bench-'));
  await chmod(folder, 0o755);
  try {
    const { sandbox, jobs } = await commandsOf(folder);
    const medians = await measure(sandbox, jobs, folder);
    const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
    const answer = `The answer is \`${scenario}@2.1.r1.md\` (72 files, Python and TypeScript); ${machine}.`;
    print('grade', 'Grading', `${table(medians, jobs.length)}\n\n${answer}`, words.includes('--write'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
