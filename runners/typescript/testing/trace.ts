import type { CheckContext } from '../../../src/ports/runner.ts';
import { fromProject } from '../../../src/domain/grading/project.ts';
import { withReplaced } from '../../shared/replaced.ts';
import type { Interrupted, TestCase } from '../../shared/testing/report.ts';
import type { Prepared, Site } from './prepare.ts';

/** Runs the tests of a copy that writes down which test begins and how it ends; hands over what was written. */
export type TracedRun = (workspace: string, variables: Readonly<Record<string, string>>) => Promise<string | null>;

const stateOf: Readonly<Record<string, TestCase['status'] | 'begun' | undefined>> = {
  begun: 'begun',
  passed: 'passed',
  failed: 'failed',
};

/**
 * What a trace says: tests by the place where they are made, and the last one that begun and never ended. It is written
 * where code of the answer runs, so it explains a failure and decides nothing.
 */
export function readTrace(context: Pick<CheckContext, 'project'>, sites: readonly Site[], text: string): Interrupted {
  const byWord = new Map(sites.map((site) => [site.word, site]));
  const states = new Map<Site, TestCase['status'] | 'begun'>();
  const failed = new Set<Site>();
  for (const line of text.split('\n')) {
    const [word = '', said = ''] = line.split(' ');
    const [site, state] = [byWord.get(word), stateOf[said]];
    if (site === undefined || state === undefined) continue;
    states.delete(site); // the one that is begun last stands last
    states.set(site, state);
    if (state === 'failed') failed.add(site);
  }
  const placeOf = (site: Site): Pick<TestCase, 'name' | 'file' | 'line'> => ({
    name: `${site.file} › ${site.title}`,
    file: fromProject(context.project, site.file),
    line: site.line,
  });
  const tests = [...states].flatMap(([site, status]): TestCase[] =>
    // A call with a table makes many tests: one that failed decides.
    status === 'begun' ? [] : [{ ...placeOf(site), status: failed.has(site) ? 'failed' : status, message: '' }],
  );
  const running = [...states].findLast(([, state]) => state === 'begun')?.[0];
  return { tests, running: running === undefined ? null : placeOf(running) };
}

/** Runs tests that ended from outside once more, to say which of them was running; null where nothing was written. */
export async function traceOf(context: CheckContext, prepared: Prepared, run: TracedRun): Promise<Interrupted | null> {
  const changed = new Map(Object.entries(prepared.files));
  const text = await withReplaced(context, changed, (workspace) =>
    run(workspace, { [prepared.variable]: prepared.traced }),
  );
  return text === null ? null : readTrace(context, prepared.sites, text);
}
