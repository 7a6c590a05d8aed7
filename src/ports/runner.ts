import type { Evidence, Outcome } from '../domain/grading/check.ts';
import type { CheckDescription } from '../domain/grading/check-description.ts';
import type { Contract } from '../domain/grading/contract/contract.ts';
import type { Run } from '../domain/grading/contract/start.ts';
import type { AnswerFile } from '../domain/grading/extraction.ts';
import type { Limits } from '../domain/grading/limits.ts';
import type { Project } from '../domain/grading/project.ts';
import type { AskedLanguage } from '../domain/grading/question.ts';
import type { DependencyPolicy } from '../domain/grading/scenario.ts';
import type { Layers } from './layers.ts';
import type { Mount, Sandbox } from './sandbox.ts';

/** What is missing on this machine, and what to do about it. Ours, never the answer's. */
export class ToolMissingError extends Error {
  override name = 'ToolMissingError';
}

/** A tool of ours ended on an answer as it never should. A control says whether the tool or the answer is to blame. */
export class ToolCrashedError extends Error {
  override name = 'ToolCrashedError';
  readonly evidence: Evidence;

  constructor(message: string, evidence: Evidence) {
    super(message);
    this.evidence = evidence;
  }
}

/** What a resolver made of what an answer declares: file name -> text (a lock file, usually). */
export type Resolution = Readonly<Record<string, string>>;

/** What a runner needs to prepare its tools. */
export interface Kit {
  sandbox: Sandbox;
  layers: Layers;
  signal?: AbortSignal | undefined;
}

/**
 * Draws lots that no answer can foresee: a purpose in, 64 hexadecimal digits out. They are derived from a secret of the
 * run and the cell, and grading a run again draws the same.
 */
export type Draw = (purpose: string) => string;

/** A command of the answer's, in a block of commands or in a sentence, that installs packages. */
export interface InstallCommand {
  installer: 'npm' | 'pip';
  /** Packages as they are written, with versions where the command has them. */
  packages: readonly string[];
  /** Line in the answer. */
  line: number;
}

/** What a check is given. */
export interface CheckContext extends Kit {
  project: Project;
  /** All files of the answer, of every language. */
  files: readonly AnswerFile[];
  /** Host folder in which the whole answer is laid out. Read-only: programs work on copies. */
  workspace: string;
  /** The same with the blocks that have no name, under made-up paths: they are linted, and never built or tested. */
  draft: string;
  /** What the answer says to install: it counts where no manifest declares anything. */
  installs: readonly InstallCommand[];
  asked: AskedLanguage;
  dependencies: DependencyPolicy;
  limits: Limits;
  /** Dependencies are resolved as of the end of this day (YYYY-MM-DD). */
  asOf: string;
  /** The resolution kept with the answer for this project; null when there is none yet. */
  resolution: Resolution | null;
  /** Keeps a resolution with the answer. */
  keepResolution(resolution: Resolution): void;
  /** Computes something once for this project, however many checks want it. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** Runs something while no other check runs. */
  alone<T>(run: () => Promise<T>): Promise<T>;
  draw: Draw;
  /** What the scenario asks of the running program; undefined where it has no contract. */
  contract?: Contract | undefined;
  /** How the runner of the project starts a program of it; undefined where it cannot. */
  launch?: Runner['launch'];
}

