import type { Contract } from '../domain/grading/contract/contract.ts';
import type { Evidence } from '../domain/grading/check.ts';
import type { CheckContext } from '../ports/runner.ts';
import { plantAll } from './canaries/plant.ts';
import { CanaryWatch } from './canaries/watch.ts';
import type { PlacedLeak } from './canaries/watch.ts';
import { askCommand } from './command.ts';
import { evidenceOf } from './evidence.ts';
import { attackAll } from './exploits/attack.ts';
import type { Attacked } from './exploits/attack.ts';
import type { Measured } from './latency/judge.ts';
import { measureAll } from './latency/load.ts';
import { questionsFor } from './questions.ts';
import type { Asked } from './questions.ts';
import { sharedScope } from './scope.ts';
import { Programs, askService } from './service.ts';
import type { ServiceRun } from './service.ts';

/** All that was learnt by asking the program of a project. */
export interface Session {
  /** Why the program does not start, null when it does. */
  problem: string | null;
  asked: Asked[];
  leaks: readonly PlacedLeak[];
  /** What came of the attacks that the contract states. */
  attacked: readonly Attacked[];
  /** What the loads that the contract states measured. */
  measured: readonly Measured[];
  /** The programs that were started, the first ones. */
  evidence: Evidence[];
}

/** Most programs of which the output is kept. */
const KEPT_PROGRAMS = 5;

const nothing = { asked: [], leaks: [], attacked: [], measured: [] };

async function askAll(run: ServiceRun, language: string): Promise<Session> {
  const programs = new Programs(run);
  const evidence = (): Evidence[] =>
    programs.ends.slice(0, KEPT_PROGRAMS).map(({ start, execution }) => {
      const kept = evidenceOf(execution);
      return { ...kept, command: `${kept.command} # start: ${start}` };
    });
  const { problem, asked } = await askService(run, programs, questionsFor(run.contract, language));
  if (problem !== null) return { ...nothing, problem, evidence: evidence() };
  const attacked = await attackAll(run, programs);
  const measured = await measureAll(run, programs);
  return { problem, asked, leaks: run.watch.leaks, attacked, measured, evidence: evidence() };
}

/** Asks the program of a project everything that its contract asks; once, however many checks want to know. */
export function sessionOf(context: CheckContext, contract: Contract): Promise<Session> {
  return context.once('contract-session', () => {
    const { launch, project, sandbox, limits, signal } = context;
    const language = project.language ?? '';
    const run = contract.run[language];
    if (launch === undefined || run === undefined) throw new Error(`the contract does not say how ${language} is run`);
    const planted = plantAll(contract);
    const shared = sharedScope(contract, planted);
    const watch = new CanaryWatch(planted);
    return launch(context, run, (built): Promise<Session> => {
      if ('problem' in built)
        return Promise.resolve({ ...nothing, problem: built.problem, evidence: [...built.evidence] });
      const common = { sandbox, shared, launch: built, limits, signal, watch, alone: context.alone };
      return contract.kind === 'http'
        ? askAll({ ...common, contract }, language)
        : askCommand({ ...common, contract }, questionsFor(contract, language)).then((asked) => ({
            ...nothing,
            ...asked,
            leaks: watch.leaks,
          }));
    });
  });
}
