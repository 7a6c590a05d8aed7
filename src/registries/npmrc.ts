/** Credentials as npm keeps them: in its user's file of settings, or in variables. */

/** A value with the variables that it names filled in, as npm does; one that is not set stays as it is written. */
function expanded(value: string, env: Readonly<Record<string, string | undefined>>): string {
  return value.replaceAll(
    /\$\{([^${}?-]+)(\?|-[^}]*)?\}/g,
    (whole, name: string, otherwise?: string) =>
      env[name] ?? (otherwise === undefined ? whole : otherwise === '?' ? '' : otherwise.slice(1)),
  );
}

/** The settings of a file by their keys. */
function settingsIn(text: string, env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value = ''] = /^\s*([^\s;#=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) settings.set(expanded(key, env), expanded(value.replace(/^(["'])(.*)\1$/, '$2'), env));
  }
  return settings;
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

/** The value of the header by which a place (`//host/path/`) knows its user; null where nothing is said of it. */
function headerFor(place: string, settings: ReadonlyMap<string, string>): string | null {
  const of = (name: string): string | undefined => settings.get(`${place}:${name}`);
  const [token, pair, user, password] = [of('_authToken'), of('_auth'), of('username'), of('_password')];
  if (token !== undefined) return `Bearer ${token}`;
  if (pair !== undefined) return `Basic ${pair}`;
  if (user === undefined || password === undefined) return null;
  return basic(`${user}:${Buffer.from(password, 'base64').toString()}`);
}

/**
 * What npm would send to a registry: of the settings in texts of `.npmrc` (the first is asked first) and of variables
 * (`npm_config_//host/:_authToken`), those of the nearest folder of the address. Null where there are none.
 */
export function npmAuthorization(
  address: URL,
  texts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /^npm_config_\/\//i.test(name) ? [[name.slice('npm_config_'.length), value] as const] : [],
  );
  const sources = [new Map(variables), ...texts.map((text) => settingsIn(text, env))];
  const folders = address.pathname.split('/').filter((part) => part !== '');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const place = `//${address.host}/${folders
      .slice(0, depth)
      .map((part) => `${part}/`)
      .join('')}`;
    for (const settings of sources) {
      const header = headerFor(place, settings) ?? headerFor(place.slice(0, -1), settings);
      if (header !== null) return header;
    }
  }
  return null;
}
