import { z } from 'zod';

/** Which check: of which language's project, or of the answer as a whole. */
export interface CheckId {
  /** `python`; `answer` for a check of the answer as a whole. */
  readonly language: string;
  /** `tests` */
  readonly name: string;
  /** The folder of the project, where the language has several; else null. */
  readonly root: string | null;
}

/** Stands in the place of a language in the ids of checks that look at the answer as a whole. */
export const WHOLE_ANSWER = 'answer';

/** A root may hold any character. */
const pattern = /^([^/@]+)\/([^/@]+)(?:@([^]+))?$/;

/**
 * An id as it stands in results: `python/tests`, or `python/tests@services/x` where a language has several projects.
 */
export const checkIdSchema = z.string().regex(pattern, 'the id of a check, such as python/tests');

/** The id as it stands in results: `python/tests`, or `python/tests@services/x`. */
export function checkIdText({ language, name, root }: CheckId): string {
  return `${language}/${name}${root === null ? '' : `@${root}`}`;
}

/** Reads an id as it stands in results. Throws `RangeError` for any other text. */
export function parseCheckId(text: string): CheckId {
  const [, language, name, root] = pattern.exec(text) ?? [];
  if (language === undefined || name === undefined) {
    throw new RangeError(`expected the id of a check, such as python/tests or python/tests@services/x, found ${text}`);
  }
  return { language, name, root: root ?? null };
}

/** The id of a check without the project's root: what checks of several projects have in common. */
export function withoutRoot(text: string): string {
  return checkIdText({ ...parseCheckId(text), root: null });
}

/**
 * The names by which a scenario or a gate can mean a check, the most exact first: `python/tests@x`, `python/tests`,
 * `tests`.
 */
export function namesOfCheck(text: string): readonly [id: string, withoutRoot: string, name: string] {
  return [text, withoutRoot(text), parseCheckId(text).name];
}
