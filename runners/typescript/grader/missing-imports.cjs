// Prints, as JSON, the packages that source files below the current folder import and that are not installed.
// Arguments: folders that are packages of their own, and left out. The compiler's own scanner finds the imports;
// nothing is executed. Aliases of configurations and packages with only types count as there.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { builtinModules } = require('node:module');
const { join } = require('node:path');
const ts = require('/toolchain/node_modules/typescript');

const skipped = new Set(['node_modules', 'dist', 'coverage', '.git']);
const packages = new Set(process.argv.slice(2));

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name) && !packages.has(path)) yield* sources(path);
    else if (entry.isFile() && /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/.test(entry.name)) yield path;
  }
}

/** The folders of the packages of a workspace, and the current one. */
const folders = ['.', ...[...manifests('.')].filter((folder) => folder !== '.')];

function* manifests(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name) && !packages.has(path)) yield* manifests(path);
    else if (entry.name === 'package.json') yield folder;
  }
}

/** What configurations of the compiler call folders of the answer. */
function paths() {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^[jt]sconfig[\w.-]*\.json$/.test(name))
      .flatMap((name) => {
        const { config } = ts.readConfigFile(join(folder, name), ts.sys.readFile);
        const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, join(process.cwd(), folder));
        return Object.keys(parsed.options.paths ?? {}).map((key) => key.replace(/\*.*$/, ''));
      }),
  );
}

/** What the package.json in a folder says; nothing when it can't be read. */
function manifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) ?? {};
  } catch {
    return {};
  }
}

/**
 * The texts in which bundlers, Babel and Jest are told of names for folders. Of package.json, without the packages that
 * it asks for.
 */
function configurations(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      /^(?:jest|vite|vitest|babel|webpack|rollup|craco|next)\.config\.\w+$|^\.babelrc/.test(entry.name),
  );
  const { jest, babel, alias, _moduleAliases } = manifest(folder);
  return [
    ...files.map(({ name }) => readFileSync(join(folder, name), 'utf8')),
    JSON.stringify({ jest, babel, alias, _moduleAliases }),
  ];
}

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/**
 * Whether a configuration has a name as a key, or as the start of a pattern: `'@app':`, `'^@app/(.*)$':`,
 * `components:`.
 */
const isAlias = (name) =>
  texts.some((text) =>
    new RegExp(`["'^]${escaped(name)}(?:/?\\$?["']\\s*:|/[(*])|[\\s{,]${escaped(name)}\\s*:`).test(text),
  );

/**
 * What need not be installed: the package itself, by its own name, what users may bring along, and what the program k6
 * brings.
 */
const every = folders.map(manifest);
const optional = every
  .flatMap(({ peerDependenciesMeta }) => Object.entries(peerDependenciesMeta ?? {}))
  .filter(([, meta]) => meta?.optional === true);
const brought = new Set([...every.map(({ name }) => name), ...optional.map(([name]) => name), 'k6']);
const installed = (name) =>
  folders
    .map((folder) => join(folder, 'node_modules'))
    .some(
      (modules) =>
        existsSync(join(modules, name)) ||
        existsSync(join(modules, '@types', name.replace(/^@/, '').replace('/', '__'))),
    );
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const known = paths();
const texts = folders.flatMap(configurations);
const found = [];
for (const file of sources('.')) {
  const text = readFileSync(file, 'utf8');
  for (const { fileName: specifier, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    if (/^[./#]|^node:/.test(specifier) || builtinModules.includes(specifier.split('/')[0])) continue;
    if (known.some((alias) => specifier.startsWith(alias)) || !/^(@[\w.-]+\/)?[\w.-]+(\/.*)?$/.test(specifier))
      continue;
    const name = packageOf(specifier);
    if (
      existsSync(name) ||
      existsSync(`${name}.ts`) ||
      existsSync(`src/${name}`) ||
      brought.has(name) ||
      installed(name)
    )
      continue;
    if (isAlias(name) || isAlias(name.split('/')[0])) continue;
    found.push({ file, name, line: text.slice(0, pos).split('\n').length });
  }
}
process.stdout.write(JSON.stringify(found));
