// Prints, as JSON, what is wrong with source files below the current folder that no package has a part in: code that
// cannot be parsed, and imports of files that are not there. Arguments: folders that are packages of their own, and
// left out. The compiler's own parser reads the files; nothing is executed.
const { existsSync, readFileSync, readdirSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ts = require('/toolchain/node_modules/typescript');

const skipped = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', '.git', '.next', 'generated']);
const packages = new Set(process.argv.slice(2));

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name) && !packages.has(path)) yield* sources(path);
    else if (entry.isFile() && /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/.test(entry.name)) yield path;
  }
}

const endings = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.node'];
const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** Whether a relative import names a file that is there, in any of the ways that tools look for it. */
function isThere(file, specifier) {
  const path = join(dirname(file), specifier.replace(/[?#].*$/, ''));
  if (path.startsWith('..') || path.split('/').some((part) => skipped.has(part))) return true; // elsewhere, or made
  const bare = path.replace(/\.[cm]?jsx?$/, '');
  const bases = [path, bare, join(path, 'index')];
  return (
    isFile(path) ||
    existsSync(join(path, 'package.json')) ||
    bases.some((base) => endings.some((end) => isFile(base + end)))
  );
}

const found = [];
for (const file of sources('.')) {
  const text = readFileSync(file, 'utf8');
  const kind = /\.[cm]?js$/.test(file) ? ts.ScriptKind.JSX : undefined;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind);
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  // A file that does not parse says one thing: what follows from it says nothing more.
  const [first] = source.parseDiagnostics ?? [];
  if (first !== undefined) {
    const message = ts.flattenDiagnosticMessageText(first.messageText, ' ');
    found.push({ file, line: lineAt(first.start), rule: 'syntax-error', message });
    continue;
  }
  for (const { fileName: specifier, pos } of ts.preProcessFile(text, true, true).importedFiles)
    if (/^\.\.?(?:\/|$)/.test(specifier) && !isThere(file, specifier))
      found.push({
        file,
        line: lineAt(pos),
        rule: 'missing-module',
        message: `${specifier} is imported, and is not in the answer`,
      });
}
process.stdout.write(JSON.stringify(found));
