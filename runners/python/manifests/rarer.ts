import { parse as parseYaml } from 'yaml';

/** The metadata (PEP 723, TOML) that a script carries in a comment; null when it has none. */
export function scriptMetadata(source: string): string | null {
  const lines = source.split('\n').map((line) => line.trimEnd());
  const start = lines.indexOf('# /// script');
  const end = lines.indexOf('# ///', start);
  const within = lines.slice(start + 1, end);
  return start === -1 || end === -1 || !within.every((line) => line === '#' || line.startsWith('# '))
    ? null
    : within.map((line) => line.slice(2)).join('\n');
}

/**
 * What a conda environment asks for: of conda, Python and pip themselves left out, and of pip; null when it can't be
 * read as one.
 */
export function condaEnvironment(text: string): { conda: string[]; pip: string[] } | null {
  let parsed: unknown;
  try {
    parsed = parseYaml(text);
  } catch {
    return null;
  }
  const list: unknown =
    typeof parsed === 'object' && parsed !== null && 'dependencies' in parsed ? parsed.dependencies : null;
  if (!Array.isArray(list)) return null;
  const conda = list
    .filter((entry) => typeof entry === 'string')
    .filter((entry) => !/^(?:python|pip)(?![\w-])/.test(entry));
  const pip = list.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'pip' in entry && Array.isArray(entry.pip)
      ? entry.pip.map(String)
      : [],
  );
  return { conda, pip };
}
