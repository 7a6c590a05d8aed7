/** What a benchmark's task becomes in one language. */
export interface TaskFiles {
  /** The file that an answer has to have. */
  file: string;
  /** The files of an answer with a body of the function: text by path. */
  withBody(body: string): Record<string, string>;
  /** Hidden tests: text by path from the root of the project. */
  hidden: Record<string, string>;
}
