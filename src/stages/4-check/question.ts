import type { Extraction } from '../../domain/extraction.ts';
import { defaultLimits, limitsSchema } from '../../domain/limits.ts';
import type { Project } from '../../domain/project.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Runner } from '../../contract/runner.ts';
import type { Question } from '../../domain/question.ts';
import { UsageError } from '../../domain/usage-error.ts';

/** Endings of languages that have no runner: an answer in one of them cannot be judged at all. */
const otherLanguages = /\.(java|kt|rs|rb|php|cs|fs|cpp|cc|c|swift|scala|ex|exs|hs|lua|r|pl|dart|clj)$/i;

/** The question that a scenario asks. */
export function askedBy(scenario: Scenario): Question {
  return {
    asked: {
      languages: scenario.languages,
      dependencies: scenario.dependencies,
      limits: limitsSchema.parse({ ...defaultLimits, ...scenario.limits }),
      sections: scenario.sections,
    },
    policy: scenario.checks,
    assumptions: [],
  };
}

/**
 * The question for an answer without a scenario: the languages that it has, each with its usual standards, no coverage target.
 * Throws `UsageError` when it has files, but in no language that has a runner.
 */
export function askedOfBare(extraction: Extraction, projects: readonly Project[], runners: readonly Runner[]): Question {
  const present = runners.filter(
    ({ language, fences }) =>
      projects.some((project) => project.language === language) ||
      extraction.blocks.some((block) => block.role === 'unnamed' && block.language !== null && fences.includes(block.language)),
  );
  const foreign = extraction.files.find(({ path }) => otherLanguages.test(path));
  if (present.length === 0 && foreign !== undefined) {
    throw new UsageError(`expected an answer in ${runners.map(({ language }) => language).join(', ')}, found ${foreign.path}; no runner can check it.`);
  }
  const languages = Object.fromEntries(
    present.map(({ language, runtime, defaultStandards }) => [language, { runtime, standards: [...defaultStandards], coverage: null, configuration: {} }]),
  );
  const assumptions = present.map(
    ({ language, runtime, defaultStandards }) => `${language} ${runtime}, judged by ${defaultStandards.join(', ')}: the answer has files of it, and no scenario says otherwise`,
  );
  return {
    asked: { languages, dependencies: { allow: 'any', violation: 'fail', builds: 'offline' }, limits: defaultLimits, sections: false },
    policy: { required: [], optional: [], weights: {} },
    assumptions: assumptions.length > 0 ? assumptions : ['nothing: the answer has no file of a language that Cupel can check'],
  };
}
