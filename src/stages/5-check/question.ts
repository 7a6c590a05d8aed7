import { posix } from 'node:path';
import { checkIdText } from '../../domain/grading/check-id.ts';
import { SCENARIO_CHECK } from '../../domain/grading/command-check.ts';
import type { CommandCheck } from '../../domain/grading/command-check.ts';
import type { Extraction } from '../../domain/grading/extraction.ts';
import { defaultLimits, limitsSchema } from '../../domain/grading/limits.ts';
import type { Project } from '../../domain/grading/project.ts';
import { withinProject } from '../../domain/grading/project.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import type { Runner } from '../../ports/runner.ts';
import type { Judging, Policy, Question } from '../../domain/grading/question.ts';
import { UsageError } from '../../domain/usage-error.ts';

/** Endings of languages that have no runner: an answer in one of them cannot be judged at all. */
const otherLanguages = /\.(kt|rs|rb|php|cs|fs|cpp|cc|c|swift|scala|ex|exs|hs|lua|r|pl|dart|clj)$/i;

/** How the checks of a scenario are weighed, those that it brings included. */
function policyOf({ checks: { required, optional, weights, commands = [] } }: Scenario): Policy {
  const idOf = ({ id }: CommandCheck): string => checkIdText({ language: SCENARIO_CHECK, name: id, root: null });
  return {
    required: [...required, ...commands.filter((check) => check.required).map(idOf)],
    optional,
    weights: { ...Object.fromEntries(commands.map((check) => [idOf(check), check.weight])), ...weights },
  };
}

/** The question that a scenario asks, together with what its prompt asks for. */
export function questionOfScenario(
  scenario: Scenario,
  { sections, parts }: Pick<Judging, 'sections' | 'parts'>,
): Question {
  return {
    asked: {
      languages: scenario.languages,
      dependencies: scenario.dependencies,
      limits: limitsSchema.parse({ ...defaultLimits, ...scenario.limits }),
      sections: scenario.sections ? sections : [],
      parts,
      contract: scenario.contract,
      commands: scenario.checks.commands,
    },
    policy: policyOf(scenario),
    assumptions:
      scenario.contract === undefined
        ? ['nothing outside of the answer says what its programs should do: the scenario has no contract']
        : [],
  };
}

/** What an answer has of a language. */
interface Presence {
  runner: Runner;
  /** Whether there is any code of it. */
  hasCode: boolean;
  hasManifest: boolean;
  /** Whether there is nothing but code, as of a script that belongs to a page. */
  isCodeAlone: boolean;
}

/**
 * The tags of blocks that count for a language: where two runners read a tag, it is that of the one whose files are
 * there.
 */
function tagsOf(runner: Runner, projects: readonly Project[], runners: readonly Runner[]): readonly string[] {
  const isThere = (language: string | undefined): boolean => projects.some((project) => project.language === language);
  if (runner.partOf !== undefined) return isThere(runner.partOf) ? [] : runner.fences;
  if (isThere(runner.language)) return runner.fences;
  const parts = runners.filter(({ partOf }) => partOf === runner.language);
  return runner.fences.filter((tag) => !parts.some(({ fences }) => fences.includes(tag)));
}

function presenceOf(
  runner: Runner,
  extraction: Extraction,
  projects: readonly Project[],
  runners: readonly Runner[],
): Presence {
  const { language, manifests, isTest } = runner;
  const fences = tagsOf(runner, projects, runners);
  const ofLanguage = projects.filter((project) => project.language === language);
  const hasUnnamed = extraction.blocks.some(
    (block) => block.role === 'unnamed' && block.language !== null && fences.includes(block.language),
  );
  const hasManifest = ofLanguage.some(({ files }) =>
    files.some(({ path }) => manifests.includes(posix.basename(path))),
  );
  const hasTests = ofLanguage.some((project) => project.files.some(({ path }) => isTest(withinProject(project, path))));
  return {
    runner,
    hasCode: ofLanguage.length > 0 || hasUnnamed,
    hasManifest,
    isCodeAlone: !hasManifest && !hasTests && !hasUnnamed,
  };
}

/**
 * The question for an answer without a scenario: the languages that it has, each with its usual standards, no coverage
 * target. Code without a manifest and tests is a part of another language's project (a page's script), where there is
 * one. Throws `UsageError` when it has files, but in no language that has a runner.
 */
export function questionWithoutScenario(
  extraction: Extraction,
  projects: readonly Project[],
  runners: readonly Runner[],
): Question {
  const all = runners
    .map((runner) => presenceOf(runner, extraction, projects, runners))
    .filter(({ hasCode }) => hasCode);
  const someManifest = all.some(({ hasManifest }) => hasManifest);
  const isPart = ({ isCodeAlone }: Presence): boolean => isCodeAlone && someManifest;
  const judged = all.filter((one) => !isPart(one)).map(({ runner }) => runner);
  const parts = all.filter(isPart).map(({ runner }) => runner);
  return questionFor(judged, parts, extraction, runners);
}

/** The question about some languages; others, of which the answer has only parts, are not judged. */
function questionFor(
  present: readonly Runner[],
  notJudged: readonly Runner[],
  extraction: Extraction,
  runners: readonly Runner[],
): Question {
  const foreign = extraction.files.find(({ path }) => otherLanguages.test(path));
  if (present.length === 0 && foreign !== undefined) {
    throw new UsageError(
      `expected an answer in ${runners.map(({ language }) => language).join(', ')}, found ${foreign.path}; no runner can check it.`,
    );
  }
  const languages = Object.fromEntries(
    present.map(({ language, runtime, defaultStandards }) => [
      language,
      { runtime, standards: [...defaultStandards], coverage: null, configuration: {}, testsOptional: true as const },
    ]),
  );
  const assumptions = [
    ...present.map(
      ({ language, runtime, defaultStandards }) =>
        `${language} ${runtime}, judged by ${defaultStandards.join(', ')}: the answer has files of it, and no scenario says otherwise`,
    ),
    ...(present.length === 0 ? [] : ['no tests and no coverage are asked for: tests that are there must pass']),
    ...notJudged.map(
      ({ language }) =>
        `${language} is not judged: the answer has files of it, but no manifest and no tests, and those of another language have one`,
    ),
  ];
  return {
    asked: {
      languages,
      dependencies: { allow: 'any', violation: 'fail', builds: 'offline' },
      limits: defaultLimits,
      sections: [],
    },
    policy: { required: [], optional: [], weights: {} },
    assumptions:
      assumptions.length > 0 ? assumptions : ['nothing: the answer has no file of a language that Cupel can check'],
  };
}
