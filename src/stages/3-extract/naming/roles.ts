/** What a block is: a file, a part of one, shell, an example, or code without a name. */
import type { BlockRole, Naming } from '../../../domain/grading/extraction.ts';
import type { RawBlock } from '../markdown/blocks.ts';
import { announcesSample, announcesUsage, elides, looksWhole } from '../lexicon/cues.ts';
import { isPartOf, isShellPath, kindOfTag } from '../lexicon/languages.ts';
import type { Name } from './name.ts';
import { anyOf } from '../lexicon/patterns.ts';
import type { Unit } from '../markdown/prose.ts';
import { isTree } from './tree.ts';

const r = String.raw;

/** A role, and the reason for it in one clause. */
export interface Judged {
  role: BlockRole;
  why: string;
}

const decision = (role: BlockRole, why: string): Judged => ({ role, why });

const prompts = /^\s*(?:\$|PS [^>]*>|C:\\[^>]*>|[\w.-]+@[\w.-]+[:~][^$#]*[$#])\s+\S/;
const programs = [
  r`npm|npx|yarn|pnpm|pip3?|pipx|poetry|uv|uvicorn|python3?|node|conda|virtualenv|activate|pytest|jest|flask|django-admin|streamlit|ng|vue|expo|nest`,
  r`go (?:run|build|test|get|mod|install)|cargo|rustc|gcc|g\+\+|clang|make|cmake|mvn|gradle|\.\/[\w./-]+|javac?|dotnet|php|composer|ruby|rails|bundle|gem`,
  r`docker|docker-compose|kubectl|helm|terraform|aws|gcloud|az|git|curl|wget|ssh|scp|psql|mysql|redis-cli|openssl|ping`,
  r`cd|mkdir|rm|cp|mv|touch|cat|ls|echo|export|source|chmod|set|jq|awk|sed|grep|find|tar|unzip|bash|sh`,
  r`apt(?:-get)?|brew|yum|dnf|pacman|systemctl|service`,
].join('|');
const commands = new RegExp(r`^\s*(?:sudo\s+)?(?:${programs})(?:\s|$)`);

/** Longer lines are data; patterns are not tried on them, so that their time stays bounded. */
const longest = 500;

/** Whether the lines read as commands typed at a prompt, or as a transcript of them. */
function isShellLike(content: string[]): boolean {
  const lines = content.filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const first = lines[0];
  if (first === undefined) return false;
  if (/^\s*\$ \S/.test(first)) return true;
  const typed = lines.filter(isTyped).length;
  return isTyped(first) && typed * 2 >= lines.length && lines.length <= 40;
}

const isTyped = (line: string): boolean =>
  line.length < longest &&
  (prompts.test(line) || (commands.test(line) && !/[{};]\s*$|\)\s*:?$|^\s*\w+\s*=\s/.test(line)));

const markup = /^\s*<(?:template|script|style|!doctype|html)\b/i;

/** What stands in the prose around the block, and may speak of running the file. */
const proseNames: ReadonlySet<Naming> = new Set<Naming>(['heading', 'bold', 'code-span', 'list-item']);

/** Lines from which on code is believed to be a file although the words call it a part, or although it has a gap. */
const longPart = 25;
const longWhole = 60;

/** The role of a block that has a name. */
export function roleOfNamed(block: RawBlock, name: Name): Judged {
  const path = name.paths[0] ?? '';
  const kind = kindOfTag(block.language);
  if (isTree(block)) return decision('example', 'it draws a tree of folders');
  if (isCommands(block, name, kind)) return decision('shell', 'it reads as commands, which the words above say to run');
  if (isPartOf(path, block.language) && !block.content.some((line) => markup.test(line)))
    return decision('fragment', `a ${block.language} block can only be a part of such a file`);
  const begins = looksWhole(path, block.content);
  const gaps = elides(block.content, block.language);
  if (name.extent === 'part') {
    return begins && !gaps && block.content.length >= longPart
      ? decision(
          'file',
          'the words around its name call it a part, but it begins like a whole file, is long, and leaves nothing out',
        )
      : decision('fragment', 'the words around its name call it a part of the file');
  }
  if (name.extent === 'update' && !begins)
    return decision('fragment', 'the words around its name speak of a change, and it does not begin like a whole file');
  if (gaps) {
    return begins && block.content.length >= longWhole
      ? decision('file', 'a comment stands for code left out, but it begins like a whole file and is long')
      : decision('fragment', 'a comment or dots in it stand for code left out');
  }
  if (isSection(path, block.content)) return decision('fragment', 'a section of such a file, which cannot stand alone');
  return decision(
    'file',
    name.extent === 'whole'
      ? 'the words around its name call it the whole file'
      : 'it has a name, and nothing calls it a part',
  );
}

const requirement = /^\s*(?:#.*|[A-Za-z][\w.[\],-]*\s*(?:[=<>~!]=?[^#]*)?(?:#.*)?)?$/;

/** Whether a command has the file for an argument. */
function isRun(path: string, content: string[]): boolean {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return content.some(
    (line) =>
      isTyped(line) &&
      line
        .trim()
        .split(/\s+/)
        .slice(1)
        .some((word) => word === base || word.endsWith(`/${base}`)),
  );
}

/** Commands below words that also name a file ("save it as `x.py` and run", "### Running `x.py`"). */
function isCommands(
  block: RawBlock,
  { namedBy, extent, paths: [path = ''] }: Name,
  kind: ReturnType<typeof kindOfTag>,
): boolean {
  if ((kind !== null && kind !== 'shell') || looksWhole(path, block.content)) return false;
  if ((block.content.find((line) => line.trim() !== '') ?? '').startsWith('#!')) return false;
  if (extent === 'commands' && kind === null && !isShellPath(path)) return true;
  if (namedBy !== 'sentence' && (!proseNames.has(namedBy) || !isRun(path, block.content))) return false;
  if (/(?:^|\/)requirements[\w.-]*\.txt$/.test(path) && block.content.every((line) => requirement.test(line)))
    return false;
  return isShellLike(block.content) && (!isShellPath(path) || block.content.length <= 2);
}

/** How a section begins that cannot be such a file by itself. */
const sections: readonly (readonly [path: RegExp, first: RegExp])[] = [
  [/(?:^|\/)pom\.xml$/, /^<(?:dependenc|plugin|build|repositor|propert|profile)/],
  [/(?:^|\/)AndroidManifest\.xml$/, /^<(?:uses-|activity|service|receiver|provider|application|meta-data|intent)/],
  [/\.plist$/, /^<key>/],
  [/\.[cfv][sb]proj$/, /^<(?:ItemGroup|PropertyGroup|PackageReference)/],
  [/(?:^|\/)build\.gradle(?:\.kts)?$/, /^(?:dependencies|implementation|testImplementation)\b/],
  [/(?:^|\/)pubspec\.ya?ml$/, /^(?:(?:dev_)?dependencies|flutter):/],
  [/(?:^|\/)Cargo\.toml$/, /^\[(?:dependencies|dev-dependencies)/],
  [/\.json$/, /^"[^"]*"\s*:/],
];

/** A section of a manifest that cannot stand alone. */
function isSection(path: string, content: string[]): boolean {
  const first = content.find((line) => line.trim() !== '' && !/^\s*(?:<!--|#|\/\/)/.test(line))?.trim() ?? '';
  return sections.some(([kind, start]) => kind.test(path) && start.test(first));
}

/** The role of a block without a name. `hadCode`: the answer showed code before it. */
export function roleOfUnnamed(block: RawBlock, above: Unit[], hadCode: boolean): Judged {
  const kind = kindOfTag(block.language);
  if (block.content.every((line) => line.trim() === '')) return decision('example', 'it is empty');
  if (kind === 'shell') return decision('shell', `its language is ${block.language}, and nothing names a script`);
  if (isTree(block)) return decision('example', 'it draws a tree of folders');
  if (kind === 'text' || kind === 'markdown')
    return decision('example', `it is ${block.language}, and nothing names a file`);
  const prose = announcement(above);
  if (kind === 'data') return roleOfData(block, prose);
  if (kind === 'diff') return decision('fragment', 'a diff that names no file');
  if (kind === null) return roleOfUntagged(block, prose, hadCode);
  return roleOfCode(block, prose, hadCode);
}

/** The unit just above the block, with the heading above that. */
function announcement(above: Unit[]): string {
  const [before, last] = [above.at(-2), above.at(-1)];
  const heading = before?.kind === 'heading' && last?.kind !== 'heading' ? before.rows.join(' ') : '';
  return `${heading} ${last?.rows.join(' ') ?? ''}`;
}

/** YAML of some length is a manifest more often than a sample; other data without a name is a sample. */
const isDocument = (block: RawBlock): boolean => /^ya?ml$/.test(block.language ?? '') && block.content.length >= 10;

function roleOfData(block: RawBlock, prose: string): Judged {
  if (!isDocument(block)) return decision('example', 'data without a name is a sample');
  if (announcesSample(prose) || announcesUsage(prose))
    return decision('example', 'the prose above announces a sample or a use');
  return decision('unnamed', 'it is long enough for a manifest, and nothing names it');
}

function roleOfUntagged(block: RawBlock, prose: string, hadCode: boolean): Judged {
  if (isShellLike(block.content)) return decision('shell', 'it has no language and reads as commands');
  if (announcesLog.test(prose)) return decision('example', 'the prose above announces output');
  return isCodeLike(block.content)
    ? roleOfCode(block, prose, hadCode)
    : decision('example', 'it has no language, does not read as code, and nothing names it');
}

function roleOfCode(block: RawBlock, prose: string, hadCode: boolean): Judged {
  const isGo = block.language === 'go' || block.language === 'golang';
  if (isGo && !block.content.some((line) => /^package\s+\w/.test(line))) {
    return hadCode
      ? decision('example', 'Go without a package, after other code')
      : decision('unnamed', 'code, and nothing names it');
  }
  if ((block.content.find((line) => line.trim() !== '') ?? '').startsWith('>>> '))
    return decision('example', 'an interactive session');
  if (!hadCode) return decision('unnamed', 'code, and nothing names it');
  if (isUse(prose)) return decision('example', 'the prose above announces a use of the code');
  return elides(block.content, block.language)
    ? decision('fragment', 'a comment or dots in it stand for code left out')
    : decision('unnamed', 'code, and nothing names it');
}

const announcesLog =
  /\b(?:outputs?|logs?|error (?:message|log)s?|stack ?trace|traceback)(?: (?:is|are|was|shows?|says?|reads?|looks? like(?: this)?|will be|would be|should be|as follows|that you (?:see|get)|you (?:see|get)))?\s*[:：]\s*$/i;

const use = anyOf(
  'usage',
  'example (?:call|request|response|invocation)',
  r`(?:example of |how (?:you can |to |you could |you might ))(?:us(?:e|ing)|call(?:ing)?|run(?:ning)?) (?:it|this|the|your|our)`,
  '(?:use|call|invoke|run) it (?:like|as|with)',
  r`you can (?:now |then )?(?:use|call|run) (?:it|this|the (?!following)\w+)`,
  'call (?:it|this) (?:with|like|as)',
  r`(?:use|call|test|try) (?:this|the|your) [\`\w]+(?: function| method| class)? (?:like|as follows|with|by)`,
);
const using =
  /^\s*(?:using|calling|running|invoking|trying)(?: out)? (?:(?:it|them|the (?:class|function|module|library|package|script|client|api))\b|[`*])/i;
const isUse = (prose: string): boolean => use.test(prose) || using.test(prose);

const codeLine =
  /[;{]\s*$|^\s*(?:def|class|import|from|func|function|fn|let|const|var|public|private|return|if|for|while|#include|package|using|SELECT|INSERT|CREATE|<\w|@\w|end\b|print|\w+\s*=\s)|\w\(.*\)\s*$|=>|::/i;

function isCodeLike(content: string[]): boolean {
  const lines = content.filter((line) => line.trim() !== '');
  return lines.filter((line) => line.length < longest && codeLine.test(line)).length * 5 >= lines.length * 2;
}
