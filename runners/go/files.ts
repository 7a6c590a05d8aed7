/** Whether a path is test code. */
export const isTest = (path: string): boolean => path.endsWith('_test.go') || /(^|\/)testdata\//.test(path);
