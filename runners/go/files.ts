/** Whether a path is test code. */
export const isTest = (path: string): boolean => path.endsWith('_test.go') || /(^|\/)testdata\//.test(path);

/** Everything but documentation: data files may be read by tests. */
export const readsCode = (path: string): boolean => !/\.(md|rst)$/i.test(path);
