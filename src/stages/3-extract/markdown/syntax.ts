/** How languages write comments and literals: only what decides whether a line of a block stands inside of one. */

/** A comment or literal that may span lines. */
export interface Span {
  /** What it is, in words. */
  kind: string;
  /** Matches the opening mark as a whole. */
  open: RegExp;
  /** The closing mark that belongs to an opening mark. */
  close(mark: string): string;
  /** A backslash keeps a closing mark from closing. */
  hasEscapes?: boolean;
  /** It begins on the next line, and a line that is its word ends it. */
  isHeredoc?: boolean;
  /** It is believed only at the start of a line. */
  startsLine?: boolean;
  /** Its mark is also an apostrophe or a plain quotation mark, so that one that stays open proves nothing. */
  isDoubtful?: boolean;
}

/** The marks of a language. */
export interface Syntax {
  spans: readonly Span[];
  /** Marks of comments that end with their line. */
  comments: readonly string[];
  /** Such a mark must stand after white space (`$#` is no comment in a shell). */
  isSpaced: boolean;
  /** Quotation marks of literals that end on their line. */
  quotes: readonly string[];
  /** Finds the next mark or escape of any kind; sticky state is reset by the reader. */
  tokens: RegExp;
  /** Tokens that mean nothing: a quotation mark that is itself quoted. */
  skips?: RegExp;
  /** Backticks are marks of the language. */
  hasBackticks: boolean;
  /** Indentation tells what a literal holds (YAML). */
  indents: boolean;
}

const same = (mark: string): string => mark;
const comment = (open: RegExp, close: string, startsLine = false): Span => ({
  kind: 'a comment',
  open,
  close: () => close,
  startsLine,
});
const literal = (open: RegExp, close: (mark: string) => string = same, hasEscapes = true): Span => ({
  kind: 'a string',
  open,
  close,
  hasEscapes,
});

/** A plain quotation mark, in languages whose strings may span lines (or in which models write them so). */
const quoted = (open: RegExp, hasEscapes: boolean): Span => ({ ...literal(open, same, hasEscapes), isDoubtful: true });

