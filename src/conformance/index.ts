/**
 * What reporters of other people are held to: `import { reporterProblems } from 'cupel/conformance'`. The reporters
 * that come with Cupel are held to the same.
 */
import { emptyCatalog } from '../domain/grading/check-description.ts';
import type { Results } from '../domain/runs/run.ts';
import type { Reporter, RunFiles } from '../ports/reporter.ts';
import { sampleResults, scenariosToTell } from './sample.ts';

export type { Report, Reporter, RunFiles } from '../ports/reporter.ts';
export type { CheckCatalog } from '../domain/grading/check-description.ts';
export type { Results } from '../domain/runs/run.ts';

const run: RunFiles = {
  path: 'reports/runs/sample',
  texts: () => Promise.resolve({ answer: null, files: new Map() }),
};

/** Makes a value that cannot be changed, with all that is in it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** What a reporter makes of results; `problem` where it makes nothing. */
async function rendered(reporter: Reporter, results: Results): Promise<{ text: string; problem: string | null }> {
  try {
    const report: unknown = await reporter.render(frozen(results), run, emptyCatalog);
    const text = typeof report === 'object' && report !== null && 'text' in report ? report.text : undefined;
    if (typeof text === 'string') return { text, problem: null };
    return { text: '', problem: 'expected render to resolve to { text }, a string, found something else' };
  } catch (error) {
    return { text: '', problem: `expected render to resolve, found that it rejects: ${String(error)}` };
  }
}

/** Characters that a terminal obeys, and halves of characters, which no file in UTF-8 can hold. */
const harmful = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/u;

/**
 * What is wrong with a reporter, in sentences; empty where nothing is. It is given a run with every verdict and with
 * texts that hostile code could have written, and a run without answers; nothing of them may be changed.
 */
export async function reporterProblems(reporter: Reporter): Promise<string[]> {
  const first = await rendered(reporter, sampleResults());
  const again = await rendered(reporter, sampleResults());
  const empty = await rendered(reporter, sampleResults(true));
  const broken = [first.problem, empty.problem && `for a run without answers: ${empty.problem}`];
  if (first.problem !== null || empty.problem !== null) return broken.filter((problem) => problem !== null);
  const missing = scenariosToTell.filter((scenario) => !first.text.includes(scenario));
  return [
    ...missing.map(
      (scenario) => `expected every answer that does not pass to be told of, found nothing of the scenario ${scenario}`,
    ),
    ...(first.text === again.text ? [] : ['expected the same text for the same run, found another one']),
    ...(harmful.test(first.text)
      ? ['expected no control characters and no halves of characters of an answer in the text, found some']
      : []),
  ];
}
