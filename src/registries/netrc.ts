/** Credentials as pip, uv and the go command read them: in the file `.netrc`. */

/** The words of a file: comments and what stands in quotes are minded, definitions of macros are left out. */
function wordsOf(text: string): string[] {
  const withoutMacros = text.replaceAll(/^[ \t]*macdef\b.*\n(?:.*\S.*\n?)*/gm, '');
  return [...withoutMacros.matchAll(/#[^\n]*|"((?:[^"\\]|\\.)*)"|(\S+)/g)].flatMap(([, quoted, plain]) =>
    quoted !== undefined ? [quoted.replaceAll(/\\(.)/g, '$1')] : plain !== undefined ? [plain] : [],
  );
}

/** The value of the header for a host, by its own entry or the one for all others; null where there is none. */
export function netrcAuthorization(hostname: string, text: string): string | null {
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at += 1) {
    const isDefault = words[at] === 'default';
    if (!isDefault && words[at] !== 'machine') continue;
    const matches = isDefault || words[at + 1] === hostname;
    const entry = new Map<string, string>();
    for (at += isDefault ? 1 : 2; at < words.length && words[at] !== 'machine' && words[at] !== 'default'; at += 2)
      entry.set(words[at] ?? '', words[at + 1] ?? '');
    at -= 1;
    const password = entry.get('password');
    if (matches && password !== undefined)
      return `Basic ${Buffer.from(`${entry.get('login') ?? ''}:${password}`).toString('base64')}`;
  }
  return null;
}
