/** What looks like the path of a file, in the places where answers write one. */
import { hasKnownEnding } from './languages.ts';

/** Files that are known by their whole name. */
const wholeNames = new Set(
  (
    'Dockerfile Containerfile Makefile makefile GNUmakefile Procfile Gemfile Rakefile Podfile Vagrantfile Jenkinsfile Brewfile Caddyfile Tiltfile ' +
    'Justfile justfile Fastfile Guardfile Pipfile LICENSE LICENCE COPYING NOTICE CODEOWNERS AUTHORS VERSION CHANGELOG README CONTRIBUTING Cargo.lock ' +
    'go.mod go.sum go.work yarn.lock poetry.lock uv.lock py.typed gradlew mvnw crontab MANIFEST.in'
  ).split(' '),
);
const plainWords = new Set([
  'README',
  'LICENSE',
  'LICENCE',
  'NOTICE',
  'VERSION',
  'CHANGELOG',
  'AUTHORS',
  'COPYING',
  'CONTRIBUTING',
  'crontab',
]);

/** Whether a file's name is also an ordinary word, as in the heading "README". */
export const isPlainWord = (name: string): boolean => plainWords.has(name);

/** Names ending like files that are libraries, products or expressions. */
const libraries = new Set(
  (
    'node vue next nuxt express react angular angularjs ember backbone three d3 discord chart alpine moment web3 ethers p5 day anime brain ml5 tone ' +
    'phaser babylon pixi matter transformers tensorflow tf nest svelte solid knockout passport handlebars mustache underscore lodash cannon ammo ' +
    'leaflet paper fabric konva hapi koa sails meteor polymer require socket jquery bootstrap mongoose highlight prism marked hyper deno bun bull ' +
    'electron cypress chai numeral popper swiper gsap plotly video howler cesium deck luma regl stimulus turbo inferno preact mithril riot ractive adonis ' +
    'feathers keystone strapi gatsby gridsome vuepress telegraf whatsapp-web discord.js opencv tracking face-api keras synaptic natural compromise'
  ).split(' '),
);
const pythonLibraries = new Set(['discord', 'web3', 'tweepy', 'requests', 'sentry', 'slack', 'telegram', 'nextcord']);
const objects = new Set(
  'console process import meta res response request req math system np pd self this window document object json array e err os sys string app db axios fetch r resp body torch'.split(
    ' ',
  ),
);
const members = new Set(
  'log env json text config data map key service sql pl list rules in out cls target socket do t d l v s y'.split(' '),
);

/** Folders whose files are programs without an ending. */
const runnable = new Set(['bin', 'sbin', 'scripts', 'hooks', '.husky', '.githooks']);

const component = /^[\w.@+~$()[\]{}#=,% -]+$/;
const system =
  /^\/(?:etc|usr|var|home|root|tmp|opt|bin|sbin|srv|mnt|app|workspace|lib|dev|proc|sys|boot|Users|Library)\//;
const drive = /^[A-Za-z]:[\\/]/;
const dotfile =
  /^\.(?:[a-z][\w-]*(?:rc|ignore|config|attributes|modules|profile|keep|version|versions|paths)|env(?:\.[\w.-]+)?|flake8|pylintrc|netrc|htaccess|htpasswd|buckconfig|watchmanconfig|tmux\.conf|vimrc|gitkeep|dockerfile)$/;

function isLibrary(base: string): boolean {
  const dot = base.lastIndexOf('.');
  const stem = base.slice(0, dot).toLowerCase();
  const ending = base.slice(dot + 1);
  return (
    (ending === 'js' && libraries.has(stem)) ||
    (ending === 'py' && pythonLibraries.has(stem)) ||
    (ending === 'NET' && stem.length > 0)
  );
}

/** `console.log`, `res.json`: a member of an object, not a file. */
function isMember(base: string): boolean {
  const dot = base.indexOf('.');
  return (
    dot > 0 &&
    (objects.has(base.slice(0, dot).toLowerCase()) || base.slice(0, dot) === '') &&
    members.has(base.slice(dot + 1))
  );
}

/**
 * Whether `text` reads as the path of one file. `alone` says that it stands alone where a name is expected (a heading,
 * a code span above a block), where less doubt is due: a path that could never be written (`../x`, `/etc/x`, `C:\x`)
 * counts there too, so that the jail can refuse it aloud instead of the block losing its name in silence.
 */
export function looksLikePath(text: string, alone = false): boolean {
  if (text.length === 0 || text.length > 400 || /[\n\r]/.test(text)) return false;
  if (alone && (drive.test(text) || text.includes('\\'))) return isWindowsLike(text);
  if (text.includes('://') || text.endsWith('/') || text.includes('//')) return false;
  const unsafe = text.startsWith('/') || text.startsWith('../') || text.includes('/../');
  if (unsafe && !alone) return false;
  const parts = text.replace(/^\.?\//, '').split('/');
  const base = parts.at(-1) ?? '';
  if (!parts.every((part) => component.test(part)) || !/[\w\])}]$/.test(base)) return false;
  if (/[ ,]/.test(text) && !isSpaced(text, parts, alone)) return false;
  if (unsafe && (text.includes('../') || system.test(text))) return true;
  if (alone && runnable.has(parts.at(-2) ?? '') && /^[\w-]+$/.test(base)) return true;
  return isFileName(base, parts.length > 1, alone);
}

