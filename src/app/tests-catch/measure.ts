/** Whether the tests of an answer notice programs that are wrong. */
import type { Answer } from '../../domain/grading/answer.ts';
import type { CheckResult } from '../../domain/grading/check.ts';
import { parseCheckId } from '../../domain/grading/check-id.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { withinProject } from '../../domain/grading/project.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import { counted } from '../../formats/words.ts';
import type { Runner } from '../../ports/runner.ts';
import { extract } from '../../stages/3-extract/extract.ts';
import { sharing } from '../../stages/4-projects/languages.ts';
import { projectsOf } from '../../stages/4-projects/projects.ts';
import { checkAnswer } from '../../stages/5-check/check.ts';
import { questionOfScenario } from '../../stages/5-check/question.ts';
import { readSpecimens } from '../../store/inputs/specimens.ts';
import type { KnownAnswers } from '../../store/inputs/specimens.ts';
import { answerEffects } from '../cells/answer-effects.ts';
import type { Services } from '../services/services.ts';
import { hybridOf } from './hybrid.ts';
import { speakingTests } from './speaking.ts';
import type { TestFile } from './speaking.ts';

/** Wrong programs that tests are run against at most. */
const MOST_WRONG = 12;
/** The checks that running tests takes. */
const neededChecks = ['dependencies', 'build', 'tests'];

/** What was measured of the tests of one language. */
export type Catches = { caught: string[]; missed: string[]; files: string[] } | { why: string };

interface Measuring {
  services: Services;
  scenario: Scenario;
  known: KnownAnswers;
  runner: Runner;
}

/** What comes of these tests with the program of a known answer; null where they cannot be put together. */
async function testsWith(
  { services, scenario, known, runner }: Measuring,
  text: string,
  tests: readonly TestFile[],
): Promise<CheckResult | null> {
  const { grading } = services;
  const hybrid = hybridOf(text, sharing(grading.runners, scenario.languages), runner, tests);
  if (hybrid === null) return null;
  const answer: Answer = {
    text,
    stopReason: 'unknown',
    usage: null,
    costUsd: null,
    latencyMs: null,
    firstTokenMs: null,
    reportedModel: null,
    date: known.date,
  };
  const cell = { prompt: null, scenario: scenario.id, model: null, repeat: 1 };
  const place = { resolutionFile: known.resolutionFile, resolvedLike: [known.reference, known.original] };
  const effects = await answerEffects(services, cell, answer, {}, place);
  const only = { ...runner, checks: runner.checks.filter(({ name }) => neededChecks.includes(name)) };
  const narrowed = { ...grading, runners: [only], sharedChecks: { answer: [], everyLanguage: [] } };
  const { asked } = questionOfScenario(scenario, { sections: [] });
  const language = asked.languages[runner.language];
  if (language === undefined) return null;
  const question = {
    ...asked,
    languages: { [runner.language]: { ...language, coverage: null } },
    contract: undefined,
  };
  const results = await checkAnswer({ answer, ...hybrid }, question, { ...effects, grading: narrowed });
  services.signal.throwIfAborted();
  return results.find(({ id }) => parseCheckId(id).name === 'tests') ?? null;
}

/**
 * How tests ended with a program; null where nobody can say. That they would pass with any program is found only when
 * all have passed.
 */
export function endOf(result: CheckResult | null): 'passed' | 'failed' | null {
  if (result === null || (result.status !== 'passed' && result.status !== 'failed')) return null;
  if (result.status === 'passed' || result.findings.some(({ rule }) => rule === 'forged')) return 'passed';
  return result.findings.length > 0 ? 'failed' : null;
}

/** Each file once, together with the data that tests read. */
function filesOf(project: Project, runner: Runner, speaking: ReadonlyMap<string, readonly TestFile[]>): TestFile[] {
  const data = project.files
    .map(({ path, text }) => ({ path: withinProject(project, path), text }))
    .filter(({ path }) => runner.isTest(path) && !runner.extensions.some((ending) => path.endsWith(ending)));
  return [...new Map([...data, ...[...speaking.values()].flat()].map((file) => [file.path, file])).values()];
}

