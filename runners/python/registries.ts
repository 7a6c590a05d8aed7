/** The package indexes that this machine is configured for, as pip and uv read them. */
import { execa } from 'execa';
import { addressInside } from '../../src/ports/registries.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { ToolMissingError } from '../../src/ports/runner.ts';

/** Prints the index that pip uses unless it is told otherwise. */
const defaultIndex = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';

/**
 * Indexes in a variable of uv, with the user and the password that further variables have for an index with a name
 * (`UV_INDEX_COMPANY_USERNAME`).
 */
function ofUv(text: string | undefined, env: NodeJS.ProcessEnv): string[] {
  return [...(text ?? '').matchAll(/(?:([\w.-]+)=)?(https?:\/\/\S+)/g)].map(([, name, address = '']) => {
    const key = `UV_INDEX_${(name ?? '').toUpperCase().replaceAll(/[^A-Z\d]/g, '_')}`;
    const [user, password] = [env[`${key}_USERNAME`], env[`${key}_PASSWORD`]];
    if (name === undefined || (user === undefined && password === undefined) || !URL.canParse(address)) return address;
    const url = new URL(address);
    [url.username, url.password] = [encodeURIComponent(user ?? ''), encodeURIComponent(password ?? '')];
    return url.href;
  });
}

const addressesIn = (text: string | undefined): string[] => text?.match(/https?:\/\/[^\s'"\\]+/g) ?? [];

async function hostPython(interpreter: string, words: readonly string[]): Promise<string> {
  const result = await execa(interpreter, words, { reject: false, timeout: 60_000 });
  if (!result.failed) return result.stdout;
  const why = result.stderr.trim().split('\n').at(-1) || result.originalMessage || '';
  throw new ToolMissingError(
    `pip could not say which package index this machine uses: ${why}; ` +
      `see that ${interpreter} has pip (Debian, Ubuntu: apt-get install python3-pip)`,
  );
}

/** Addresses that pip's configuration gives for an option, the environment's before those of files. */
function configured(list: string, option: string): string[] {
  const lines = list.split('\n').filter((line) => new RegExp(`^[^=]*\\.${option}=`).test(line));
  return lines.toSorted((a, b) => Number(b.startsWith(':env:')) - Number(a.startsWith(':env:'))).flatMap(addressesIn);
}

/** Asks pip and the environment for the indexes. Rejects with `ToolMissingError`. */
export async function pythonRegistries(interpreter: string): Promise<Registry[]> {
  const { env } = process;
  const list = await hostPython(interpreter, ['-m', 'pip', 'config', 'list']);
  const [first = (await hostPython(interpreter, ['-c', defaultIndex])).trim()] = [
    ...[env['UV_DEFAULT_INDEX'], env['UV_INDEX_URL']].flatMap((text) => ofUv(text, env)),
    ...configured(list, 'index-url'),
  ];
  const further = [
    ...[env['UV_INDEX'], env['UV_EXTRA_INDEX_URL']].flatMap((text) => ofUv(text, env)),
    ...configured(list, 'extra-index-url'),
  ];
  return [first, ...new Set(further)].map((address, index) => ({
    name: index === 0 ? 'python' : `python-${index}`,
    kind: 'python',
    address,
  }));
}

/** Variables that show uv the indexes. */
export function indexEnvironment(registries: readonly Registry[]): Record<string, string> {
  const [first, ...further] = registries.map(({ name }) => addressInside(name));
  return {
    ...(first === undefined ? {} : { UV_DEFAULT_INDEX: first }),
    ...(further.length === 0 ? {} : { UV_INDEX: further.join(' ') }),
    UV_HTTP_TIMEOUT: '600', // the gateway answers when it has the whole file
  };
}
