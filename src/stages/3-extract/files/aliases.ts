/**
 * Paths that begin with an alias of a bundler (`@/lib/x.js`): resolved by the answer's own configuration, or without
 * the alias.
 */
import type { Draft } from '../naming/draft.ts';

const alias = /^[@~]\/(?=[^.].*\.(?:vue|svelte|[cm]?[jt]sx?|s?css|json)$)/;
const configuration =
  /(?:^|\/)(?:(?:ts|js)config[\w.-]*\.json|(?:vite|vitest|webpack|nuxt|svelte|vue)\.config\.[cm]?[jt]s)$/;
/** `"@/*": ["./src/*"]` */
const inTsconfig = /"[@~]\/\*"\s*:\s*\[\s*"(?:\.\/)?([^"*]*)\*"/;
const baseUrl = /"baseUrl"\s*:\s*"(?:\.\/)?([^"]*)"/;
/** `'@': path.resolve(__dirname, './src')` */
const inBundler = /['"]?[@~]['"]?\s*:[^\n]{0,80}?['"](?:\.{0,2}\/)*([\w/-]+)\/?['"]/;

/** The folder that the alias stands for in this answer (with a slash at its end, or empty for the root). */
export function aliasFolder(drafts: readonly Draft[]): string {
  for (const { name, block } of drafts) {
    const path = name?.paths[0] ?? '';
    if (!configuration.test(path)) continue;
    const text = block.content.slice(0, 300).join('\n');
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1).replace(/^\.\//, '') : '';
    const mapped = inTsconfig.exec(text)?.[1];
    const base = baseUrl.exec(text)?.[1]?.replace(/^\.?\/?/, '') ?? '';
    if (mapped !== undefined) return `${folder}${withSlash(base)}${withSlash(mapped)}`;
    const bundled = path.endsWith('.json') ? undefined : inBundler.exec(text)?.[1];
    if (bundled !== undefined) return `${folder}${withSlash(bundled)}`;
  }
  return '';
}

const withSlash = (folder: string): string => (folder === '' || folder === '.' ? '' : folder.replace(/\/*$/, '/'));

/** The path with the alias resolved; any other path as it is. */
export const withoutAlias = (path: string, folder: string): string =>
  alias.test(path) ? `${folder}${path.replace(alias, '')}` : path;
