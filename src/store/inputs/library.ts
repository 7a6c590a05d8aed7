import { existsSync } from 'node:fs';
import { glob, readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import picomatch from 'picomatch';
import { z } from 'zod';
import type { Cell } from '../../domain/grading/cell.ts';
import type { Prompt } from '../../domain/grading/prompt.ts';
import { readPromptReference, versionIn } from '../../domain/runs/prompt-reference.ts';
import { requestPartsSchema } from '../../domain/grading/request-parts.ts';
import type { RequestParts } from '../../domain/grading/request-parts.ts';
import { sectionsSchema } from '../../domain/grading/sections.ts';
import type { Section } from '../../domain/grading/sections.ts';
import type { Contract } from '../../domain/grading/contract/contract.ts';
import { scenarioSchema } from '../../domain/grading/scenario.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import { suiteSchema } from '../../domain/runs/suite.ts';
import type { Suite } from '../../domain/runs/suite.ts';
import type { Config, Project } from '../../domain/project/config.ts';
import { answerSchema, stopReasons } from '../../domain/grading/answer.ts';
import type { Answer } from '../../domain/grading/answer.ts';
import type { KeptResolution } from '../../domain/runs/resolution.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { parseResolution } from '../files/resolution-file.ts';
import { projectAt } from './project.ts';
import { readBesidePrompt, readPromptSource } from './prompt-source.ts';
import { readCheckFiles, readConfigurationFiles, readHiddenTests } from './scenario-files.ts';
import type { PromptPlace } from './prompt-source.ts';
import { parseJson, parseYaml, validated } from '../files/yaml.ts';

/** `evals/recordings/recordings.yaml`: what is known of the recorded answers. */
const recordingsSchema = z.strictObject({
  /** Day on which they were given. */
  date: z.iso.date(),
  model: z.string().nullable(),
  stop_reason: z.enum(stopReasons),
});

async function namesIn(folder: string, ending: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, name.length - ending.length))
      .sort();
  } catch {
    return [];
  }
}

/** Files below a folder that match patterns, as paths below it, in order. No link is followed or listed. */
async function filesLike(patterns: readonly string[], folder: string): Promise<string[]> {
  const paths: string[] = [];
  const found = glob([...patterns], {
    cwd: folder,
    exclude: (entry) => /^(?:node_modules|\.git|\.cupel)$/.test(entry.name),
    withFileTypes: true,
  });
  for await (const entry of found) if (entry.isFile()) paths.push(relative(folder, join(entry.parentPath, entry.name)));
  return paths.sort();
}

/** `prompts/<id>/<version>.md` as `<id>@<version>`; null for a file of another form. */
function versionOf(path: string): string | null {
  const [, id, version] = /^(?:.*\/)?([^/]+)\/(v?\d[^/]*)\.md$/.exec(path) ?? [];
  return id === undefined || version === undefined ? null : `${id}@${version}`;
}

/** A prompt, and where it comes from, for a person. */
export interface LoadedPrompt {
  prompt: Prompt;
  from: string;
}

/** What a prompt asks of every answer, besides what its variables say. */
export interface FittingPrompt {
  /** The prompt's id. */
  prompt: string;
  sections: readonly Section[];
  parts: RequestParts | undefined;
}

/** Reads the prompts, scenarios, suites and recordings of a project. */
export class Library {
  readonly root: string;
  readonly #config: Config;
  readonly #dialect: string | undefined;
  /** Prompts by reference as they were loaded first: a file that changes meanwhile does not change the run. */
  readonly #loaded = new Map<string, Promise<LoadedPrompt>>();
  #resolutions: Promise<string[]> | null = null;

  /**
   * `place` is a project, or the folder of one whose files are in the usual places; `dialect` is the one that its
   * prompts are read in, where somebody chooses.
   */
  constructor(place: Project | string, dialect?: string) {
    this.#dialect = dialect;
    const { root, config } = typeof place === 'string' ? projectAt(place) : place;
    this.root = root;
    this.#config = config;
  }

  async #read(path: string, what: string, namesThere: () => Promise<string[]>): Promise<string> {
    try {
      return await readFile(join(this.root, path), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const names = await namesThere();
      throw new UsageError(
        `${what}: expected a file ${path}, found none. There ` +
          `${names.length === 0 ? 'is nothing' : `are ${names.join(', ')}`}.`,
      );
    }
  }

  /** Released versions by reference, and the path of each. */
  async #versions(): Promise<Map<string, string>> {
    const paths = await filesLike(this.#config.prompts, this.root);
    return new Map(
      paths
        .map((path) => [versionOf(path), path] as const)
        .filter((entry): entry is readonly [string, string] => entry[0] !== null),
    );
  }