/** Those of the tests that pass with the reference, for what others want is more than the contract says. */
async function passingWithReference(
  measuring: Measuring,
  project: Project,
  speaking: ReadonlyMap<string, readonly TestFile[]>,
): Promise<{ tests: TestFile[]; files: string[] } | { why: string }> {
  const { known, runner } = measuring;
  const result = await testsWith(measuring, known.reference, filesOf(project, runner, speaking));
  if (endOf(result) === 'passed')
    return { tests: filesOf(project, runner, speaking), files: [...speaking.keys()].sort() };
  if (result === null || endOf(result) === null)
    return { why: `they could not be run with the program that is right: ${result?.reason ?? 'no result'}` };
  const failing = new Set(result.findings.flatMap(({ file }) => file ?? []));
  const isFailing = (path: string): boolean => [...failing].some((one) => one === path || one.endsWith(`/${path}`));
  const rest = new Map([...speaking].filter(([, files]) => !files.some(({ path }) => isFailing(path))));
  if (rest.size === 0 || rest.size === speaking.size)
    return {
      why: `they want more than the contract says: ${result.reason ?? 'they fail'} with a program that is right`,
    };
  return passingWithReference(measuring, project, rest);
}

async function catchesOf(measuring: Measuring, projects: readonly Project[]): Promise<Catches> {
  const { scenario, known, runner } = measuring;
  const run = scenario.contract?.run[runner.language];
  const wrong = known.specimens
    .filter(({ specimen }) => specimen.class === 'behaviour' && specimen.language === runner.language)
    .slice(0, MOST_WRONG);
  if (run === undefined || wrong.length === 0) return { why: 'the scenario has no wrong programs in this language' };
  const [project, ...others] = projects.filter(({ language }) => language === runner.language);
  if (project === undefined || others.length > 0) return { why: 'the answer has not exactly one project of it' };
  const speaking = speakingTests(project, run, runner);
  if (speaking.size === 0) return { why: 'none of its tests starts the program as the contract does' };
  const right = await passingWithReference(measuring, project, speaking);
  if ('why' in right) return right;
  const results = await Promise.all(
    wrong.map(async ({ specimen: { id }, text }) => ({ id, result: await testsWith(measuring, text, right.tests) })),
  );
  const idsOf = (end: 'passed' | 'failed'): string[] =>
    results.filter(({ result }) => endOf(result) === end).map(({ id }) => id);
  const [caught, missed] = [idsOf('failed'), idsOf('passed')];
  if (caught.length + missed.length === 0) return { why: 'they could not be run with any wrong program' };
  return { caught, missed, files: right.files };
}

const nothingShown = (of: number): Finding => ({
  tool: 'cupel',
  rule: 'tests-catch-nothing',
  severity: 'info',
  message: `the tests that start the program pass with all of ${counted(of, 'wrong program')}: they show nothing`,
  file: null,
  line: null,
  answer_line: null,
});

/** A check of tests with what was measured. Verdict and score stay as they are. */
export function withCatches(result: CheckResult, catches: Catches): CheckResult {
  if ('why' in catches) return { ...result, facts: { ...result.facts, tests_catch: `not measured: ${catches.why}` } };
  const { caught, missed, files } = catches;
  const of = caught.length + missed.length;
  return {
    ...result,
    facts: {
      ...result.facts,
      tests_catch: `${caught.length} of ${of}`,
      tests_catch_caught: caught,
      tests_catch_missed: missed,
      tests_catch_files: files,
    },
    findings: caught.length > 0 ? result.findings : [...result.findings, nothingShown(of)],
  };
}

/**
 * Adds to a grade how many wrong programs of its scenario the answer's tests notice: for each language, the tests that
 * talk to the program as the contract does are run with each of them. Nothing of the verdict depends on it.
 */
export async function measureCatches(
  services: Services,
  scenario: Scenario | null,
  text: string,
  graded: Grade,
): Promise<Grade> {
  const known = scenario === null ? null : await readSpecimens(services.library, scenario.id);
  const { runners } = services.grading;
  const projects = projectsOf(extract(text).files, sharing(runners, scenario?.languages ?? null));
  const checks: CheckResult[] = [];
  for (const result of graded.checks) {
    const { language, name } = parseCheckId(result.id);
    const runner = runners.find((one) => one.language === language);
    if (name !== 'tests' || runner === undefined || (result.status !== 'passed' && result.status !== 'failed'))
      checks.push(result);
    else if (scenario === null || known === null)
      checks.push(withCatches(result, { why: 'there is no scenario with programs that are known to be wrong' }));
    else checks.push(withCatches(result, await catchesOf({ services, scenario, known, runner }, projects)));
  }
  return { ...graded, checks };
}
