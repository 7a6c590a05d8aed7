import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsSchema, serviceSettingsSchema } from '../../domain/runs/models.ts';
import type { ModelSettings, ModelsFile, Price, ServiceSettings } from '../../domain/runs/models.ts';
import type { Fingerprint } from '../../domain/runs/run.ts';
import type { Project } from '../../domain/project/config.ts';
import { UsageError } from '../../domain/usage-error.ts';
import type { Place } from '../../providers/anthropic/service.ts';
import { priceTable } from '../../providers/prices.ts';
import { hashOf } from '../../store/files/hash.ts';
import { parseYaml } from '../../store/files/yaml.ts';

/** What `evals/models.yaml` says of models, services and prices; what it leaves out has defaults. */
export class ModelConfiguration {
  readonly #file: ModelsFile;

  constructor(file: ModelsFile) {
    this.#file = file;
  }

  /**
   * Reads the file of a project; all is default where there is none. Throws `UsageError` when it does not fit its
   * schema.
   */
  static async read({ root, config }: Project): Promise<ModelConfiguration> {
    const path = config.models;
    try {
      return new ModelConfiguration(parseYaml(modelsSchema, await readFile(join(root, path), 'utf8'), path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new ModelConfiguration(modelsSchema.parse({}));
    }
  }

  model(model: string): ModelSettings {
    return this.#file.models[model] ?? {};
  }

  /** Limits of a service (`anthropic`), for all of its models together. */
  service(id: string): ServiceSettings {
    return this.#file.services[id] ?? serviceSettingsSchema.parse({});
  }

  /** The price of a model; null where nobody has told it. */
  price(model: string): Price | null {
    return this.#file.prices?.models[model] ?? priceTable.models[model] ?? null;
  }

  /** The day of the price that counts for a model. */
  priceDate(model: string): string {
    const { prices } = this.#file;
    return prices !== null && model in prices.models ? prices.date : priceTable.date;
  }

  /** A model's settings for a run's fingerprints, nested ones as hashes: what stands in `config` may be secret. */
  fingerprint(model: string): Fingerprint['settings'] {
    const settings = Object.entries(this.model(model)).map(
      ([name, value]) => [name, typeof value === 'object' ? hashOf(value).slice(0, 12) : String(value)] as const,
    );
    return settings.length === 0 ? null : Object.fromEntries(settings);
  }
}

/** An address without user and password. Throws `UsageError` for a text that is not an address. */
function addressIn(variable: string): string | null {
  const value = process.env[variable];
  if (value === undefined || value === '') return null;
  if (!URL.canParse(value))
    throw new UsageError(`${variable}: expected an address as https://host/path, found something else.`);
  const { username, password } = new URL(value);
  if (username !== '' || password !== '')
    throw new UsageError(
      `${variable}: expected an address without user and password; a key belongs into ANTHROPIC_API_KEY.`,
    );
  return value;
}

/**
 * Where Anthropic's service is, and our key to it, from the environment. Throws `UsageError` when there is no key,
 * unless nothing will be asked.
 */
export function anthropicPlace(willAsk = true): Place {
  const apiKey = process.env['ANTHROPIC_API_KEY'] ?? '';
  if (apiKey === '' && willAsk)
    throw new UsageError(
      'models anthropic:…: expected a key in the environment variable ANTHROPIC_API_KEY, found none; set it and ' +
        'start again.',
    );
  return { apiKey, baseUrl: addressIn('ANTHROPIC_BASE_URL') };
}
