const documentName =
  /(?:^|\/)(?:readme|changelog|changes|contributing|history|license|notice|security|authors|code_of_conduct|architecture|design|usage|todo)[^/]*$/i;

/** Everything but documentation, by the names and folders that it usually has: any other file may be read by tests. */
export function readsCode(path: string): boolean {
  return !(/\.(?:md|rst)$/i.test(path) && (documentName.test(path) || /(?:^|\/)docs?\//.test(path)));
}
