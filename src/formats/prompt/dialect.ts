import type { Logic, Turn } from '../../domain/grading/prompt.ts';

/** A prompt file: what it is called, and what it says. Line ends are `\n`, there is no byte order mark. */
export interface PromptFile {
  /** As it was handed in, with forward slashes; dialects look at its name and its folders. */
  readonly path: string;
  readonly text: string;
}

/** What a dialect reads out of a file. */
export interface PromptDraft {
  readonly frontMatter: Readonly<Record<string, unknown>>;
  /** As the file says it; null when it says nothing. */
  readonly version: string | null;
  readonly system: string;
  readonly user: string;
  readonly turns?: readonly Turn[];
  readonly logic?: Logic;
  readonly variables: readonly Variable[];
}

/** A variable, and how the templates write it (`[name]` when there are no spellings). */
export interface Variable {
  readonly name: string;
  readonly spellings?: readonly string[];
}

/**
 * One way of writing prompts down. To add one: a file in dialects/, and its line in dialects/index.ts.
 * A path decides before a text does, unless the text writes its variables as another dialect does, none as this one.
 * No question throws: a broken file still has a dialect.
 */
export interface Dialect {
  readonly name: string;
  /** True when the path alone says that the file is written in this dialect. */
  ownsPath?(path: string): boolean;
  /** True when the text says so. */
  ownsText?(text: string): boolean;
  /**
   * True when the text writes variables as this dialect does. Absent where a path decides alone, because its text has
   * no variables of its own.
   */
  hasVariables?(text: string): boolean;
  /** Throws `PromptError`. */
  read(file: PromptFile): PromptDraft;
}
