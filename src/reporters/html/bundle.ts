/** The pages that have a script. */
export type Page = 'run' | 'comparison' | 'plain';

/** The module of each page's script from which all others are imported. */
const entries: Readonly<Record<Page, string>> = {
  run: 'main.ts',
  comparison: 'comparison.ts',
  plain: 'plain.ts',
};

/**
 * Bundles the modules of a page's script into one, so that a page on disk needs no other file. The same sources give
 * the same text wherever they are. Rejects when a module cannot be read or parsed, or when its text would end the
 * script element.
 */
export async function bundleScript(page: Page): Promise<string> {
  const { rolldown } = await import('rolldown'); // needed for pages alone, and large
  const bundle = await rolldown({
    cwd: import.meta.dirname,
    input: `./client/${entries[page]}`,
    platform: 'browser',
    tsconfig: false,
    experimental: { attachDebugInfo: 'none' },
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', sourcemap: false });
    const [{ code }, ...rest] = output;
    if (rest.length > 0) throw new Error(`expected one file of script for the page, found ${output.length}`);
    if (/<\/script|<!--/i.test(code)) throw new Error('expected no </script or <!-- in the script of the page');
    return code;
  } finally {
    await bundle.close();
  }
}
