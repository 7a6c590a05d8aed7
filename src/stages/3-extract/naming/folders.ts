/** Folders that the words around a bare name tell: a heading that is a folder, or the sentence that names the file. */
import { looksLikePath } from '../lexicon/paths.ts';
import type { Unit } from '../markdown/prose.ts';
import type { Name } from './name.ts';

/** A heading that is a folder ("### `src/routes/`"): bare names below it are in there. */
export interface Folder {
  path: string;
  depth: number;
}

/** "Backend (`backend/`)" */
const folderInBrackets = /\s\(`?((?:\.\/)?(?:[\w.@[\]-]+\/)+)`?\)\s*:?$/;
const folderHeading =
  /^[^\w`.@(/]*(?:\d+[.)]\s+)?(?:\*\*)?`?((?:\.\/)?(?:[\w.@()[\]-]+\/)+)`?(?:\*\*)?(?:\s+(?:folder|directory)|\s*\([^)]*\)|\s+[-–—]\s.*)?\s*:?$/i;

/** The folder that holds after these units; a heading of the same level or above ends it. */
export function folderOf(above: Unit[], before: Folder | null): Folder | null {
  let folder = before;
  for (const { kind, depth, rows } of above) {
    if (kind !== 'heading') continue;
    const row = rows.join(' ').trim();
    const path = (folderHeading.exec(row) ?? folderInBrackets.exec(row))?.[1];
    if (path !== undefined) folder = { path: path.replace(/^\.\//, ''), depth };
    else if (folder !== null && depth <= folder.depth) folder = null;
  }
  return folder;
}

/**
 * A name with its folder: that of its own sentence, else that of the heading above. Names that are paths stay as they
 * are.
 */
export function inFolder(name: Name | null, folder: Folder | null, above: Unit[], previous: Name | null): Name | null {
  if (name === null) return null;
  const same = folderOfPrevious(name, above, previous);
  if (same !== null) return { ...name, paths: name.paths.map((written) => within(same, written)) };
  const inSentence = folderInSentence(name, above);
  const path = (inSentence?.isSure === true ? inSentence.path : null) ?? folder?.path ?? null;
  if (path === null) return inSentence === null ? name : { ...name, folder: inSentence.path };
  return { ...name, paths: name.paths.map((written) => within(path, written)) };
}

/** A bare name in a folder (which ends with a slash); a path stays as it is. */
export function within(folder: string, written: string): string {
  const bare = written.replace(/^\.\//, '');
  return bare.includes('/') ? written : `${folder}${bare}`;
}

const r = String.raw;
const folderWord = r`(?:sub-?)?(?:folders?|director(?:y|ies)|ordners?|verzeichnis(?:ses)?|dossier|répertoire|carpeta|directorio|pasta|diretório|cartella|map|katalogu?|folderze|папк\p{L}*|каталог\p{L}*|директори\p{L}*|klasör\p{L}*)`;
const wordless = r`(?:文件夹|目录|資料夾|フォルダー?|ディレクトリ|폴더|디렉터리|디렉토리)`;
const preposition = r`(?:in|inside|into|under|within|im|ins|unter|dans|sous|en|dentro de|em|no|na|nel|nella|sotto|w|we|в|внутри|u|在|于)`;
const mark = r`[\x60"*“”„«»]{1,3}`;
const token = r`((?:\.\/)?[\w@][\w.@()[\]-]*(?:\/[\w.@()[\]-]+)*\/?)`;
const namedWord = r`(?:\s+(?:named|called|namens|mit dem namen|nommé|appelé|llamad[ao]|chamad[ao]|chiamat[ao]|genaamd|o nazwie|с именем|под названием))?`;

/** "in the `server/` folder", "in a folder named `templates`", "im Ordner `x`", "in `src/`". */
const spaced = [
  new RegExp(
    r`(?<!\p{L})${preposition}\s+(?:[\p{L}']+\s+){0,3}?${mark}${token}${mark}\s*(?:\p{L}+\s+)?${folderWord}(?!\p{L})`,
    'giu',
  ),
  new RegExp(
    r`(?<!\p{L})${preposition}\s+(?:[\p{L}']+\s+){0,3}?${folderWord}${namedWord}\s*[:：]?\s*${mark}${token}${mark}`,
    'giu',
  ),
  new RegExp(r`(?<!\p{L})${preposition}\s+(?:[\p{L}']+\s+){0,2}?${mark}${token}(?<=\/)${mark}`, 'giu'),
  new RegExp(r`${mark}${token}${mark}\s*(?:的)?\s*${wordless}`, 'giu'),
  new RegExp(r`${wordless}\s*${mark}${token}${mark}`, 'giu'),
];
/** "Create a folder named `templates`. In it, `index.html`:" */
const madeBefore = new RegExp(
  r`(?:${folderWord}(?!\p{L})${namedWord}|${wordless})\s*[:：]?\s*${mark}${token}${mark}|${mark}${token}${mark}\s*(?:${folderWord}(?!\p{L})|${wordless})`,
  'giu',
);
const inThere =
  /(?<!\p{L})(?:in(?:side|to)? (?:it|there|this|that|the (?:new )?(?:folder|directory))|within it|darin|dort|dedans|à l'intérieur|dentro|al suo interno|daarin|в ней|в нём|внутри|там)(?!\p{L})|其中|里面|その中|ここに|그 안에|안에/iu;
/** The project's own folder is where all paths begin. */
const isProject =
  /(?:project|root|main|top|working|current|plugin|base|projekt\p{L}*|wurzel\p{L}*|projet|proyecto|projeto|progetto|проект\p{L}*)['’]?s?\s+(?:\p{L}+\s+)?(?:folder|director)|项目|プロジェクト|프로젝트/iu;

/**
 * Folders of a project that everybody names so. `src` is none of them: "in the `src` folder" is said of the project's
 * sources.
 */
const usual = new Set(
  (
    'templates static public views components pages routes models controllers services tests test __tests__ spec utils helpers lib config scripts docs ' +
    'assets styles css js img middleware middlewares hooks api server client backend frontend app migrations include bin cmd internal pkg schemas layouts ' +
    'handlers entities repositories store stores contexts fixtures data examples .github .vscode'
  ).split(' '),
);
const namesFolder = /named|called|namens|nommé|appelé|llamad|chamad|chiamat|genaamd|nazwie|именем|названием|\bnew\b/iu;

/** "In the same folder, add `Button.test.tsx`" */
const sameFolder = new RegExp(
  r`(?<!\p{L})(?:in(?:to|side)?|within) (?:the|that|this) same (?:folder|directory)|im (?:selben|gleichen) (?:ordner|verzeichnis)|dans le même (?:dossier|répertoire)|en (?:la misma carpeta|el mismo directorio)|n(?:a mesma pasta|o mesmo diretório)|nella stessa cartella|в той же (?:папке|директории)|同一(?:个)?(?:文件夹|目录)|同じ(?:フォルダ|ディレクトリ)|같은 (?:폴더|디렉터리)`,
  'iu',
);

/**
 * The folder of the file before, with a slash at its end, where the name's sentence says that it is the same; else
 * null.
 */
function folderOfPrevious(name: Name | null, above: Unit[], previous: Name | null): string | null {
  const unit = name === null ? undefined : above.find(({ line, endLine }) => line <= name.line && name.line <= endLine);
  const path = previous?.paths[0];
  if (unit === undefined || path === undefined || !sameFolder.test(unit.rows.join(' ').slice(0, longestText)))
    return null;
  return path.slice(0, path.lastIndexOf('/') + 1);
}

const longestText = 1500;

/**
 * The one folder in which the sentence puts the file, with a slash at its end; null for none or several. "In the `src`
 * folder" often means no more than the project's sources: one word without a slash is sure only where the sentence
 * makes or names the folder.
 */
function folderInSentence({ paths: [path = ''], line, namedBy }: Name, above: Unit[]): Said | null {
  if (path.includes('/') || namedBy === 'comment' || namedBy === 'info-string' || namedBy === 'tree') return null;
  const at = above.findIndex((unit) => unit.line <= line && line <= unit.endLine);
  const text = above[at]?.rows.join(' ') ?? '';
  if (text === '' || text.length > longestText || isProject.test(text)) return null;
  const folders = foldersIn(text, spaced);
  if (folders.length > 0) return folders.length === 1 ? (folders[0] ?? null) : null;
  if (!inThere.test(text)) return null;
  const before = `${above[at - 1]?.rows.join(' ') ?? ''}\n${text}`.slice(-longestText);
  const [made, more] = isProject.test(before) ? [] : foldersIn(before, [madeBefore]);
  return made === undefined || more !== undefined ? null : { ...made, isSure: true };
}

interface Said {
  path: string;
  isSure: boolean;
}

/**
 * Distinct folders that the patterns find. A token that is the name of a file is none, and neither is a folder of the
 * system.
 */
function foldersIn(text: string, patterns: readonly RegExp[]): Said[] {
  const folders = new Map<string, Said>();
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const writtenPath = match.slice(1).find((group) => group !== undefined) ?? '';
      const path = writtenPath.replace(/^\.\//, '').replace(/\/$/, '');
      if (path === '' || (!writtenPath.endsWith('/') && looksLikePath(path, true))) continue;
      const isSure = writtenPath.includes('/') || usual.has(path) || namesFolder.test(match[0]);
      folders.set(path, { path: `${path}/`, isSure: isSure || folders.get(path)?.isSure === true });
    }
  }
  return [...folders.values()];
}
