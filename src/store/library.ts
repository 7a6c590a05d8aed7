import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Cell } from '../domain/cell.ts';
import type { Prompt } from '../domain/prompt.ts';
import { scenarioSchema } from '../domain/scenario.ts';
import type { Scenario } from '../domain/scenario.ts';
import { suiteSchema } from '../domain/suite.ts';
import type { Suite } from '../domain/suite.ts';
import { stopReasons } from '../domain/answer.ts';
import type { Answer } from '../domain/answer.ts';
import { UsageError } from '../domain/usage-error.ts';
import { loadPrompt } from '../formats/prompt/index.ts';
import { parseYaml } from './yaml.ts';

/** `evals/recordings/recordings.yaml`: what is known of the recorded answers. */
const recordingsSchema = z.strictObject({
  /** Day on which they were given. */
  date: z.iso.date(),
  model: z.string().nullable(),
  stop_reason: z.enum(stopReasons),
});

/** Locks by `<language>@<root>`, then by file name. */
const resolutionSchema = z.strictObject({
  /** SHA-256 of the answer that it belongs to. */
  answer: z.string(),
  projects: z.record(z.string(), z.record(z.string(), z.string())),
});
export type KeptResolution = z.infer<typeof resolutionSchema>;

async function namesIn(folder: string, ending: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, name.length - ending.length)).sort();
  } catch {
    return [];
  }
}

/** The folder that holds prompts/ and evals/, from a folder in it upwards; Cupel's own (`home`) when there is none. */
export function findRoot(from: string, home: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'evals')) && existsSync(join(folder, 'prompts'))) return folder;
    if (folder === dirname(folder)) return home;
  }
}

/** Reads prompts/ and evals/. */
export class Library {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async #read(path: string, what: string, known: () => Promise<string[]>): Promise<string> {
    try {
      return await readFile(join(this.root, path), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const names = await known();
      throw new UsageError(`${what}: expected a file ${path}, found none. There ${names.length === 0 ? 'is nothing' : `are ${names.join(', ')}`}.`);
    }
  }

  async prompts(): Promise<string[]> {
    const ids = await namesIn(join(this.root, 'prompts'), '');
    const versions = await Promise.all(ids.map(async (id) => (await namesIn(join(this.root, 'prompts', id), '.md')).map((version) => `${id}@${version}`)));
    return versions.flat();
  }

  async prompt(reference: string): Promise<Prompt> {
    const [id = '', version = ''] = reference.split('@');
    const path = join('prompts', id, `${version}.md`);
    const text = await this.#read(path, `prompt ${reference}`, () => this.prompts());
    const prompt = loadPrompt(text, { id, path });
    if (prompt.version !== version) {
      throw new UsageError(`${path}: expected version ${version} in the front matter, found ${prompt.version}. A version is a file of its own name.`);
    }
    return prompt;
  }

  async scenarios(): Promise<string[]> {
    const names = await namesIn(join(this.root, 'evals'), '');
    return names.filter((name) => existsSync(join(this.root, 'evals', name, 'scenario.yaml')));
  }

  async scenario(id: string): Promise<Scenario> {
    const path = join('evals', id, 'scenario.yaml');
    const scenario = parseYaml(scenarioSchema, await this.#read(path, `scenario ${id}`, () => this.scenarios()), path);
    if (scenario.id !== id) throw new UsageError(`${path}: id: expected ${id}, the folder's name, found ${scenario.id}.`);
    return scenario;
  }

  suites(): Promise<string[]> {
    return namesIn(join(this.root, 'evals', 'suites'), '.yaml');
  }

  async suite(id: string): Promise<Suite> {
    const path = join('evals', 'suites', `${id}.yaml`);
    const suite = parseYaml(suiteSchema, await this.#read(path, `suite ${id}`, () => this.suites()), path);
    if (suite.id !== id) throw new UsageError(`${path}: id: expected ${id}, the file's name, found ${suite.id}.`);
    return suite;
  }

  recordings(): Promise<string[]> {
    return namesIn(join(this.root, 'evals', 'recordings'), '.md');
  }

  /** What the recordings have in common. */
  async #recorded(): Promise<z.infer<typeof recordingsSchema>> {
    const path = join('evals', 'recordings', 'recordings.yaml');
    return parseYaml(recordingsSchema, await this.#read(path, 'recordings', () => Promise.resolve([])), path);
  }

  /** The recorded answer of a cell; null when there is none. */
  async recording(cell: Cell): Promise<Answer | null> {
    const name = `${cell.scenario}@${cell.prompt?.split('@')[1]}.r${cell.repeat}`;
    if (!(await this.recordings()).includes(name)) return null;
    return this.#asAnswer(await readFile(join(this.root, 'evals', 'recordings', `${name}.md`), 'utf8'));
  }

  async #asAnswer(text: string): Promise<Answer> {
    const { date, model, stop_reason } = await this.#recorded();
    return { text, stopReason: stop_reason, usage: null, costUsd: null, latencyMs: null, reportedModel: model, date };
  }

  /** The recording with this very text, with its date; null when it is not one of ours. */
  async recognise(text: string): Promise<Answer | null> {
    for (const name of await this.recordings()) {
      const known = await readFile(join(this.root, 'evals', 'recordings', `${name}.md`), 'utf8');
      if (known === text) return this.#asAnswer(text);
    }
    return null;
  }

  /** The resolutions committed beside the recordings, by the answer's hash. */
  async resolutions(): Promise<Map<string, KeptResolution>> {
    const found = new Map<string, KeptResolution>();
    for (const name of await namesIn(join(this.root, 'evals', 'recordings'), '.resolution.json')) {
      const kept = await readResolution(join(this.root, 'evals', 'recordings', `${name}.resolution.json`));
      if (kept !== null) found.set(kept.answer, kept);
    }
    return found;
  }

}

/** A kept resolution; null when there is none or when it is damaged (it is made again then). */
export async function readResolution(path: string): Promise<KeptResolution | null> {
  try {
    return resolutionSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
