import { posix } from 'node:path';
import type { Extraction } from '../../domain/grading/extraction.ts';
import { defaultLimits, limitsSchema } from '../../domain/grading/limits.ts';
import type { Project } from '../../domain/grading/project.ts';
import { withinProject } from '../../domain/grading/project.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import type { Section } from '../../domain/grading/sections.ts';
import type { Runner } from '../../ports/runner.ts';
import type { Question } from '../../domain/grading/question.ts';
import { UsageError } from '../../domain/usage-error.ts';

/** Endings of languages that have no runner: an answer in one of them cannot be judged at all. */
const otherLanguages = /\.(java|kt|rs|rb|php|cs|fs|cpp|cc|c|swift|scala|ex|exs|hs|lua|r|pl|dart|clj)$/i;

/** The question that a scenario asks, together with the sections that the prompt asks for. */
export function askedBy(scenario: Scenario, sections: readonly Section[]): Question {
  return {
    asked: {
      languages: scenario.languages,
      dependencies: scenario.dependencies,
      limits: limitsSchema.parse({ ...defaultLimits, ...scenario.limits }),
      sections: scenario.sections ? sections : [],
    },
    policy: scenario.checks,
    assumptions: [],
  };
}

/** How much an answer makes of a language: whether it has code of it at all, and what a project of its own would have. */
function presenceOf(
  { language, fences, manifests, isTest }: Runner,
  extraction: Extraction,
  projects: readonly Project[],
): { some: boolean; declared: boolean; aside: boolean } {
  const own = projects.filter((project) => project.language === language);
  const unnamed = extraction.blocks.some(
    (block) => block.role === 'unnamed' && block.language !== null && fences.includes(block.language),
  );
  const declared = own.some(({ files }) => files.some(({ path }) => manifests.includes(posix.basename(path))));
  const tested = own.some((project) => project.files.some(({ path }) => isTest(withinProject(project, path))));
  return { some: own.length > 0 || unnamed, declared, aside: !declared && !tested && !unnamed };
}

/**
 * The question for an answer without a scenario: the languages that it has, each with its usual standards, no coverage target. Code
 * without a manifest and tests is no more than a part of another language's project (a page's script), where there is one.
 * Throws `UsageError` when it has files, but in no language that has a runner.
 */
export function askedOfBare(
  extraction: Extraction,
  projects: readonly Project[],
  runners: readonly Runner[],
): Question {
  const all = runners
    .map((runner) => ({ runner, ...presenceOf(runner, extraction, projects) }))
    .filter(({ some }) => some);
  const aside = all.filter((one) => one.aside && all.some(({ declared }) => declared)).map(({ runner }) => runner);
  const present = all.map(({ runner }) => runner).filter((runner) => !aside.includes(runner));
  const foreign = extraction.files.find(({ path }) => otherLanguages.test(path));
  if (present.length === 0 && foreign !== undefined) {
    throw new UsageError(
      `expected an answer in ${runners.map(({ language }) => language).join(', ')}, found ${foreign.path}; no runner can check it.`,
    );
  }
  const languages = Object.fromEntries(
    present.map(({ language, runtime, defaultStandards }) => [
      language,
      { runtime, standards: [...defaultStandards], coverage: null, configuration: {} },
    ]),
  );
  const assumptions = [
    ...present.map(
      ({ language, runtime, defaultStandards }) =>
        `${language} ${runtime}, judged by ${defaultStandards.join(', ')}: the answer has files of it, and no scenario says otherwise`,
    ),
    ...aside.map(
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