/** Endings of addresses and of numbers with a unit. */
const noEnding = /\.(?:com|org|net|io|dev|ai|co|edu|gov|app|me|eu|de|fr|uk|[a-z]?px|em|rem)$/i;

/**
 * Whether a bare word has the form of a file's name, although its ending is that of no known language (`Expert.mq5`,
 * `dark.theme`).
 * Members of objects have that form too, so this is asked only where a file is expected.
 */
export function mayBeFileName(text: string): boolean {
  if (text.length > 100 || !/^[A-Za-z0-9_@+-][\w@+-]*(?:\.[\w@+-]+)*\.[a-z][a-z0-9]{1,9}$/.test(text)) return false;
  return !noEnding.test(text) && !isMember(text) && !isLibrary(text) && !/^\d+(?:\.\d+)*\.[a-z]+$/.test(text);
}

const isWindowsLike = (text: string): boolean =>
  /^[\w.:\\/ -]+$/.test(text) && hasKnownEnding(text.replaceAll('\\', '/'));

/** A space or a comma is only believed inside a path with folders that stands alone and has an ending. */
const isSpaced = (text: string, parts: string[], alone: boolean): boolean =>
  alone &&
  parts.length > 1 &&
  hasKnownEnding(text) &&
  !/(?:^|\/)[ ]|[ ](?:\/|$)|, /.test(text) &&
  text.split(' ').length <= 3;

/** What could be a member of an object ("app.config") and is a file's name where one is expected. */
const dataFile =
  /^(?:app|db|system|request|response|object|document|string|env|os|err)\.(?:json|sql|env|config|service|log|rules)$/i;

