/**
 * Registries that do not say when something was released. Resolvers that are told a day would see nothing there; so
 * what has no date counts as always there, and is noted.
 */
import { z } from 'zod';
import type { Registry } from '../ports/registries.ts';

/** A day before all others, for what has no date. */
const ALWAYS = '1970-01-01T00:00:00Z';

/** What resolvers ask for when they understand lists of files as JSON (PEP 691). */
const PYTHON_JSON = 'application/vnd.pypi.simple.v1+json';

/** A document with dates, and whether dates had to be put in. */
export interface Dated {
  document: string;
  type: string;
  undated: boolean;
}

const fileSchema = z.looseObject({ 'upload-time': z.string().nullish() });
const listSchema = z.looseObject({ meta: z.looseObject({}), files: z.array(fileSchema) });

function datedJson(document: string, type: string): Dated {
  const undated = { document, type, undated: false };
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return undated; // the resolver says what is wrong with it
  }
  const { data } = listSchema.safeParse(value);
  if (data === undefined || data.files.every((file) => typeof file['upload-time'] === 'string')) return undated;
  const files = data.files.map((file) => ({ ...file, 'upload-time': file['upload-time'] ?? ALWAYS }));
  const meta = { ...data.meta, 'api-version': '1.1' };
  return { document: JSON.stringify({ ...data, meta, files }), type, undated: true };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#38': '&', '#39': "'" };
const plain = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|#38|#39);/g, (whole, name: string) => entities[name] ?? whole);

/** An attribute of an anchor; null where it has none of the name. */
function attributeOf(anchor: string, name: string): string | null {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(anchor) ?? [];
  const value = double ?? single;
  return value === undefined ? null : plain(value);
}

/** A file of a page of PEP 503, as PEP 691 has it. */
function fileOf(anchor: string, text: string): Record<string, unknown>[] {
  const href = attributeOf(anchor, 'href');
  if (href === null) return [];
  const [url = '', fragment = ''] = href.split('#');
  const [, algorithm, digest] = /^(\w+)=([\da-f]+)$/i.exec(fragment) ?? [];
  const python = attributeOf(anchor, 'data-requires-python');
  const yanked = attributeOf(anchor, 'data-yanked');
  return [
    {
      filename: plain(text.replaceAll(/<[^>]*>/g, '')).trim(),
      url,
      hashes: algorithm === undefined || digest === undefined ? {} : { [algorithm.toLowerCase()]: digest },
      ...(python === null ? {} : { 'requires-python': python }),
      ...(yanked === null ? {} : { yanked: yanked === '' ? true : yanked }),
      'upload-time': ALWAYS,
    },
  ];
}

/** A page of PEP 503, which never has dates, as JSON that has them. */
function datedHtml(page: string, name: string): Dated {
  const files = [...page.matchAll(/<a(\s[^>]*)>([^]*?)<\/a>/gi)].flatMap(([, anchor = '', text = '']) =>
    fileOf(anchor, text),
  );
  const document = JSON.stringify({ meta: { 'api-version': '1.1' }, name, files });
  return { document, type: PYTHON_JSON, undated: files.length > 0 };
}

/** What is known of a document besides its text. */
interface Answered {
  kind: Registry['kind'];
  /** Its media type. */
  type: string;
  /** What the resolver asked for. One that reads no JSON looks at no dates either, and gets a page as it is. */
  accept: string;
  /** The package's name. */
  name: string;
}

/** A packument of npm's without the dates of its versions; npm minds no day then. */
const lacksDates = (document: string): boolean =>
  /(?<!\\)"versions"\s*:\s*\{/.test(document) && !/(?<!\\)"time"\s*:\s*\{/.test(document);

/** The document of a package with a date for each of its releases. */
export function withDates(document: string, { kind, type, accept, name }: Answered): Dated {
  if (kind === 'npm') return { document, type, undated: lacksDates(document) };
  if (/\bjson\b/.test(type)) return datedJson(document, type);
  if (accept.includes(PYTHON_JSON)) return datedHtml(document, name);
  return { document, type, undated: false };
}
