/** Labels: lines that consist of the name of a file (or of two), however they are dressed. */
import type { Naming } from '../../../domain/grading/extraction.ts';
import { pathComment } from '../lexicon/comments.ts';
import { isPlainWord, looksLikePath, mayBeFileName, unescape } from '../lexicon/paths.ts';
import type { Unit } from '../markdown/prose.ts';

/** What a label names. */
export interface Label {
  paths: string[];
  namedBy: Naming;
  /** It says more than the path ("`app.py` - the entry point"): a line of a plan reads the same. */
  described: boolean;
  /** It says that what follows is a part of the file ("Add to `app.py`:"). */
  verb: string;
}

const numbering = /^(?:(?:step|part|file)\s+\d+(?:\.\d+)*\s*[:.)–—-]*\s*|\(?\d+(?:\.\d+)*[.):]?\s+|\(?[a-z][.)]\s+)/i;
const symbols = /^[^\w`*_.~/\\<("'[@$]+/u;
/** Quotation marks of Chinese and Japanese. */
const cornered = /[【「『《]\s*([^】」』》`]{1,200}?)\s*[】」』》]/g;
/** Bold by underscores, which `__init__.py` is not. */
const underscored = /^__([^_].*?)__(?=\s|[:：]|$)/;
const fileWord =
  /^(?:(?:the\s+)?(?:new\s+)?(?:file[\s_-]*name|file[\s_-]*path|file|path|name|location|title|source|example|listing|snippet|save as|saved as)(?:\s*[:：=]\s*|\s+[-–—]\s+)|file\s+(?=[`*]))/i;
/** The same in other languages, with a colon. */
const foreignWord =
  /^(?:dateiname|dateipfad|datei|pfad|nom du fichier|fichier|chemin|nombre del (?:archivo|fichero)|archivo|fichero|ruta|nome do arquivo|arquivo|ficheiro|caminho|nome del file|percorso|bestandsnaam|bestand|nazwa pliku|plik|имя файла|файл|путь|ім'я файлу|dosya adı|dosya|tên tệp|tệp|soubor|filnavn|filnamn|fil|tiedosto|fájl|αρχείο|文件名|文件路径|文件|檔案|ファイル名|ファイル|파일명|파일 이름|파일)\s*[:：]\s*/iu;
const verbWord =
  /^(?:(?:now|then|next|and|also|finally|first),?\s+)?(?:the\s+|your\s+|an?\s+)?((?:create|new|updated?|modify|modified|edit|add(?: to)?|change|changes to|extend|full|complete|final|in|inside|write|implement|example|sample|contents? of|revised|improved|fixed)\b)(?:\s+(?:the|your|an?|new|file|full|complete|in|of|for))*\s*:?\s+/i;
const described =
  /^\s*(?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|[-–—:：]\s+.{1,200}|[-–—]\s*.{1,200}|file)\s*[:：]?\s*$/i;
const connector = /^\s*(?:,\s*(?:and\s+)?|and\s+|&\s*|\+\s*|\/\s+|or\s+)/i;

const longestLabel = 400;

/**
 * The label that a line of prose is, or null. `anyEnding`: a name may also have an ending that no language is known
 * for, because nothing else speaks against it.
 */
export function labelOf(row: string, unit: Unit, anyEnding = false): Label | null {
  if (row.length > longestLabel) return null;
  const tag = tagged(row);
  if (tag !== null) return { paths: [tag], namedBy: 'tag', described: false, verb: '' };
  const comment = /^(?:\/\/|<!--)/.test(row.trim()) ? pathComment(row) : null;
  if (comment !== null)
    return { paths: [comment.path], namedBy: 'plain-path', described: false, verb: comment.partial ? 'in' : '' };
  let text = row
    .trim()
    .replace(cornered, '`$1`')
    .replace(symbols, '')
    .replace(/\s[=#*~-]{2,}$/, '');
  const bold = /^(?:\d+(?:\.\d+)*[.)]?\s*)?(?:\*\*|<b>|<strong>)/.test(text);
  text = text
    .replaceAll('**', '')
    .replace(underscored, '$1')
    .replace(/<\/?(?:b|strong|code|h[1-6]|summary|details|em)>/gi, '')
    .replace(numbering, '')
    .replace(symbols, '');
  const word = fileWord.exec(text) ?? foreignWord.exec(text);
  if (word !== null) text = text.slice(word[0].length);
  const verb = verbWord.exec(text);
  if (verb !== null) text = text.slice(verb[0].length);
  const items = pathItems(text, { isLabelled: word !== null, anyEnding: anyEnding || word !== null });
  if (items === null || (unit.kind === 'heading' && !items.quoted && items.paths.some(isPlainWord))) return null;
  const namedBy = naming(unit, { labelled: word !== null, bold, quoted: items.quoted });
  return { paths: items.paths, namedBy, described: items.described, verb: (verb?.[1] ?? '').toLowerCase() };
}

function naming(unit: Unit, dress: { labelled: boolean; bold: boolean; quoted: boolean }): Naming {
  if (dress.labelled) return 'label';
  if (unit.kind === 'heading') return 'heading';
  if (dress.bold) return 'bold';
  if (unit.listItem) return 'list-item';
  return dress.quoted ? 'code-span' : 'plain-path';
}

/** `<FILEPATH>src/app.py</FILEPATH>`, `<file path="src/app.py">`. */
function tagged(row: string): string | null {
  const text = row.trim();
  if (!text.startsWith('<')) return null;
  const inside = /^<(?:file_?path|file_?name|path|file)>\s*([^<>]{1,300}?)\s*(?:<\/[\w-]+>)?$/i.exec(text)?.[1];
  const attribute =
    /^<(?:file|code|source|document|artifact|codefile)\s[^<>]*?(?:path|name|filename|src|title)\s*=\s*["']([^"'<>]{1,300})["'][^<>]*>$/i.exec(
      text,
    )?.[1];
  const path = inside ?? attribute;
  return path !== undefined && looksLikePath(path, true) ? path : null;
}

/**
 * One path or several with connectors, then nothing, a description, or the longer spelling of the one ("`x.yml`
 * (`src/x.yml`)"). Of alternatives ("or") the first is meant.
 */
interface Expected {
  /** A word for a file stands before it. */
  isLabelled: boolean;
  anyEnding: boolean;
}

function pathItems(text: string, expected: Expected): { paths: string[]; quoted: boolean; described: boolean } | null {
  const paths: string[] = [];
  let rest = text;
  let quoted = false;
  let alternative = false;
  for (;;) {
    const item = firstItem(rest, expected);
    if (item === null) return null;
    if (!alternative) paths.push(item.path);
    quoted ||= item.quoted;
    rest = rest.slice(item.length);
    if (/^\s*(?:files?)?\s*[:：.]?\s*$/i.test(rest)) return { paths, quoted, described: false };
    const more = connector.exec(rest);
    if (more === null) {
      const spelled = /^\s*\(`?([^()`\s]+)`?\)\s*[:：]?\s*$/.exec(rest)?.[1] ?? '';
      if (paths.length === 1 && spelled.endsWith(`/${item.path}`) && looksLikePath(spelled, true))
        return { paths: [spelled], quoted, described: false };
      return described.test(rest) ? { paths, quoted, described: true } : null;
    }
    alternative ||= /or|\//.test(more[0]);
    rest = rest.slice(more[0].length);
  }
}

function firstItem(
  text: string,
  { isLabelled, anyEnding }: Expected,
): { path: string; length: number; quoted: boolean } | null {
  const isPath = (path: string): boolean => looksLikePath(path, true) || (anyEnding && mayBeFileName(path));
  const quoted =
    /^(?:`([^`]+)`|\[`?([^\]`]+)`?\]\([^)]*\)|"([^"]+)"|'([^']+)'|_([^_\s]+)_(?=\s|:|$)|\*([^*\s]+)\*)/.exec(text);
  if (quoted !== null) {
    const path = unescape((quoted.slice(1).find((group) => group !== undefined) ?? '').trim()).replace(/:$/, '');
    return isPath(path) ? { path, length: quoted[0].length, quoted: true } : null;
  }
  const word = /^[^\s`"'*,]+/.exec(text)?.[0] ?? '';
  const trimmed = word.replace(/[:：]+$/, '').replace(/\.$/, '');
  const path = unescape(trimmed);
  if (isPath(path)) return { path, length: trimmed.length, quoted: false };
  // Spaces outside of quotation marks are only believed behind a word for a file: "The file src/a.py" holds words.
  if (!isLabelled) return null;
  const line = text.replace(/[:：]\s*$/, '').trim();
  return line.includes(' ') && looksLikePath(line, true) ? { path: line, length: line.length, quoted: false } : null;
}
