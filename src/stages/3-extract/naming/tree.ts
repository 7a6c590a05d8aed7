/**
 * Directory trees drawn in an answer: they complete bare names and re-root labels relative to a part of the project.
 */
import type { RawBlock } from '../markdown/blocks.ts';
import { isKnownTag, kindOfTag } from '../lexicon/languages.ts';
import { looksLikePath } from '../lexicon/paths.ts';

/** The files and folders of all trees of an answer. */
export interface Tree {
  files: Set<string>;
  folders: Set<string>;
  /** The single folder that the whole tree stands in ("my-app/"), or null. */
  root: string | null;
}

const branch = /^[\s│|┃¦]*(?:[├└┣┗╠╚+`\\|][─━═\-–]{1,4}[>╴]?|[├└┣┗])\s*/;
const remark = /\s+(?:#|\/\/|<-|←|--|—|–|-\s|\().*$|\s{2,}\S.*$/;

const longestEntry = 300;

/** Whether a block is a drawn tree. */
export function isTree(block: RawBlock): boolean {
  const kind = kindOfTag(block.language);
  if (kind !== null && kind !== 'text' && kind !== 'shell') return false;
  const branches = block.content.filter((line) =>
    /^[\s│|┃]*(?:[├└┣┗]|(?:\|--|\+--|`--|\\--)[\s-]*[\w.])/.test(line),
  ).length;
  return (
    (branches >= 2 && branches * 2 >= block.content.filter((line) => line.trim() !== '').length) || isIndented(block)
  );
}

/** Names only, some of them folders ("src/"), indented: a tree without lines. */
function isIndented(block: RawBlock): boolean {
  if (block.content.some((line) => line.length > longestEntry)) return false;
  const lines = block.content
    .flatMap(expandBraces)
    .map((line) => line.trim().replace(remark, ''))
    .filter((line) => line !== '');
  if (
    lines.length < 3 ||
    !block.content.some((line) => /^\s+\S/.test(line)) ||
    (block.language !== null && isKnownTag(block.language) && kindOfTag(block.language) !== 'text')
  )
    return false;
  const folders = lines.filter((line) => /^[\w.@-]+\/$/.test(line)).length;
  const files = lines.filter((line) => looksLikePath(line, true)).length;
  return folders > 0 && folders + files === lines.length;
}

/** The union of the trees among the blocks. */
export function readTrees(blocks: RawBlock[]): Tree {
  const tree: Tree = { files: new Set(), folders: new Set(), root: null };
  const tops = new Set<string>();
  for (const block of blocks) {
    if (!isTree(block)) continue;
    for (const { path, folder } of entries(block.content)) {
      (folder ? tree.folders : tree.files).add(path);
      tops.add(path.split('/', 1)[0] ?? '');
      const parts = path.split('/').slice(0, -1);
      for (let i = 1; i <= parts.length; i += 1) tree.folders.add(parts.slice(0, i).join('/'));
    }
  }
  const [top = ''] = tops;
  tree.root = tops.size === 1 && tree.folders.has(top) && !isPart(top, tree) ? top : null;
  return tree;
}

/**
 * A tree that begins at `src/` shows a part of the project, whose name that is not; unless the project is kept in it.
 */
const isPart = (top: string, tree: Tree): boolean =>
  /^(?:src|source|lib|tests?|cmd|internal|pkg|include|packages|\.github)$/.test(top) &&
  ![...tree.files].some(
    (file) =>
      file.split('/').length === 2 &&
      /\/(?:package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod|Cargo\.toml|pom\.xml)$/.test(file),
  );

