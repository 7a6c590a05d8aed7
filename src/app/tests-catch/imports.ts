/** What files of tests import, by language, as far as it can be told from their text. */
import { posix } from 'node:path';

/** A module of the answer that a file of tests wants. */
export interface Import {
  /** Paths that it may have below the project's root, the likeliest first; folders stand for all that is in them. */
  paths: readonly string[];
  /** As it is written: `app.main`, `../src/app`. */
  module: string;
  /** The name that is taken from it; null where it is taken as a whole. */
  name: string | null;
}

const namesIn = (list: string): string[] =>
  list
    .replaceAll(/[()\\]/g, ' ')
    .split(',')
    .map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
    .filter((name) => name !== '');

/** `a.b.c`, `a.b`, `a`: whoever imports a module imports the packages around it. */
function withParents(module: string): string[] {
  const at = module.lastIndexOf('.');
  return at <= 0 || module[at - 1] === '.' ? [module] : [module, ...withParents(module.slice(0, at))];
}

function pythonPaths(module: string, from: string): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const below = module.slice(dots).replaceAll('.', '/');
  const forms = (base: string): string[] => [`${base}.py`, `${base}/__init__.py`, base];
  if (dots > 0) return forms(posix.join(posix.dirname(from), ...Array<string>(dots - 1).fill('..'), below));
  // Without a package, pytest has the folder of the file in its path.
  return [below, `src/${below}`, posix.join(posix.dirname(from), below)].flatMap(forms);
}

function pythonImports(text: string, from: string): Import[] {
  const whole = [...text.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm)].flatMap((match) =>
    namesIn(match[1] ?? '').map((module) => ({ module, name: null })),
  );
  const parts = [...text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)/gm)].flatMap((match) =>
    namesIn((match[2] ?? '').replaceAll(/#[^\n]*/g, '')).map((name) => ({ module: match[1] ?? '', name })),
  );
  const called = [...text.matchAll(/(?:import_module|__import__|run_module|patch)\(\s*['"]([\w.]+)['"]/g)].map(
    (match) => ({ module: match[1] ?? '', name: null }),
  );
  return [...whole, ...parts, ...called].map(({ module, name }): Import => {
    // What is taken from a package may be a module of it.
    const taken = name === null ? [] : [module.endsWith('.') ? module + name : `${module}.${name}`];
    const all = [...taken, ...withParents(module)];
    return { module, name, paths: all.flatMap((one) => pythonPaths(one, from)) };
  });
}

const scriptEndings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

function scriptImports(text: string, from: string): Import[] {
  const all = text.matchAll(/(?:\bfrom|\bimport|\brequire|\bmock|\bunmock|\bimport)\s*\(?\s*['"`]([^'"`\n]+)['"`]/g);
  return [...all].map((match): Import => {
    const module = match[1] ?? '';
    const base = module.startsWith('.') ? posix.join(posix.dirname(from), module) : module.replace(/^[@~]\//, 'src/');
    const bare = base.replace(/\.[cm]?js$/, '');
    const forms = [base, bare].flatMap((path) => [...scriptEndings, '/index.ts', '/index.js'].map((end) => path + end));
    return { module, name: null, paths: [...new Set(forms)] };
  });
}

function goImports(text: string, module: string): Import[] {
  return [...text.matchAll(/^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]+)"\s*$/gm)].flatMap((match): Import[] => {
    const path = match[1] ?? '';
    if (module === '' || (path !== module && !path.startsWith(`${module}/`))) return [];
    return [{ module: path, name: null, paths: [path === module ? '.' : path.slice(module.length + 1)] }];
  });
}

/** What a file imports; `module` is the name of the project, where its language has one. */
export function importsOf(language: string, text: string, from: string, module = ''): Import[] {
  if (language === 'python') return pythonImports(text, from);
  if (language === 'typescript' || language === 'javascript') return scriptImports(text, from);
  return language === 'go' ? goImports(text, module) : [];
}
