/** The info string of a fence in its dialects: language, a path, or code that slipped onto the opener's line. */
import { isKnownTag } from '../lexicon/languages.ts';
import { looksLikePath } from '../lexicon/paths.ts';

/** What stands after the opening fence. */
export interface Info {
  /** The language in lower case, null for none. */
  language: string | null;
  /** A path in the info string, as written. */
  path: string | null;
  /** It gives a range of lines of the file (`12:20:src/app.py`): the block quotes a part. */
  part?: boolean;
  /** The first line of code, when it stands on the opener's line. */
  code: string | null;
}

const nothing: Info = { language: null, path: null, code: null };
const attribute =
  /(?:^|[\s{,])(?:title|file|filename|file_name|filepath|file_path|path|name|label)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s"'},]+))/i;
/** A first word that no language has: the code begins at once. */
const codeStart = /^(?:<[?!a-zA-Z]|#include\b|#!|\/\/|\/\*|"""|\{\s*["}]|\[\s*[[{"]|@\w|\$\s)/;
const codeAfterTag =
  /^(?:import\s|from\s+\S+\s+import\b|(?:const|let|var)\s+\w|(?:async\s+)?(?:def|function)\s+\w|class\s+\w|#include\b|package\s+\w|using\s+\w|public\s|fn\s+\w|SELECT\s|[\w.]+\(.*\)|\w+\s=\s|<[?!a-zA-Z]|\{.*["}:]|\/\/\s|#\s)/;
const gluedCode =
  /^(?:import |from |def |class |const |let |var |function |#include|package |public |using |<\?php|<!DOCTYPE)/;

/** Reads an info string. */
export function readInfo(raw: string): Info {
  const info = raw.trim();
  if (info === '') return nothing;
  if (codeStart.test(info)) return { ...nothing, code: info };
  const braces = /^\{(.*)\}$/.exec(info);
  if (braces !== null) return readBraces(braces[1] ?? '');
  const first = info.split(/[\s,{]/, 1)[0] ?? '';
  const rest = info.slice(first.length).trim();
  const joined = readJoined(first);
  if (joined !== null) return joined;
  if (!isKnownTag(first.toLowerCase()) && looksLikePath(first, true)) return { ...nothing, path: first };
  const glued = splitGlued(info);
  if (glued !== null) return glued;
  const language = first.toLowerCase() || null;
  if (rest === '') return { ...nothing, language };
  const path = pathIn(rest);
  if (path !== null) return { language, path, code: null };
  return { language, path: null, code: isKnownTag(first.toLowerCase()) && codeAfterTag.test(rest) ? rest : null };
}

/** `{.python file=app.py}`, `{r}`, `{python title="app.py"}`. */
function readBraces(inside: string): Info {
  const first = /^\.?([\w+#-]+)/.exec(inside.trim())?.[1] ?? null;
  const nameAttribute = attribute.exec(inside);
  const path = nameAttribute?.[1] ?? nameAttribute?.[2] ?? nameAttribute?.[3] ?? null;
  const isAttribute = first !== null && /^\.?[\w+#-]+\s*=/.test(inside.trim());
  return { language: isAttribute ? null : (first?.toLowerCase() ?? null), path: accept(path), code: null };
}

/** `python:src/app.py`, `src/app.py:python`, `title=app.py`, `python|app.py`. */
function readJoined(first: string): Info | null {
  const nameAttribute = attribute.exec(first);
  if (nameAttribute !== null && nameAttribute.index === 0)
    return { ...nothing, path: accept(nameAttribute[1] ?? nameAttribute[2] ?? nameAttribute[3] ?? null) };
  const quoted = /^\d+:\d+:(.+)$/.exec(first)?.[1];
  if (quoted !== undefined && looksLikePath(quoted, true)) return { ...nothing, path: quoted, part: true };
  const at = first.search(/[:|;=]/);
  if (at <= 0 || /^[A-Za-z]:[\\/]/.test(first)) return null;
  const [left, right] = [first.slice(0, at), first.slice(at + 1)];
  const value = right.replace(/^(?:title|file|filename|path)[=:]/i, '').replace(/^"|"$/g, '');
  if (looksLikePath(value, true)) return { language: left.toLowerCase(), path: value, code: null };
  const lines = /^[\d:-]+$/.test(right);
  if (looksLikePath(left, true))
    return { language: lines || right === '' ? null : right.toLowerCase(), path: left, code: null };
  return { ...nothing, language: left.toLowerCase() };
}

/** `title="app.py"`, `src/app.py`, `(app.py)`, `// app.py`, after the language. */
function pathIn(rest: string): string | null {
  const nameAttribute = attribute.exec(rest);
  if (nameAttribute !== null) {
    const path = accept(nameAttribute[1] ?? nameAttribute[2] ?? nameAttribute[3] ?? null);
    if (path !== null) return path;
  }
  const word = rest
    .replaceAll(/\{[^}]*\}/g, ' ')
    .trim()
    .replace(/^(?:\/\/|#|--|\/\*|<!--)\s*/, '')
    .replace(/\s*(?:\*\/|-->)$/, '')
    .replace(/^[([{"'`,]+|[)\]}"'`:,]+$/g, '');
  return accept(word);
}

const accept = (path: string | null): string | null =>
  path !== null && looksLikePath(path.trim(), true) ? path.trim() : null;

/** ```` ```pythonimport os ````: the tag's end is only visible by what follows. */
function splitGlued(info: string): Info | null {
  for (let end = Math.min(12, info.length - 1); end >= 2; end -= 1) {
    const tag = info.slice(0, end).toLowerCase();
    if (isKnownTag(tag) && gluedCode.test(info.slice(end))) return { language: tag, path: null, code: info.slice(end) };
  }
  return null;
}
