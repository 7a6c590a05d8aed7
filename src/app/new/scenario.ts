import { stringify } from 'yaml';
import { UsageError } from '../../domain/usage-error.ts';
import type { Runner } from '../../ports/runner.ts';

/** What a new scenario is made of. */
export interface NewScenario {
  id: string;
  /** Variables of the prompt that it is for. */
  variables: readonly string[];
  language: string;
  runners: readonly Pick<Runner, 'language' | 'runtime' | 'defaultStandards'>[];
}

/** The text of a `scenario.yaml` with a value to write for each variable. Throws `UsageError`. */
export function scenarioText({ id, variables, language, runners }: NewScenario): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id))
    throw new UsageError(`scenario ${id}: expected lower-case letters, digits and hyphens, found others.`);
  const runner = runners.find((candidate) => candidate.language === language);
  if (runner === undefined)
    throw new UsageError(
      `--language: expected one of ${runners.map((candidate) => candidate.language).join(', ')}, found ${language}.`,
    );
  const head = "# What the prompt's variables are in this scenario, and by what the answer is judged.\n";
  const values = Object.fromEntries(variables.map((name) => [name, `Write here what ${name} is in this scenario.`]));
  const asked = { runtime: runner.runtime, standards: runner.defaultStandards };
  return head + stringify({ id, variables: values, languages: { [language]: asked } }, { lineWidth: 0 });
}
