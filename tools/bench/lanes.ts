/**
 * How busy the cores are while checks wait for a lane: `npm run bench -- lanes [--write]`, on a machine that does
 * nothing else. The recorded answers of the default suite are graded with warm layers and without kept verdicts.
 */
import { availableParallelism, cpus } from 'node:os';
import { answerEffects } from '../../src/app/cells/answer-effects.ts';
import { openServices } from '../../src/app/services/services.ts';
import { gradeAnswer } from '../../src/stages/pipeline.ts';
import { recorded } from '../../src/providers/recorded.ts';
import { markdownTable } from '../../src/reporters/table.ts';
import { plan } from '../../src/stages/1-plan/plan.ts';
import { Lanes } from '../../src/stages/5-check/lanes.ts';
import type { Load } from '../../src/stages/5-check/lanes.ts';
import { milliseconds, percent, print } from './measure.ts';

/** Processor time of all cores since the machine was started, in milliseconds. */
function processorTime(): { busy: number; all: number } {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    busy: user + nice + sys + irq,
    all: user + nice + sys + irq + idle,
  }));
  return times.reduce((sum, { busy, all }) => ({ busy: sum.busy + busy, all: sum.all + all }), { busy: 0, all: 0 });
}

/** Lanes that note how busy the cores are while at least one check waits for a lane, and while none does. */
class WatchedLanes extends Lanes {
  #waiting = 0;
  #since = { at: performance.now(), ...processorTime() };
  readonly queued = { wall: 0, busy: 0, all: 0 };
  readonly rest = { wall: 0, busy: 0, all: 0 };

  /** Counts the time since the last change to where it belongs. */
  note(change: number): void {
    const now = { at: performance.now(), ...processorTime() };
    const part = this.#waiting > 0 ? this.queued : this.rest;
    part.wall += now.at - this.#since.at;
    part.busy += now.busy - this.#since.busy;
    part.all += now.all - this.#since.all;
    this.#since = now;
    this.#waiting += change;
  }

  override run<T>(load: Load, work: () => Promise<T>): Promise<T> {
    this.note(1);
    return super.run(load, () => {
      this.note(-1);
      return work();
    });
  }
}

/** Grades all answers of the default suite at once. */
async function gradeAll(): Promise<WatchedLanes> {
  const services = await openServices({ cache: false });
  const suite = await services.library.suite('default');
  const cells = await plan(
    suite,
    { prompts: [], models: [], scenarios: [], repeats: null },
    services.library,
    services.grading.runners,
  );
  const provider = recorded(services.library);
  const lanes = new WatchedLanes(availableParallelism());
  await Promise.all(
    cells.map(async ({ cell, prompt, request, scenario }) => {
      const answer = await provider.answer(request, cell, services.signal);
      const effects = await answerEffects(services, cell, answer, {});
      const judging = { scenario, sections: prompt.sections ?? [], assumptions: [] };
      await gradeAnswer(cell, answer, judging, { ...effects, grading: { ...effects.grading, lanes } });
    }),
  );
  lanes.note(0);
  return lanes;
}

/** Measures, prints, and keeps with `--write`. */
export async function bench(words: readonly string[]): Promise<void> {
  await gradeAll(); // layers are there now
  const { queued, rest } = await gradeAll();
  const rows = [
    ['while', 'lasted', 'cores busy', 'asked'],
    [
      'checks wait for a lane',
      milliseconds(queued.wall),
      percent(queued.busy / Math.max(1, queued.all)),
      'at least 90 %',
    ],
    [
      'none does: the first are prepared, the last ones end',
      milliseconds(rest.wall),
      percent(rest.busy / Math.max(1, rest.all)),
      '',
    ],
  ];
  const section = `${markdownTable(rows)}\n\nThe six answers of the default suite at once, on ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}).`;
  print('lanes', 'Cores', section, words.includes('--write'));
}
