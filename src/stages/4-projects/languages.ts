import type { Runner } from '../../ports/runner.ts';

/**
 * The runners that share an answer's files. One that reads a part of another language (JavaScript, of TypeScript) is
 * left out where a scenario asks for the whole language and not for the part: then all of it is read by one runner.
 */
export function sharing(runners: readonly Runner[], asked: Readonly<Record<string, unknown>> | null): Runner[] {
  return runners.filter(
    ({ language, partOf }) => asked === null || partOf === undefined || !(partOf in asked) || language in asked,
  );
}
