/** What setup.py, setup.cfg and a Pipfile ask for, read as data: none of them is ever run. */

/**
 * The strings within a bracket that opens at `from`; a key of a table is none of them, and what a loop makes cannot be
 * read off.
 */
function stringsWithin(source: string, from: number): string[] {
  const found: string[] = [];
  let depth = 0;
  const tokens = /#[^\n]*|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|[[({]|[\])}]|\bfor\b/g;
  tokens.lastIndex = from;
  for (let match = tokens.exec(source); match !== null; match = tokens.exec(source)) {
    const text = match[1] ?? match[2];
    if (text !== undefined) {
      if (!/^\s*:/.test(source.slice(tokens.lastIndex))) found.push(text);
    } else if (match[0] === 'for') return [];
    else if ('[({'.includes(match[0])) depth += 1;
    else if (match[0].length === 1) depth -= 1;
    if (depth === 0) break;
  }
  return found;
}

/** The strings that a keyword is given: a list or table in place, or by the name of a variable. */
function given(source: string, keyword: string): string[] {
  const value = new RegExp(`\\b${keyword}\\s*=\\s*(?:([[({])|(\\w+))`).exec(source);
  if (value === null) return [];
  if (value[1] !== undefined) return stringsWithin(source, value.index + value[0].length - 1);
  const variable = new RegExp(`^${value[2]}\\s*(?::[^=\\n]*)?=\\s*[[({]`, 'm').exec(source);
  return variable === null ? [] : stringsWithin(source, variable.index + variable[0].length - 1);
}

/** Requirements of a setup.py: those of the package, of its tests, and of its extras. */
export function setupPyRequirements(source: string): string[] {
  return ['install_requires', 'tests_require', 'extras_require'].flatMap((keyword) => given(source, keyword));
}

/** `python_requires` of a setup.py. */
export function setupPyPython(source: string): string | null {
  return /\bpython_requires\s*=\s*["']([^"']+)/.exec(source)?.[1] ?? null;
}
