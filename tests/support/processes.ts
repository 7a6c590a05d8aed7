/** For tests: real processes that use the store. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';

/**
 * Starts a process with `code`, in which `from('layers.ts')` imports a file of src/store; it may print and wait for its
 * input to end.
 */
export function storeProcess(code: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  const start = `const from = (name) => import('${pathToFileURL(resolve('src/store')).href}/' + name); const words = process.argv.slice(1);`;
  return execa(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', `${start}\n${code}`, '--', ...words],
    { env, reject: false },
  );
}

/** Waits until a process has printed something. */
export function printed(child: ReturnType<typeof storeProcess>, text: string): Promise<void> {
  return new Promise((done) => {
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes(text)) done();
    });
  });
}
