import type { Refusal } from '../../shared/dependencies.ts';
import { readRequirement } from './requirement.ts';

/** One package that an answer asks for. */
export interface Requirement {
  /** As a resolver reads it (`fastapi>=0.115,<1`). */
  text: string;
  /** Normalised name of the package. */
  name: string;
  /** Null where no manifest asks for it. */
  file: string | null;
  line: number | null;
  /** Line of the answer, where only its words ask for it. */
  answerLine?: number;
}

/** What a Python project declares, statically: no manifest is ever executed. */
export interface Declared {
  requirements: Requirement[];
  /** Bounds on packages that something else may ask for (`-c constraints.txt`). */
  constraints: string[];
  refused: Refusal[];
  /** Manifests that could not be read, with the reason. */
  broken: Refusal[];
  /** `requires-python`, with the file that says so. */
  python: { specifier: string; file: string } | null;
  /** The file that asks conda for packages, where nothing else declares any. */
  conda: string | null;
}

/** Finds the line of a text in a file; null when it does not stand there. */
export type LineOf = (text: string) => number | null;

export const OUTSIDE = 'a package from a URL, a repository or a path outside of the project';
export const OWN_INDEX = 'an index of its own';

/** The index that everybody uses, and `pipenv` writes into every Pipfile: it is no choice of the answer's. */
const usualIndex = /^https:\/\/pypi\.[a-z]+\/simple\/?$/;
export const isUsualIndex = (url: unknown): boolean => typeof url === 'string' && usualIndex.test(url);

/** The project itself, with or without extras: its own manifests are read anyway. */
const itself = /^(["']?)\.\/?(?:\[[\w., -]*\])?\1$/;
export const isProjectItself = (text: string): boolean => itself.test(text.trim());

/**
 * Collects what the manifests of one project ask for, and keeps from resolvers whatever is no package of the registry.
 */
export class Collector {
  /** The project's normalised name, null when it says none. */
  readonly projectName: string | null;
  readonly declared: Declared = {
    requirements: [],
    constraints: [],
    refused: [],
    broken: [],
    python: null,
    conda: null,
  };

  constructor(projectName: string | null) {
    this.projectName = projectName;
  }

  /** Adds a package to install. */
  add(text: string, file: string, line: number | null): void {
    const requirement = this.#read(text, file, line);
    // The project's extras are read anyway.
    if (requirement === null || requirement.name === this.projectName) return;
    this.declared.requirements.push({ text: requirement.text, name: requirement.name, file, line });
  }

  /** Adds a bound on a package that something else may ask for. */
  constrain(text: string, file: string, line: number | null): void {
    const requirement = this.#read(text, file, line);
    if (requirement !== null) this.declared.constraints.push(requirement.text);
  }

  /**
   * Looks at a requirement that is not installed here (of a build, say): one from outside of the registry is refused
   * all the same.
   */
  inspect(text: string, file: string, line: number | null): void {
    if (readRequirement(text).kind === 'outside' && !isProjectItself(text)) this.refuse(text, file, line, OUTSIDE);
  }

  refuse(text: string, file: string, line: number | null, why: string): void {
    this.declared.refused.push({ text, file, line, why });
  }

  broken(text: string, file: string, line: number | null, why: string): void {
    this.declared.broken.push({ text, file, line, why });
  }

  #read(written: string, file: string, line: number | null): { name: string; text: string } | null {
    const text = written.trim();
    const requirement = readRequirement(text);
    if (requirement.kind === 'registry') return requirement;
    if (requirement.kind === 'outside') this.refuse(text, file, line, OUTSIDE);
    else this.broken(text, file, line, 'not a requirement');
    return null;
  }
}
