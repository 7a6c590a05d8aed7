import type { Prompt } from '../../domain/grading/prompt.ts';

/** Why a prompt can't be loaded or rendered. */
export type PromptErrorCode =
  | 'conflict-markers'
  | 'front-matter'
  | 'invalid-yaml'
  | 'missing-template'
  | 'unclosed-template'
  | 'ambiguous-template'
  | 'invalid-template'
  | 'unsupported'
  | 'values';

/** What a `PromptError` says: where, what was expected, what was found, what to do. */
export interface PromptProblem {
  readonly code: PromptErrorCode;
  /** The file's path as it was handed in. */
  readonly path: string;
  /** Counted from 1; null when no single line is to blame. */
  readonly line: number | null;
  readonly expected: string;
  readonly found: string;
  readonly todo: string;
}

/** A prompt that can't be loaded or rendered: a mistake of configuration, never of a model. */
export class PromptError extends Error implements PromptProblem {
  readonly code: PromptErrorCode;
  readonly path: string;
  readonly line: number | null;
  readonly expected: string;
  readonly found: string;
  readonly todo: string;

  constructor(problem: PromptProblem, options?: ErrorOptions) {
    const where = problem.line === null ? problem.path : `${problem.path}:${problem.line}`;
    super(`${where}: expected ${problem.expected}, found ${problem.found}. ${problem.todo}`, options);
    this.name = 'PromptError';
    this.code = problem.code;
    this.path = problem.path;
    this.line = problem.line;
    this.expected = problem.expected;
    this.found = problem.found;
    this.todo = problem.todo;
  }
}

/** Values that don't fit a prompt's variables; all of them at once. */
export class PromptValuesError extends PromptError {
  /** Variables without a value, in the order of declaration. */
  readonly unset: readonly string[];
  /** Values that no variable of the prompt asks for, sorted. */
  readonly unknown: readonly string[];

  constructor(
    {
      id,
      version,
      variables: declared,
      assumedDialect,
    }: Pick<Prompt, 'id' | 'version' | 'variables' | 'assumedDialect'>,
    unset: readonly string[],
    unknown: readonly string[],
  ) {
    super({
      code: 'values',
      path: `${id}@${version}`,
      line: null,
      expected: declared.length === 0 ? 'no values, for it declares no variables' : 'one value for each variable',
      found: [
        ...(unset.length > 0 ? [`no value for ${list(unset)}`] : []),
        ...(unknown.length > 0 ? [`unknown ${list(unknown)}`] : []),
      ].join(' and '),
      todo: [
        ...(unset.length > 0 ? [`Set ${list(unset)} (an empty text is a value).`] : []),
        ...(unknown.length > 0 ? [`Remove ${list(unknown)}, or declare it in the prompt.`] : []),
        ...(unknown.length > 0 && declared.length > 0 ? [`Declared: ${list(declared)}.`] : []),
        ...(assumedDialect === undefined ? [] : [dialectHint(assumedDialect)]),
      ].join(' '),
    });
    this.name = 'PromptValuesError';
    this.unset = unset;
    this.unknown = unknown;
  }
}

const dialectHint = (assumed: string): string =>
  `The prompt was read as the dialect ${assumed}, by its name or its text. If it is written in another one, say ` +
  '`dialect: <name>` in its front matter, set `dialects` in cupel.config.yaml, or use --dialect <name>.';

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