const slashStar = comment(/^\/\*$/, '*/');
const markup = comment(/^<!--$/, '-->');
const triple = literal(/^(?:"""|''')$/);
const template: Span = { kind: 'a template string', open: /^`$/, close: same, hasEscapes: true, isDoubtful: true };
const raw: Span = { kind: 'a raw string', open: /^`$/, close: same, isDoubtful: true };
const wordOf = (mark: string): string => /[\w]+(?=['"`]?$)/.exec(mark)?.[0] ?? '';
const heredoc: Span = { kind: 'a here-document', open: /^<<[-~<]?\s*['"]?[A-Za-z_]/, close: wordOf, isHeredoc: true };

interface Marks {
  spans: Span[];
  comments?: string[];
  quotes?: string[];
  /** Sources of regular expressions for the tokens besides comments and quotation marks. */
  tokens: string[];
  skips?: RegExp;
  isSpaced?: boolean;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

function syntax({ spans, comments = [], quotes = [], tokens, skips, isSpaced = false }: Marks): Syntax {
  const all = [String.raw`\\.`, ...tokens, ...comments.map(escaped), ...quotes.map(escaped)];
  return {
    spans,
    comments,
    quotes,
    tokens: new RegExp(all.join('|'), 'g'),
    ...(skips === undefined ? {} : { skips }),
    isSpaced,
    hasBackticks: tokens.includes('`'),
    indents: false,
  };
}

const blockMark = String.raw`\/\*`;
const tripled = [`"""`, `'''`];
const both = ['"', "'"];
const word = String.raw`(?:'[A-Za-z_]\w*'|"[A-Za-z_]\w*"|[A-Za-z_]\w*)`;
/** `<<EOF`, `<<-'EOF'`, `<< EOF`; `<<<` begins a here-string of one line. */
const here = String.raw`(?<!<)<<-?\s*${word}`;
/** Without a space, for `list << item` appends. */
const glued = String.raw`<<[-~]?(?:'[A-Z]\w*'|"[A-Z]\w*"|[A-Z]\w*)`;

const cLike = syntax({ spans: [slashStar], comments: ['//'], quotes: both, tokens: [blockMark] });
const cLikeTripled = syntax({
  spans: [slashStar, triple],
  comments: ['//'],
  quotes: both,
  tokens: [blockMark, ...tripled],
});
const script = syntax({ spans: [slashStar, template], comments: ['//'], quotes: both, tokens: [blockMark, '`'] });
const go = syntax({ spans: [slashStar, raw], comments: ['//'], quotes: both, tokens: [blockMark, '`'] });
const rust = syntax({
  spans: [slashStar, literal(/^b?r#*"$/, (mark) => `"${mark.replace(/[^#]/g, '')}`, false), quoted(/^"$/, true)],
  comments: ['//'],
  tokens: [blockMark, String.raw`'(?:\\.|[^'\\])'`, String.raw`\bb?r#*"`, '"'],
  skips: /^'/,
});
const cpp = syntax({
  spans: [slashStar, literal(/^R"\w*\($/, (mark) => `)${mark.slice(2, -1)}"`, false)],
  comments: ['//'],
  quotes: both,
  tokens: [blockMark, String.raw`R"\w*\(`],
});
const python = syntax({ spans: [triple], comments: ['#'], quotes: both, tokens: tripled });
const ruby = syntax({
  spans: [heredoc, comment(/^=begin$/, '=end', true)],
  comments: ['#'],
  quotes: both,
  tokens: [glued, '=begin'],
  isSpaced: true,
});
const shell = syntax({
  spans: [heredoc, quoted(/^"$/, true), quoted(/^'$/, false)],
  comments: ['#'],
  tokens: [here, '"', "'"],
  isSpaced: true,
});
const powershell = syntax({
  spans: [comment(/^<#$/, '#>'), literal(/^@["']$/, (mark) => `${mark.slice(1)}@`, false)],
  comments: ['#'],
  quotes: both,
  tokens: ['<#', `@["']`],
});
const php = syntax({
  spans: [slashStar, heredoc, markup],
  comments: ['//', '#'],
  quotes: both,
  tokens: [blockMark, String.raw`<<<${word}`, '<!--'],
});
const sql = syntax({
  spans: [slashStar, literal(/^\$\w*\$$/, same, false), quoted(/^'$/, false)],
  comments: ['--'],
  quotes: ['"'],
  tokens: [blockMark, String.raw`\$\w*\$`, "'"],
});
const lua = syntax({
  spans: [comment(/^--\[=*\[$/, ']]'), literal(/^\[=*\[$/, (mark) => mark.replaceAll('[', ']'), false)],
  comments: ['--'],
  quotes: both,
  tokens: [String.raw`--\[=*\[`, String.raw`\[=*\[`],
});
const haskell = syntax({ spans: [comment(/^\{-$/, '-}')], comments: ['--'], quotes: ['"'], tokens: [String.raw`\{-`] });
const ocaml = syntax({ spans: [comment(/^\(\*$/, '*)')], quotes: ['"'], tokens: [String.raw`\(\*`] });
const terraform = syntax({
  spans: [slashStar, heredoc],
  comments: ['#', '//'],
  quotes: ['"'],
  tokens: [blockMark, here],
});
const docker = syntax({ spans: [heredoc], comments: ['#'], quotes: both, tokens: [here], isSpaced: true });
const json = syntax({ spans: [quoted(/^"$/, true)], tokens: ['"'] });
const tags = syntax({
  spans: [markup, comment(/^\/\*$/, '*/', true)],
  tokens: ['<!--', blockMark],
});
const yaml: Syntax = { ...syntax({ spans: [], tokens: [] }), indents: true };
const elixir = syntax({ spans: [triple], comments: ['#'], quotes: ['"'], tokens: tripled });
/** Of an unknown language only what nearly all share, and only at the start of a line. */
const unknown = syntax({
  spans: [comment(/^\/\*$/, '*/', true), comment(/^<!--$/, '-->', true), { ...triple, startsLine: true }],
  tokens: [blockMark, '<!--', ...tripled],
});

const byLanguage: readonly (readonly [Syntax, string])[] = [
  [cLikeTripled, 'java kotlin kt kts scala sbt groovy gradle swift csharp cs c# dart'],
  [cLike, 'c h objective-c objc m css scss sass less proto protobuf solidity sol glsl hlsl php-css zig d'],
  [cpp, 'cpp c++ cc cxx hpp hh'],
  [script, 'javascript js jsx mjs cjs node typescript ts tsx mts cts'],
  [go, 'go golang'],
  [rust, 'rust rs'],
  [python, 'python py python3 pyi pyw toml julia jl graphql gql'],
  [elixir, 'elixir ex exs'],
  [ruby, 'ruby rb perl pl'],
  [shell, 'bash sh shell zsh fish ksh console terminal shell-session shellsession'],
  [powershell, 'powershell ps1 pwsh ps'],
  [php, 'php'],
  [sql, 'sql mysql pgsql postgresql postgres plpgsql sqlite tsql plsql ddl'],
  [lua, 'lua luau'],
  [haskell, 'haskell hs elm purescript'],
  [ocaml, 'ocaml ml mli fsharp fs pascal'],
  [terraform, 'terraform tf hcl tfvars'],
  [docker, 'dockerfile docker'],
  [json, 'json jsonc json5 jsonl'],
  [yaml, 'yaml yml'],
  [tags, 'html htm xml svg vue svelte astro xhtml xsd plist handlebars hbs ejs jinja twig'],
];
const table = new Map(byLanguage.flatMap(([entry, names]) => names.split(' ').map((name) => [name, entry] as const)));

/** The syntax of a language; of a block without one, that of the ending of the path above it. */
export function syntaxOf(language: string | null, path: string | null): Syntax {
  const ending = path === null ? '' : path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const base = path === null ? '' : path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const tag = language === null || language === 'text' || language === 'txt' ? null : language;
  return (tag === null ? (table.get(base) ?? table.get(ending)) : table.get(tag)) ?? unknown;
}
