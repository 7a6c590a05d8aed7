/** A folder of the import rule's table. */
interface Folder {
  may: readonly string[] | 'everything';
  why: string;
  within?: string;
  modules?: readonly string[];
  packages?: readonly string[];
  notPackages?: readonly string[];
}
export declare const folders: Readonly<Record<string, Folder>>;
export declare function folderOf(path: string): string | null;
export declare function allowed(from: string, specifier: string): boolean;
