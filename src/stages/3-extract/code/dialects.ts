/** How languages define things at the margin: only what tells which names a piece of code defines. */

/** What extraction knows of a language. */
export interface Dialect {
  id: string;
  /** Patterns of a line that defines a function, a type or the like; the groups together are its name. */
  definitions: readonly RegExp[];
  /** A line that imports something. */
  imports: RegExp | null;
  /** A line that is only a comment. */
  comment: RegExp;
  /** White space tells where a definition ends, and not a bracket. */
  indents: boolean;
}

const slashes = /^\s*(?:\/\/|\/\*|\*(?!\w)|\*\/)/;
const hashes = /^\s*#/;

const dialect = (
  id: string,
  definitions: RegExp[],
  imports: RegExp | null,
  comment: RegExp,
  indents = false,
): Dialect => ({ id, definitions, imports, comment, indents });

const python = dialect(
  'python',
  [/^(?:async\s+)?def\s+(\w+)/, /^class\s+(\w+)/],
  /^\s*(?:import|from)\s+\w/,
  hashes,
  true,
);
const script = dialect(
  'script',
  [
    /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?(?:function\s*\*?|(?:abstract\s+)?class|interface|enum|namespace)\s+(\w+)/,
    /^(?:export\s+)?(?:declare\s+)?type\s+(\w+)[^=]*=/,
    /^(?:export\s+)?(?:const|let|var)\s+(\w+)\s*(?::[^=]{1,200})?=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*(?::[^=]{1,100})?=>|\w+\s*=>|class\b)/,
    /^(?:module\.)?exports\.(\w+)\s*=\s*(?:async\s*)?(?:function\b|\(|\w+\s*=>|class\b)/,
  ],
  /^\s*(?:import\b(?!\s*\()|export\s.*\sfrom\s|(?:const|let|var)\s.*=\s*(?:await\s+import|require)\(|(?:const|let|var)\s*\{\s*$)/,
  slashes,
);
const go = dialect(
  'go',
  [/^func\s+\(\s*(?:\w+\s+)?\*?(\w+)[^)]*\)\s*(\w+)/, /^func\s+(\w+)/, /^type\s+(\w+)/],
  /^\s*(?:import\b|(?:\w+\s+)?"[\w./-]+"$)/,
  slashes,
);
const typeWords = '(?:class|interface|enum|record|@interface)';
const javaModifiers =
  '(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:(?:public|private|protected|static|final|abstract|sealed|non-sealed|synchronized|default|strictfp)\\s+)';
const java = dialect(
  'java',
  [
    new RegExp(String.raw`^${javaModifiers}*${typeWords}\s+(\w+)`),
    new RegExp(String.raw`^${javaModifiers}+(?:<[^>]{1,100}>\s+)?[\w<>[\],.? ]{1,100}\s(\w+)\s*\(`),
  ],
  /^\s*import\s/,
  slashes,
);
const rust = dialect(
  'rust',
  [
    /^(?:pub(?:\([^)]*\))?\s+)?(?:(?:default|const|async|unsafe|extern(?:\s+"[^"]*")?)\s+)*(?:fn|struct|enum|trait|union|type|mod|macro_rules!)\s+(\w+)/,
    /^(?:unsafe\s+)?impl(?:<[^{]{1,100}?>)?\s+((?:[\w:<>,&' ]{1,100}\s+for\s+)?[\w:]+)/,
  ],
  /^\s*(?:pub\s+)?(?:use|extern\s+crate)\s/,
  slashes,
);
const c = dialect(
  'c',
  [
    /^(?:typedef\s+)?(?:struct|class|enum|union|namespace)\s+(\w+)/,
    /^#define\s+(\w+)/,
    /^(?!return\b|if\b|else\b|for\b|while\b|switch\b)(?:[\w:<>,*&~]+\s+){1,6}\*?&?([\w:~]+)\s*\([^;]*$/,
  ],
  /^\s*#include\b/,
  slashes,
);
const shell = dialect(
  'shell',
  [/^(?:function\s+)([\w-]+)/, /^([\w-]+)\s*\(\)\s*\{?/],
  /^\s*(?:source|\.)\s+\S/,
  hashes,
);
const sql = dialect(
  'sql',
  [
    /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:UNIQUE|TEMP|TEMPORARY|MATERIALIZED|GLOBAL|UNLOGGED)\s+)*(?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|TRIGGER|TYPE|SEQUENCE|SCHEMA|DATABASE|POLICY)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?["`[]?([\w.]+)/i,
  ],
  null,
  /^\s*(?:--|\/\*|\*)/,
);
const yaml = dialect('yaml', [/^["']?([\w./-]+)["']?:(?=\s|$)/], null, hashes, true);
const toml = dialect('toml', [/^\[+([\w."-]+)\]+/], null, hashes);
const terraform = dialect(
  'terraform',
  [/^(?:resource|data)\s+"([^"]+)"\s+"([^"]+)"/, /^(?:module|variable|output|provider)\s+"([^"]+)"/],
  null,
  /^\s*(?:#|\/\/)/,
);
const css = dialect('css', [/^([^\s@{}][^{}]{0,100}?)\s*\{/], /^\s*@(?:import|use)\b/, /^\s*(?:\/\*|\*|\/\/)/);
/** Languages whose definitions begin with a word of the same few. */
const anyOtherLanguage = dialect(
  'other',
  [
    /^(?:(?:public|private|protected|internal|fileprivate|static|sealed|abstract|partial|open|override|data|final|async|virtual|export|local|suspend|inline|case|pub)\s+)*(?:class|interface|struct|enum|record|object|trait|protocol|extension|module|namespace|fun|func|function|def|defmodule|defp|sub|actor|message|service)\s+(?:self\.)?([\w.?!:]+)/,
  ],
  /^\s*(?:import|using|use|require|require_relative|include|library)\b/,
  /^\s*(?:#|\/\/|\/\*|\*|--|;)/,
);

const table = new Map(
  (
    [
      [python, 'python py python3 pyi pyw'],
      [script, 'javascript js jsx mjs cjs node typescript ts tsx mts cts vue svelte astro'],
      [go, 'go golang'],
      [java, 'java'],
      [rust, 'rust rs'],
      [c, 'c h cpp c++ cc cxx hpp hh objective-c objc cuda cu arduino ino'],
      [shell, 'bash sh shell zsh ksh'],
      [sql, 'sql mysql pgsql postgresql postgres plpgsql sqlite tsql plsql ddl'],
      [yaml, 'yaml yml'],
      [toml, 'toml ini cfg'],
      [terraform, 'terraform tf hcl'],
      [css, 'css scss sass less'],
    ] as const
  ).flatMap(([entry, names]) => names.split(' ').map((name): [string, Dialect] => [name, entry])),
);

/** The dialect of a fence's tag, or of a path's ending; null for what is no code. */
export function dialectOf(tag: string | null, path: string | null = null): Dialect | null {
  if (tag !== null)
    return table.get(tag) ?? (/^(?:text|txt|plaintext|markdown|md|json|diff)$/.test(tag) ? null : anyOtherLanguage);
  const ending = path === null ? '' : path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return table.get(ending) ?? (/^(?:txt|md|markdown|json|diff|patch)$/.test(ending) ? null : anyOtherLanguage);
}
