import type { CheckContext } from '../../../src/ports/runner.ts';
import type { Environment } from '../environment.ts';
import type { Framework, TestScript } from '../test-script.ts';

/** How the tests are to be started this time. */
export interface StartOptions {
  /** Test files to run, relative to the project's root; null for all. */
  files: readonly string[] | null;
  /** Whether coverage is measured. */
  measured: boolean;
  /** Whether each file is compiled by itself, without its types. */
  apart: boolean;
}

/** A program of ours with one test, as it is run where the answer's tests left nothing that can be read. */
export interface ControlProgram {
  files: Readonly<Record<string, string>>;
  /** What Node.js is given to run it; `provider` is what Vitest measures coverage with. */
  words(measured: boolean, provider: string | undefined): string[];
}

/** A test framework on Node.js: how it is started so that it writes /out/report.json in the form of Jest's report. */
export interface TestFramework {
  name: Framework;
  /** The package that it comes in; null where Node.js brings it. */
  packaged: string | null;
  /** Whether it compiles files itself, and can do so without looking types up. */
  compiles: boolean;
  /** Whether Node.js counts what ran, for the framework measures nothing itself or in forms that nobody reads. */
  countedByNode: boolean;
  /** What Node.js is given, after the options that the script gives to it. */
  words(context: CheckContext, environment: Environment, script: TestScript, options: StartOptions): string[];
  control: ControlProgram;
}