  async prompts(): Promise<string[]> {
    return [...(await this.#versions()).keys()];
  }

  /** Prompt files that are no versions; they are referred to by their paths. */
  async promptFiles(): Promise<string[]> {
    const paths = await filesLike(this.#config.prompts, this.root);
    return paths.filter(
      (path) =>
        versionOf(path) === null &&
        basename(path) !== 'README.md' &&
        !/(?:^|\.)(?:sections|asked)\.yaml$/.test(basename(path)),
    );
  }

  /**
   * Loads a prompt by its version, its file (counted from the project's folder, or from `from`) or its git revision.
   */
  loadedPrompt(reference: string, from: string = this.root): Promise<LoadedPrompt> {
    const loaded = this.#loaded.get(reference) ?? this.#load(reference, from);
    this.#loaded.set(reference, loaded);
    return loaded;
  }

  async prompt(reference: string, from: string = this.root): Promise<Prompt> {
    return (await this.loadedPrompt(reference, from)).prompt;
  }

  /** The dialect that the command or the configuration chooses for a file. */
  #dialectFor(path: string): string | undefined {
    const file = path.replace(/^[^:/]*:/, ''); // without the revision of git
    const configured = Object.entries(this.#config.dialects).find(([pattern]) => picomatch.isMatch(file, pattern));
    return this.#dialect ?? configured?.[1];
  }

  async #load(reference: string, from: string): Promise<LoadedPrompt> {
    const parsed = readPromptReference(reference);
    const versions = await this.#versions();
    const there = [...versions.keys()];
    const knownPrompts = `There ${there.length === 0 ? 'is nothing' : `are ${there.join(', ')}`}.`;
    if (parsed.kind === 'version' && !versions.has(reference)) {
      throw new UsageError(
        `prompt ${reference}: expected a file prompts/${parsed.id}/${parsed.version}.md, found none. ${knownPrompts}`,
      );
    }
    if (parsed.kind === 'file' && !/[./]/.test(parsed.path)) {
      throw new UsageError(
        `prompt ${reference}: expected <prompt>@<version>, the path of a file, or git:<revision>:<path>, found a ` +
          `word. ${knownPrompts}`,
      );
    }
    const place: PromptPlace = { root: this.root, from, file: versions.get(reference) ?? null };
    const source = await readPromptSource(reference, place);
    // every dialect with its parser: only for who wants a prompt
    const { loadPrompt } = await import('../../formats/prompt/index.ts');
    const prompt = loadPrompt(source.text, { ...source, dialect: this.#dialectFor(source.path) });
    if (source.version !== null && prompt.version !== source.version) {
      throw new UsageError(
        `${source.path}: expected version ${source.version} in the front matter, found ${prompt.version}. A ` +
          'version is a file of its own name.',
      );
    }
    const sections = await readBesidePrompt('sections', reference, place);
    const parts = await readBesidePrompt('asked', reference, place);
    return {
      prompt: {
        ...prompt,
        ...(sections === null ? {} : { sections: parseYaml(sectionsSchema, sections.text, sections.path) }),
        ...(parts === null ? {} : { parts: parseYaml(requestPartsSchema, parts.text, parts.path) }),
      },
      from: source.from,
    };
  }

  /**
   * What a scenario's answers are asked for when nobody says by which prompt: what the only prompt with sections asks
   * for whose variables the scenario gives values to. Null when there is none, or more than one.
   */
  async sectionsFor(scenario: Scenario): Promise<FittingPrompt | null> {
    const withSections = [...(await this.#versions())]
      .filter(([, path]) => existsSync(join(this.root, dirname(path), 'sections.yaml')))
      .map(([reference]) => reference);
    if (!scenario.sections || withSections.length === 0) return null;
    const { renderPrompt } = await import('../../formats/prompt/index.ts');
    const fitting = new Map<string, FittingPrompt>();
    for (const reference of withSections) {
      try {
        const prompt = await this.prompt(reference);
        renderPrompt(prompt, scenario.variables);
        const { id, sections, parts } = prompt;
        if (sections !== undefined) fitting.set(id, { prompt: id, sections, parts });
      } catch {
        // A prompt that is broken, or that wants other values, is not the one.
      }
    }
    const [first, ...others] = fitting.values();
    return first === undefined || others.length > 0 ? null : first;
  }

  /** The version whose recordings a prompt may replay: its own, or one that sends the very same. */
  async #recordedVersion(reference: string): Promise<string | null> {
    const version = versionIn(reference);
    if (version !== null) return version;
    const { hash } = await this.prompt(reference);
    for (const released of await this.prompts()) {
      const other = await this.prompt(released).catch(() => null); // a broken version is no matter of this prompt
      if (other?.hash === hash) return versionIn(released);
    }
    return null;
  }

  /** Folders of scenarios by id, as paths below the project's folder. Throws `UsageError` for an id that is taken. */
  async #scenarioFolders(): Promise<Map<string, string>> {
    const folders = new Map<string, string>();
    for (const path of await filesLike(this.#config.scenarios, this.root)) {
      const [folder, id] = [dirname(path), basename(dirname(path))];
      const other = folders.get(id);
      if (other !== undefined)
        throw new UsageError(`scenario ${id}: expected one folder of this name, found ${other} and ${folder}.`);
      folders.set(id, folder);
    }
    return folders;
  }

  async scenarios(): Promise<string[]> {
    return [...(await this.#scenarioFolders()).keys()];
  }

  /** The folder of a scenario, below the project's; where it would be expected when there is none. */
  async scenarioFolder(id: string): Promise<string> {
    return (await this.#scenarioFolders()).get(id) ?? posix.join('evals', id);
  }

  async scenario(id: string): Promise<Scenario> {
    const inside = await this.scenarioFolder(id);
    const path = join(inside, 'scenario.yaml');
    const scenario = parseYaml(scenarioSchema, await this.#read(path, `scenario ${id}`, () => this.scenarios()), path);
    if (scenario.id !== id)
      throw new UsageError(`${path}: id: expected ${id}, the folder's name, found ${scenario.id}.`);
    for (const [language, asked] of Object.entries(scenario.languages)) {
      const folder = join(this.root, inside, 'standards', language);
      for (const name of await namesIn(folder, ''))
        asked.configuration[name] = await readFile(join(folder, name), 'utf8');
    }
    await readConfigurationFiles(scenario, inside, this.root);
    await readCheckFiles(scenario, inside, this.root);
    await readHiddenTests(scenario, inside, this.root);
    const contract = await this.#contract(inside);
    return contract === null ? scenario : { ...scenario, contract };
  }

  /** The contract in the folder of a scenario; null when there is none. */
  async #contract(folder: string): Promise<Contract | null> {
    const path = join(folder, 'contract.yaml');
    if (!existsSync(join(this.root, path))) return null;
    const { parseContract } = await import('../../formats/contract/parse.ts'); // only for who has a contract
    return parseContract(await readFile(join(this.root, path), 'utf8'), path);
  }

  /** Suites by id, and the path of each. */
  async #suiteFiles(): Promise<Map<string, string>> {
    const paths = await filesLike(this.#config.suites, this.root);
    return new Map(paths.map((path) => [basename(path).replace(/\.ya?ml$/, ''), path]));
  }

  async suites(): Promise<string[]> {
    return [...(await this.#suiteFiles()).keys()];
  }

  async suite(id: string): Promise<Suite> {
    const path = (await this.#suiteFiles()).get(id) ?? join('evals', 'suites', `${id}.yaml`);
    const suite = parseYaml(suiteSchema, await this.#read(path, `suite ${id}`, () => this.suites()), path);
    if (suite.id !== id) throw new UsageError(`${path}: id: expected ${id}, the file's name, found ${suite.id}.`);
    return suite;
  }

  /** The folder of recorded answers, below the project's. */
  get recordingsFolder(): string {
    return this.#config.recordings;
  }

  recordings(): Promise<string[]> {
    return namesIn(join(this.root, this.recordingsFolder), '.md');
  }

  /** What the recordings have in common. */
  async #recorded(): Promise<z.infer<typeof recordingsSchema>> {
    const path = join(this.recordingsFolder, 'recordings.yaml');
    return parseYaml(recordingsSchema, await this.#read(path, 'recordings', () => Promise.resolve([])), path);
  }

  /** The recorded answer of a cell; null when there is none. */
  async recording(cell: Cell): Promise<Answer | null> {
    const version = cell.prompt === null ? null : await this.#recordedVersion(cell.prompt);
    const name = `${cell.scenario}@${version}.r${cell.repeat}`;
    if (version === null || !(await this.recordings()).includes(name)) return null;
    return this.#asAnswer(name, await readFile(join(this.root, this.recordingsFolder, `${name}.md`), 'utf8'));
  }

  /** What is known of an answer stands beside it where a run recorded it, else in `recordings.yaml`. */
  async #asAnswer(name: string, text: string): Promise<Answer> {
    const path = join(this.recordingsFolder, `${name}.answer.json`);
    if (existsSync(join(this.root, path))) {
      const record = parseJson(z.looseObject({}), await readFile(join(this.root, path), 'utf8'), path);
      return validated(answerSchema, { ...record, text }, path);
    }
    const { date, model, stop_reason } = await this.#recorded();
    return {
      text,
      stopReason: stop_reason,
      usage: null,
      costUsd: null,
      latencyMs: null,
      firstTokenMs: null,
      reportedModel: model,
      date,
    };
  }

  /** The recording with this very text, with its date; null when it is not one of ours. */
  async recognise(text: string): Promise<Answer | null> {
    for (const name of await this.recordings()) {
      const recorded = await readFile(join(this.root, this.recordingsFolder, `${name}.md`), 'utf8');
      if (recorded === text) return this.#asAnswer(name, text);
    }
    return null;
  }

  /** The resolution committed beside a recording of an answer with this hash; null when there is none. */
  async resolution(answer: string): Promise<KeptResolution | null> {
    this.#resolutions ??= this.#readResolutions();
    const text = (await this.#resolutions).find((candidate) => candidate.includes(answer));
    const resolution = text === undefined ? null : parseResolution(text);
    return resolution?.answer === answer ? resolution : null;
  }

  async #readResolutions(): Promise<string[]> {
    const folder = join(this.root, this.recordingsFolder);
    return Promise.all(
      (await namesIn(folder, '.resolution.json')).map((name) =>
        readFile(join(folder, `${name}.resolution.json`), 'utf8'),
      ),
    );
  }
}
