/** What a fence's language tag and a file's ending have to do with each other. */

type Kind = 'code' | 'data' | 'shell' | 'text' | 'markdown' | 'diff';

interface Family {
  kind: Kind;
  tags: string;
  /** Endings (without the dot) and whole file names that such a block may be. */
  names: string;
}

const families: Record<string, Family> = {
  python: { kind: 'code', tags: 'python py python3 pyi pycon3 gyp', names: 'py pyi pyw wsgi gyp' },
  web: {
    kind: 'code',
    tags: 'javascript js jsx mjs cjs node typescript ts tsx mts cts ecmascript gs vue svelte astro html htm xhtml php css scss sass less handlebars hbs ejs pug jinja jinja2 django twig erb blade liquid razor cshtml jsp mdx',
    names:
      'js jsx mjs cjs ts tsx mts cts vue svelte astro html htm xhtml php phtml css scss sass less hbs ejs pug jinja jinja2 j2 twig erb blade.php liquid cshtml razor jsp njk mdx es6 gs',
  },
  go: { kind: 'code', tags: 'go golang', names: 'go' },
  gomod: { kind: 'code', tags: 'gomod go.mod go-mod', names: 'go.mod go.sum go.work' },
  java: { kind: 'code', tags: 'java', names: 'java' },
  kotlin: { kind: 'code', tags: 'kotlin kt kts', names: 'kt kts' },
  groovy: { kind: 'code', tags: 'groovy gradle', names: 'groovy gradle Jenkinsfile' },
  scala: { kind: 'code', tags: 'scala sbt', names: 'scala sc sbt' },
  clojure: { kind: 'code', tags: 'clojure clj', names: 'clj cljs cljc edn' },
  c: {
    kind: 'code',
    tags: 'c h cpp c++ cc cxx hpp objective-c objectivec objc cuda cu arduino ino metal opencl',
    names: 'c h cpp cc cxx hpp hh hxx inl ipp m mm cu cuh ino metal cl y l',
  },
  shader: {
    kind: 'code',
    tags: 'glsl hlsl wgsl shader shaderlab',
    names: 'glsl vert frag hlsl wgsl shader comp fs vs',
  },
  csharp: {
    kind: 'code',
    tags: 'csharp cs c# fsharp f# fs vb vb.net vbnet vbs vbscript vba razor xaml',
    names: 'cs fs fsx vb vbs cshtml xaml bas cls',
  },
  rust: { kind: 'code', tags: 'rust rs', names: 'rs' },
  ruby: {
    kind: 'code',
    tags: 'ruby rb',
    names: 'rb rake gemspec ru Gemfile Rakefile Podfile Vagrantfile Fastfile Guardfile',
  },
  swift: { kind: 'code', tags: 'swift', names: 'swift' },
  sql: { kind: 'code', tags: 'sql mysql pgsql postgresql plpgsql sqlite tsql plsql', names: 'sql ddl psql' },
  terraform: { kind: 'code', tags: 'terraform tf hcl', names: 'tf tfvars hcl' },
  docker: { kind: 'code', tags: 'dockerfile docker', names: 'Dockerfile Containerfile dockerfile' },
  make: {
    kind: 'code',
    tags: 'makefile make mk cmake',
    names: 'Makefile makefile GNUmakefile mk CMakeLists.txt cmake',
  },
  lua: { kind: 'code', tags: 'lua luau', names: 'lua luau' },
  perl: { kind: 'code', tags: 'perl pl', names: 'pl pm t cgi' },
  r: { kind: 'code', tags: 'r rmarkdown', names: 'R r Rmd' },
  matlab: { kind: 'code', tags: 'matlab octave', names: 'm' },
  julia: { kind: 'code', tags: 'julia jl', names: 'jl' },
  haskell: { kind: 'code', tags: 'haskell hs purescript elm', names: 'hs lhs cabal purs elm' },
  ocaml: { kind: 'code', tags: 'ocaml ml reasonml', names: 'ml mli re' },
  erlang: { kind: 'code', tags: 'elixir ex exs erlang erl', names: 'ex exs erl hrl heex' },
  dart: { kind: 'code', tags: 'dart', names: 'dart' },
  lisp: { kind: 'code', tags: 'lisp scheme elisp emacs-lisp racket common-lisp', names: 'lisp lsp el scm ss rkt' },
  nix: { kind: 'code', tags: 'nix', names: 'nix' },
  solidity: { kind: 'code', tags: 'solidity sol vyper', names: 'sol vy' },
  asm: { kind: 'code', tags: 'asm assembly nasm armasm', names: 'asm s S' },
  proto: {
    kind: 'code',
    tags: 'protobuf proto graphql gql prisma thrift',
    names: 'proto graphql gql graphqls prisma thrift',
  },
  zig: { kind: 'code', tags: 'zig', names: 'zig zon' },
  nim: { kind: 'code', tags: 'nim', names: 'nim nims nimble' },
  hdl: { kind: 'code', tags: 'verilog systemverilog vhdl', names: 'v sv svh vhd vhdl' },
  other: {
    kind: 'code',
    tags: 'gdscript gd pascal delphi fortran cobol ada prolog sas stata gams latex tex bibtex apex crystal d v vala tcl vim viml promql rego bicep cypher abap cds mojo coffeescript coffee',
    names:
      'gd tscn pas dpr f90 f95 f for cob cbl adb ads pro sas do gms tex bib sty cls trigger cr d v vala tcl vim rego bicep cypher abap cds mojo coffee',
  },
  shell: {
    kind: 'shell',
    tags: 'bash sh shell zsh fish ksh console terminal shell-session shellsession sh-session powershell ps1 pwsh ps cmd bat batch dos pycon nushell',
    names: 'sh bash zsh fish ksh ps1 psm1 psd1 bat cmd bats',
  },
  json: {
    kind: 'data',
    tags: 'json json5 jsonc jsonl ndjson geojson',
    names: 'json json5 jsonc jsonl ndjson geojson webmanifest ipynb lock avsc arb',
  },
  yaml: { kind: 'data', tags: 'yaml yml', names: 'yaml yml' },
  toml: { kind: 'data', tags: 'toml', names: 'toml lock Pipfile' },
  xml: {
    kind: 'data',
    tags: 'xml svg plist xsd xslt',
    names:
      'xml svg plist xsd xsl xslt csproj fsproj vbproj props targets wsdl resx storyboard xib config html xhtml xaml',
  },
  ini: {
    kind: 'data',
    tags: 'ini cfg conf config properties env dotenv editorconfig nginx apache apacheconf systemd gitignore ignore dockerignore caddyfile desktop',
    names: 'ini cfg conf cnf config properties env service timer socket desktop target htaccess toml list rules plist',
  },
  csv: { kind: 'data', tags: 'csv tsv', names: 'csv tsv' },
  markdown: { kind: 'markdown', tags: 'markdown md rst adoc asciidoc org', names: 'md markdown rst adoc org mdx' },
  diff: { kind: 'diff', tags: 'diff patch udiff', names: 'diff patch' },
  text: {
    kind: 'text',
    tags: 'text txt plaintext plain plain-text output none nohighlight log http https mermaid plantuml puml ascii tree stdout stderr result regex math dot graphviz traceback error think thinking thought reasoning scratchpad',
    names: 'txt text log mmd puml dot in out',
  },
};

