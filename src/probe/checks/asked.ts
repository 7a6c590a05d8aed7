import type { Contract } from '../../domain/grading/contract/contract.ts';
import type { CheckContext } from '../../ports/runner.ts';

/** The contract of the scenario. The checks of a contract are only there where a scenario has one. */
export function contractOf({ contract }: Pick<CheckContext, 'contract'>): Contract {
  if (contract === undefined) throw new Error('a check of a contract was started without one');
  return contract;
}

/** Why nothing is asked of the programs of a language; null when something is. */
export function notAskedHere({ contract, project }: Pick<CheckContext, 'contract' | 'project'>): string | null {
  if (contract === undefined) return 'the scenario has no contract';
  const language = project.language ?? '';
  return Object.hasOwn(contract.run, language) ? null : `the contract does not say how ${language} is run`;
}
