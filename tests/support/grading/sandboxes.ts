import type { Execution, Job, Sandbox } from '../../../src/ports/sandbox.ts';

/** An end that no program of this machine came to. */
export function ended(parts: Partial<Execution>): Execution {
  return {
    command: 'scripted',
    exitCode: 0,
    signal: null,
    limit: null,
    stdout: '',
    stderr: '',
    durationMs: 1,
    cpuMs: 1,
    peakMiB: 1,
    ...parts,
  };
}

/**
 * What a script makes of a job: another job to run really, or an end that it makes up. A throw is what a sandbox
 * throws.
 */
export type Script = (job: Job) => Job | Execution;

/** A sandbox that asks a script first. */
export function scripted(script: Script): (real: Sandbox) => Sandbox {
  return (real) => ({
    run: async (job) => {
      const made = script(job);
      return 'exitCode' in made ? made : real.run(made);
    },
    serve: (job) => real.serve(job),
    probe: () => real.probe(),
  });
}

/** Whether a job is a run of an answer's tests, or of the control test that is run in the same way. */
export function runsTests({ command }: Job): boolean {
  return (
    command.some((word) => /run_tests\.(py|sh)$/.test(word)) || command.some((word) => word.startsWith('--outputFile'))
  );
}

/** Whether a job may reach the registries. */
export const resolves = ({ network }: Job): boolean => network === 'registries';

/** Whether a job starts a program whose path ends like this. */
export function starts(job: Job, ending: string): boolean {
  return job.command.some((word) => word.endsWith(ending));
}

/** A sandbox that says that it has no private loopback. */
export const withoutLoopback = (real: Sandbox): Sandbox => ({
  run: (job) => real.run(job),
  serve: (job) => real.serve(job),
  probe: async () => ({ ...(await real.probe()), loopback: false }),
});