const tagFamily = new Map<string, string>();
const nameFamilies = new Map<string, string[]>();
for (const [id, family] of Object.entries(families)) {
  for (const tag of family.tags.split(' ')) if (!tagFamily.has(tag)) tagFamily.set(tag, id);
  for (const name of family.names.split(' ')) nameFamilies.set(name, [...(nameFamilies.get(name) ?? []), id]);
}

/** Whether `tag` (lower case) is a language that fences are tagged with. */
export const isKnownTag = (tag: string): boolean => tagFamily.has(tag);

/** What kind of content a tag announces; null when there is no tag or an unknown one. */
export function kindOfTag(tag: string | null): Kind | null {
  const family = tag === null ? undefined : tagFamily.get(tag);
  return family === undefined ? null : (families[family]?.kind ?? null);
}

/** The ending of a path (without the dot, as written), or '' for none. */
function endingOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot <= 0 ? '' : base.slice(dot + 1);
}

const familiesOf = (path: string): string[] => {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return (
    nameFamilies.get(base) ?? nameFamilies.get(endingOf(path)) ?? nameFamilies.get(endingOf(path).toLowerCase()) ?? []
  );
};

/** Whether the ending of the path belongs to a file of some language that we know. */
export const hasKnownEnding = (path: string): boolean => familiesOf(path).length > 0;

