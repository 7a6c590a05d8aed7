import type { Runner } from '../ports/runner.ts';
import type { SandboxReport } from '../ports/sandbox.ts';
import { stateSize } from '../store/state/prune.ts';
import type { State } from '../store/state/state.ts';
import type { Services } from './services/services.ts';

/** Whether a language can be graded here. */
export interface LanguageHealth {
  language: string;
  /** Versions of its tools, by name. */
  tools: Record<string, string>;
  /** What is missing and what to do; null when all is there. */
  problem: string | null;
}

/** What works on this machine. */
export interface Health {
  healthy: boolean;
  /** `bytes`: what the state folder takes. */
  state: State & { bytes: number };
  sandbox: SandboxReport;
  /** Empty where there is no sandbox, for then nothing can be tried. */
  languages: LanguageHealth[];
}

async function healthOf({ grading, state, signal }: Services, runner: Runner): Promise<LanguageHealth> {
  const { language } = runner;
  try {
    const tools = await grading.tools(runner);
    const missing = Object.keys(tools).filter((tool) => tools[tool] === 'missing');
    const problem =
      missing.length === 0
        ? null
        : `${missing.join(', ')} missing; remove layers and seals in ${state.folder} ` +
          'and run npm start to install again';
    return { language, tools, problem };
  } catch (error) {
    signal.throwIfAborted();
    return { language, tools: {}, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Tries sandbox and tools of every language. */
export async function checkHealth(services: Services): Promise<Health> {
  const sandbox = await services.sandboxReport();
  const languages: LanguageHealth[] = [];
  for (const runner of sandbox.level === 'none' ? [] : services.grading.runners)
    languages.push(await healthOf(services, runner));
  const { folder, reason } = services.state;
  return {
    healthy: sandbox.level !== 'none' && languages.every(({ problem }) => problem === null),
    state: { folder, reason, bytes: await stateSize(folder) },
    sandbox,
    languages,
  };
}
