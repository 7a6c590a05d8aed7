import type { Scenario } from '../../domain/grading/scenario.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { configurationsOf, standardsOf } from '../../ports/runner.ts';
import type { Runner } from '../../ports/runner.ts';

/**
 * Every scenario's languages must have a runner that offers the runtime and the standards; said before anything is
 * paid.
 */
export function refuseUncheckable(scenario: Scenario, runners: readonly Runner[]): void {
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