/** Whether the path is a shell script by its ending. */
export const isShellPath = (path: string): boolean => familiesOf(path).includes('shell');

/** Files of settings without an ending, which no program is: `.env`, `.gitignore`. */
const isSettings = /(?:^|\/)\.(?:env(?:\.[\w.-]+)?|[\w-]*ignore|editorconfig|gitattributes|htaccess|npmrc|nvmrc)$/;

/** Lists of patterns, one a line: no data with a syntax of its own. */
const isIgnoreFile = /(?:^|\/)\.[\w-]*ignore$/;

/**
 * Whether a block tagged `tag` can be the file `path`. No tag, an unknown tag or a path without a telling ending says
 * nothing against it; a shell block is only ever a shell script or a file without an ending (`.env`, `Dockerfile`).
 */
export function fits(path: string, tag: string | null): boolean {
  const family = tag === null ? undefined : tagFamily.get(tag);
  const familiesOfPath = familiesOf(path);
  if (family === undefined || family === 'diff') return true;
  if (isSettings.test(path) && families[family]?.kind === 'code' && family !== 'docker') return false;
  if (isIgnoreFile.test(path) && families[family]?.kind === 'data') return false;
  if (family === 'text') return !familiesOfPath.includes('shell');
  if (family === 'shell')
    return (
      familiesOfPath.includes('shell') ||
      (familiesOfPath.length === 0 && (!endingOf(path) || /(?:^|\/)\.[^/]+$/.test(path)))
    );
  if (familiesOfPath.length === 0 || familiesOfPath.includes(family)) return true;
  const kind = families[family]?.kind;
  const lenient = familiesOfPath.some((id) => families[id]?.kind === kind && kind === 'data');
  return (
    lenient ||
    (family === 'go' && familiesOfPath.includes('gomod')) ||
    (family === 'xml' && familiesOfPath.includes('web')) ||
    (family === 'web' && familiesOfPath.includes('json'))
  );
}

const spelled: Record<string, string> = {
  javascript: 'js',
  typescript: 'ts',
  python: 'py',
  markdown: 'md',
  ruby: 'rb',
  rust: 'rs',
  kotlin: 'kt',
  csharp: 'cs',
  'c++': 'cpp',
  bash: 'sh',
  shell: 'sh',
  yml: 'yaml',
};

/** Of several paths those whose ending is the tag's own (`.css` for css); all of them when none is. */
export function closest(paths: string[], tag: string | null): string[] {
  const ending = tag === null ? '' : (spelled[tag] ?? tag);
  const withEnding = paths.filter((path) => endingOf(path) === ending && ending !== '');
  return withEnding.length > 0 ? withEnding : paths;
}

/** Markup that holds other languages: a block in one of those is a part of such a file, not the file. */
const containers: Record<string, RegExp> = {
  svelte: /^(?:js|javascript|ts|typescript|css|scss)$/,
  vue: /^(?:js|javascript|ts|typescript|css|scss)$/,
  html: /^(?:js|javascript|ts|typescript|css|scss)$/,
};

/** Whether a block tagged `tag` can only be a part of the file (a script of an `.html` page). */
export const isPartOf = (path: string, tag: string | null): boolean =>
  tag !== null && (containers[endingOf(path)]?.test(tag) ?? false);