function entries(content: string[]): { path: string; folder: boolean }[] {
  const listed: { paths: string[]; folder: boolean; indent: number }[] = [];
  // What stands in folders that braces name together (`{api,web}/`) stands in each of them.
  const stack: { indent: number; paths: string[] }[] = [];
  for (const line of content) {
    const names = expandBraces(line)
      .map(entryOf)
      .filter((entry) => entry !== null);
    const [entry] = names;
    if (entry === undefined) continue;
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= entry.indent) stack.pop();
    const parents = stack.at(-1)?.paths ?? [''];
    const paths = parents
      .flatMap((parent) => names.map(({ name }) => (parent === '' ? name : `${parent}/${name}`)))
      .slice(0, mostPaths);
    stack.push({ indent: entry.indent, paths });
    listed.push({ paths, folder: entry.folder, indent: entry.indent });
  }
  return listed.flatMap(({ paths, folder, indent }, i) => {
    const isFolder = folder || (listed[i + 1]?.indent ?? 0) > indent;
    return paths.map((path) => ({ path, folder: isFolder }));
  });
}

const longestExpansion = 20;
/** So many entries a line of a tree may stand for. */
const mostPaths = 100;

/** `tests/{unit,contract}/` stands for one entry each. */
function expandBraces(line: string): string[] {
  if (line.length > longestEntry) return [line];
  const braces = /^(.*?[\s/─-])?([\w./@-]*)\{([\w.@\s-]+(?:,[\w.@\s-]+)+)\}(.*)$/.exec(line);
  if (braces === null) return [line];
  const [, before = '', start = '', list = '', after = ''] = braces;
  const names = list.split(',').map((name) => name.trim());
  return names.length > longestExpansion
    ? [line]
    : names.flatMap((name) => expandBraces(`${before}${start}${name}${after}`));
}

function entryOf(line: string): { indent: number; name: string; folder: boolean } | null {
  if (line.length > longestEntry) return null;
  const marks = branch.exec(line)?.[0] ?? /^\s*/.exec(line)?.[0] ?? '';
  const text = line.slice(marks.length).replace(remark, '').replaceAll('`', '').replace(/\*\*/g, '').trim();
  if (text === '' || text === '.' || text === './' || !/^[\w.@()[\]~$+-]+(?:\/[\w.@()[\]~$+-]+)*\/?$/.test(text))
    return null;
  return { indent: marks.length, name: text.replace(/^\.\//, '').replace(/\/$/, ''), folder: text.endsWith('/') };
}

/**
 * Gives a written path its place in the tree; the same path where the tree says nothing, or more than one thing that
 * `topic`, the words of the headings above, does not decide ("## Backend", and a tree with `backend/package.json` and
 * `frontend/package.json`).
 */
export function reroot(
  written: string,
  { tree, labels }: { tree: Tree; labels: string[] },
  topic: ReadonlySet<string>,
): string {
  const path = written.replace(/^\.\//, '');
  if (tree.files.size === 0) return path;
  const prefix = tree.root === null ? '' : `${tree.root}/`;
  // A package may be named like the project that holds it: `mysite/settings.py` is no proof that paths begin at the
  // root.
  const rooted =
    prefix !== '' &&
    labels
      .map((label) => label.replace(/^\.\//, ''))
      .some((label) => label.startsWith(prefix) && !tree.files.has(`${prefix}${label}`));
  const treePaths = [...tree.files].map((file) => (rooted || prefix === '' ? file : file.slice(prefix.length)));
  if (treePaths.includes(path)) return path;
  const ends = treePaths.filter((file) => file.endsWith(`/${path}`));
  const match =
    ends.length === 1
      ? ends
      : ends.filter((file) =>
          file
            .split('/')
            .slice(0, -1)
            .some((folder) => topic.has(folder.toLowerCase())),
        );
  if (match.length === 1) return match[0] ?? path;
  if (ends.length > 1 || !path.includes('/')) return path;
  return rerootFolder(path, tree, rooted ? '' : prefix);
}

/** The tree names the folder of the path once, but not the file. */
function rerootFolder(path: string, tree: Tree, prefix: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const folders = [...tree.folders]
    .filter((other) => other.startsWith(prefix))
    .map((other) => other.slice(prefix.length));
  const top = path.split('/', 1)[0] ?? '';
  if (folders.includes(top)) return path;
  const ends = folders.filter((other) => other.endsWith(`/${folder}`));
  return ends.length === 1 ? `${ends[0]}/${path.slice(path.lastIndexOf('/') + 1)}` : path;
}
