import type { Facts } from './check.ts';
import { WHOLE_ANSWER, parseCheckId } from './check-id.ts';

/** What a check says of itself, whatever it looks at: one project, or the answer as a whole. */
export interface CheckDescription {
  /** `tests`; filed as `<language>/tests`, or as `answer/<name>` for the answer as a whole. */
  readonly name: string;
  readonly question: string;
  /**
   * How much its score counts beside those of other checks, unless the scenario says otherwise. 0: the check only
   * warns, so it never counts, whatever the scenario says.
   */
  readonly weight: number;
  /** Whether an answer must pass it, unless the scenario says otherwise. */
  readonly required: boolean;
  /** What it measured, in a few words for people; empty when there is nothing to say. */
  summary?(facts: Facts): string;
}

/** The descriptions of all checks. */
export interface CheckCatalog {
  /** The description of a check by its id. A check that this version does not have gets a general one. */
  describe(id: string): CheckDescription;
}

/** Descriptions of the checks of each language, and under `answer` of those of the answer as a whole. */
export type DescriptionsByLanguage = readonly (readonly [language: string, checks: readonly CheckDescription[]])[];

/** Numbers and short texts with their names: all that can be said of facts of an unknown check. */
function plainSummary(facts: Facts): string {
  return Object.entries(facts)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'boolean')
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`)
    .join(', ');
}

/**
 * Collects descriptions. A language that has no check of a name is described by the check of that name of any other
 * one.
 */
export function checkCatalog(descriptions: DescriptionsByLanguage): CheckCatalog {
  const byId = new Map<string, CheckDescription>();
  const byName = new Map<string, CheckDescription>();
  for (const [language, checks] of descriptions) {
    for (const check of checks) {
      byId.set(`${language}/${check.name}`, check);
      if (language !== WHOLE_ANSWER && !byName.has(check.name)) byName.set(check.name, check);
    }
  }
  return {
    describe(id) {
      const { language, name } = parseCheckId(id);
      const other = language === WHOLE_ANSWER ? undefined : byName.get(name);
      return (
        byId.get(`${language}/${name}`) ??
        other ?? { name, question: '', weight: 1, required: false, summary: plainSummary }
      );
    },
  };
}

/** A catalog without any check: for what is judged before anything could be checked. */
export const emptyCatalog: CheckCatalog = checkCatalog([]);