function isFileName(base: string, inFolder: boolean, alone: boolean): boolean {
  if (wholeNames.has(base)) return alone || inFolder || !plainWords.has(base);
  if (
    /^(?:Dockerfile|Makefile|Containerfile)[.-][\w-]+$/.test(base) ||
    /^[\w-]+\.(?:Dockerfile|dockerfile)$/.test(base)
  )
    return true;
  if (base.startsWith('.')) return dotfile.test(base) || (base.indexOf('.', 1) > 0 && hasKnownEnding(base));
  if (!/^[\w@+$([{]/.test(base)) return false;
  if (!hasKnownEnding(base)) return alone && inFolder && /^[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]\w{0,9}$/.test(base);
  const dot = base.lastIndexOf('.');
  if (dot < 0) return wholeNames.has(base);
  if (/[()]/.test(base) || /\.\./.test(base)) return false;
  if (/^\d+$/.test(base.slice(0, dot)) && /^[a-z]$/i.test(base.slice(dot + 1))) return false;
  if (inFolder) return true;
  if (isMember(base) && !(alone && dataFile.test(base))) return false;
  if (/^(?:e\.g|i\.e|a\.k\.a|vs)$/i.test(base)) return false;
  return !isLibrary(base) || (alone && base[0] === base[0]?.toLowerCase());
}

/** A path named in running text. */
export interface Mention {
  path: string;
  /** Offset in the text that was searched. */
  at: number;
  /** In a code span, in bold or in quotation marks: the writer set it apart. */
  quoted: boolean;
}

const spans = /`([^`\n]{1,200})`|\*\*([^*\n]{1,200})\*\*|"([^"\n]{1,200})"|“([^”\n]{1,200})”|'([^'\s]{1,200})'/g;
/** Chinese, Japanese and Korean text is written without spaces: a path ends where it begins. */
const bare =
  /[^\s`"'“”*<>|,;()!?\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}：，。、；！？「」『』《》【】（）]+/gu;

const fileWords = String.raw`(?:files?|datei|fichier|archivo|fichero|arquivo|bestand|plik|файл\p{L}*|文件|ファイル|파일)`;
const introducedAsFile = new RegExp(
  String.raw`(?<!\p{L})${fileWords}\s*(?:(?:named|called|namens|nommé|llamado|chamado|chiamato)\s+)?["“\x60*]+([^\s"”\x60*]{3,100})["”\x60*]+|["“\x60*]+([^\s"”\x60*]{3,100})["”\x60*]+\s*${fileWords}(?!\p{L})`,
  'giu',
);

/** Names of files with endings that are not known, where a word next to them says that they are files. */
export function saidFiles(text: string): Mention[] {
  return [...text.matchAll(introducedAsFile)]
    .map((match) => ({
      path: match[1] ?? match[2] ?? '',
      at: match.index + match[0].indexOf(match[1] ?? match[2] ?? ''),
    }))
    .filter(({ path }) => !looksLikePath(path) && mayBeFileName(path))
    .map((mention) => ({ ...mention, quoted: true }));
}

/** The paths that `text` (Markdown source) names, in order. */
export function mentions(text: string): Mention[] {
  const foundMentions: Mention[] = [];
  const rest = text.replace(spans, (whole, ...groups) => {
    const at = groups.at(-2) as number;
    const inner = unescape(
      ((groups.slice(0, 5) as (string | undefined)[]).find((g) => g !== undefined) ?? '').replaceAll('`', '').trim(),
    );
    const path = inner.replace(/:$/, '');
    if (!looksLikePath(path)) return whole.startsWith('`') ? ' '.repeat(whole.length) : whole;
    foundMentions.push({ path, at, quoted: true });
    return ' '.repeat(whole.length);
  });
  for (const match of rest.matchAll(bare)) {
    const word = unescape(match[0])
      .replace(/[.:]+$/, '')
      .replace(/^\[|\]$/g, '');
    if (/[./]|file$|^crontab$/.test(word) && looksLikePath(word, word === 'crontab'))
      foundMentions.push({ path: word, at: match.index, quoted: false });
  }
  return foundMentions.sort((a, b) => a.at - b.at);
}

/** Undoes Markdown's backslash before punctuation (`\_\_init\_\_.py`). */
export const unescape = (text: string): string => text.replace(/\\([_*#()[\]~-])/g, '$1');

/** The longer of two spellings when one ends with the other (`user.ts`, `models/user.ts`), else null. */
export function longer(a: string, b: string): string | null {
  if (a === b || a.endsWith(`/${b}`)) return a;
  return b.endsWith(`/${a}`) ? b : null;
}

/** Distinct paths, each in its longest spelling. */
export function distinct(paths: string[]): string[] {
  const distinctPaths: string[] = [];
  for (const path of paths.map((p) => p.replace(/^\.\//, ''))) {
    const same = distinctPaths.findIndex((other) => longer(other, path) !== null);
    if (same < 0) distinctPaths.push(path);
    else distinctPaths[same] = longer(distinctPaths[same] ?? path, path) ?? path;
  }
  return distinctPaths;
}
