/**
 * How busy the cores are while checks wait for a lane: `npm run bench -- lanes [--write]`, on a machine that does nothing else. The
 * recorded answers of the default suite are graded with warm layers and without kept verdicts.
 */
import { availableParallelism, cpus } from 'node:os';
import { services } from '../cli/services.ts';
import { gradeAnswer } from '../pipeline.ts';
import { recorded } from '../providers/recorded.ts';
import { markdownTable } from '../reporters/table.ts';
import { plan } from '../stages/1-plan/plan.ts';
import { milliseconds, percent, print } from './measure.ts';

/** Processor time of all cores since the machine was started, in milliseconds. */
function processorTime(): { busy: number; all: number } {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({ busy: user + nice + sys + irq, all: user + nice + sys + irq + idle }));
  return times.reduce((sum, { busy, all }) => ({ busy: sum.busy + busy, all: sum.all + all }), { busy: 0, all: 0 });
}

interface Moment extends ReturnType<typeof processorTime> {
  at: number;
}

const now = (): Moment => ({ at: performance.now(), ...processorTime() });

/** Grades all answers of the default suite at once; resolves with the moments at which checks were started, and the end. */
async function gradeAll(): Promise<{ starts: Moment[]; end: Moment }> {
  const wired = await services({ cache: false }, new AbortController().signal);
  const suite = await wired.library.suite('default');
  const cells = await plan(suite, { prompts: [], models: [], scenarios: [], repeats: null }, wired.library, wired.runners);
  const provider = recorded(wired.library);
  const starts: Moment[] = [];
  await Promise.all(
    cells.map(async ({ cell, request, scenario }) => {
      const answer = await provider.answer(request, cell, wired.signal);
      const { effects } = await wired.cellEffects(cell, answer, null, {});
      await gradeAnswer(cell, answer, scenario, { ...effects, started: () => starts.push(now()) });
    }),
  );
  return { starts, end: now() };
}

const busyBetween = (from: Moment, to: Moment): number => (to.busy - from.busy) / Math.max(1, to.all - from.all);

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  await gradeAll(); // layers are there now
  const { starts, end } = await gradeAll();
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no check was started');
  const rows = [
    ['while', 'lasted', 'cores busy', 'asked'],
    ['checks wait for a lane (until the last one starts)', milliseconds(last.at - first.at), percent(busyBetween(first, last)), 'at least 90 %'],
    ['the last ones end', milliseconds(end.at - last.at), percent(busyBetween(last, end)), ''],
  ];
  const section = `${markdownTable(rows)}\n\nThe six answers of the default suite at once, on ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}).`;
  print('lanes', 'Cores', section, words.includes('--write'));
}
