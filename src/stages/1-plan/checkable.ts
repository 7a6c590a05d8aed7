import type { Scenario } from '../../domain/grading/scenario.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { configurationsOf, standardsOf } from '../../ports/runner.ts';
import type { Runner } from '../../ports/runner.ts';

/** Names by which a scenario weighs the checks of all languages must not mean a check of its own as well. */
function refuseNamesTaken({ id, checks }: Scenario, runners: readonly Runner[]): void {
  const names = new Set(runners.flatMap((runner) => runner.checks.map(({ name }) => name)));
  const taken = checks.commands?.find((command) => names.has(command.id));
  if (taken !== undefined)
    throw new UsageError(
      `scenario ${id}: checks.commands: expected an id that no check of Cupel has, found ${taken.id}. Choose another id.`,
    );
}

/**
 * Every scenario's languages must have a runner that offers the runtime and the standards; said before anything is
 * paid.
 */
export function refuseUncheckable(scenario: Scenario, runners: readonly Runner[]): void {
  refuseNamesTaken(scenario, runners);
  for (const [language, asked] of Object.entries(scenario.languages)) {
    const path = `scenario ${scenario.id}: languages.${language}`;
    const runner = runners.find((candidate) => candidate.language === language);
    const languages = runners.map((candidate) => candidate.language).join(', ');
    if (runner === undefined) {
      throw new UsageError(
        `scenario ${scenario.id}: no runner for ${language}; expected one of ${languages}. ` +
          'Leave the scenario out, or add a runner below runners/.',
      );
    }
    const standards = standardsOf(runner);
    const unknown = asked.standards.find((standard) => !standards.includes(standard));
    if (unknown !== undefined) {
      throw new UsageError(`${path}.standards: expected one of ${standards.join(', ')}, found ${unknown}.`);
    }
    const configurations = configurationsOf(runner);
    const foreign = Object.keys(asked.configuration).find((name) => !configurations.includes(name));
    if (foreign !== undefined) {
      const expected = configurations.length === 0 ? 'none' : `one of ${configurations.join(', ')}`;
      throw new UsageError(`scenario ${scenario.id}: standards/${language}: expected ${expected}, found ${foreign}.`);
    }
    if (asked.runtime !== runner.runtime) {
      throw new UsageError(
        `${path}.runtime: expected ${runner.runtime}, the one that the runner pins, found ${asked.runtime}.`,
      );
    }
  }
}