/** One question about a project: a check of one language, or one that every language gets. */
export interface Check extends CheckDescription {
  /** The scenario must name one of these standards, or the check is not asked for. Absent: it is always asked for. */
  readonly standards?: readonly string[];
  /** Standards that make it stricter where a scenario names them, but do not ask for it. */
  readonly refinedBy?: readonly string[];
  /** Names of the files by which its tools are configured; a scenario may bring its own. */
  readonly configurations?: readonly string[];
  /** Whether it asks what the scenario's contract says. It is left out where there is none. */
  readonly asksContract?: boolean;
  /** Whether it runs the scenario's hidden tests for the language. It is left out where there are none. */
  readonly asksHiddenTests?: boolean;
  /** Names of the checks of the same project that must pass first. */
  readonly needs: readonly string[];
  /** Names of the checks that must have ended first, whatever their outcome: they make what this one looks at. */
  readonly after?: readonly string[];
  /**
   * What the installed packages have to do with the outcome. `resolves`: it installs them, so the day of the answer
   * counts. `uses`: it works with them. Absent: nothing.
   */
  readonly packages?: 'resolves' | 'uses';
  /** Whether the check also looks at blocks without a name, and so runs when a project has no file with one. */
  readonly drafts?: boolean;
  /** Relative cost, for starting the long ones first. */
  readonly cost: number;
  /** Why the check is not asked for here, whatever the standards; null when it is. */
  notAsked?(context: Pick<CheckContext, 'asked' | 'project' | 'contract'>): string | null;
  /** Whether the check's outcome can depend on a file (path relative to the answer's root). */
  reads(path: string): boolean;
  /** Rejects with `SandboxError`, `ToolMissingError` or anything unexpected for what is our failure. */
  run(context: CheckContext): Promise<Outcome>;
}

/** How a program of an answer is started: everything that a sandbox needs for it. */
export interface Launch {
  command: readonly string[];
  /** Host folder with the built answer, copied to /w. */
  workspace: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
}

/** Why there is no program to start. */
export interface NotBuilt {
  problem: string;
  evidence: readonly Evidence[];
}

/** A language that Cupel can check. */
export interface Runner {
  language: string;
  /** Endings of source files (`.py`). */
  extensions: readonly string[];
  /** Names of the files whose folder is a project's root. */
  manifests: readonly string[];
  /** Those of them that only list packages, and may do so for a part of a project. */
  lists?: readonly string[];
  /**
   * Whether a manifest (path relative to the answer's root) belongs to the project of one above it, where there is one.
   * `files` are all of the answer.
   */
  subordinate(path: string, files: readonly AnswerFile[]): boolean;
  /** The runtime version that it offers (`3.11`). */
  runtime: string;
  /** Standards for an answer without a scenario. */
  defaultStandards: readonly string[];
  /** Info strings of fenced blocks in this language. */
  fences: readonly string[];
  /** Whether a path (relative to the project's root) is test code. */
  isTest(path: string): boolean;
  /** Whether a file that is no source file belongs to the project (path relative to the project's root). */
  owns(path: string): boolean;
  /** Names that a top folder for the language usually has. */
  folders: readonly string[];
  /**
   * Where another language has the same endings: whether a project with these sources (paths relative to the answer's
   * root) is of this one.
   */
  takes?(paths: readonly string[]): boolean;
  /** The language of which this one is a part: where a scenario asks only for that one, its runner reads both. */
  partOf?: string;
  /** Makes the pinned tools ready; their versions by name. Rejects with `ToolMissingError`. */
  prepare(kit: Kit): Promise<Record<string, string>>;
  /** Hash of everything outside this folder's code that decides verdicts for a project: its dependencies' layer. */
  fingerprint(context: CheckContext): Promise<string>;
  checks: readonly Check[];
  /**
   * Builds a program of an answer, and hands over what starts it, for as long as `use` takes; or why there is nothing
   * to start,
   * which is the answer's failure. What else goes wrong is rejected with.
   */
  launch?:
    | (<T>(context: CheckContext, run: Run, use: (built: Launch | NotBuilt) => Promise<T>) => Promise<T>)
    | undefined;
  /**
   * A tiny clean project, by paths relative to its root: a tool that fails on it too is broken, whatever the answer.
   */
  control: Readonly<Record<string, string>>;
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

/** The standards that a scenario may name for a language: those that its checks know. */
export function standardsOf({ checks }: Pick<Runner, 'checks'>): string[] {
  return distinct(checks.flatMap(({ standards = [], refinedBy = [] }) => [...standards, ...refinedBy]));
}

/** The names of the configuration files that a scenario may bring for a language. */
export function configurationsOf({ checks }: Pick<Runner, 'checks'>): string[] {
  return distinct(checks.flatMap(({ configurations = [] }) => configurations));
}
