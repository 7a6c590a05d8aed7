// The configurations by which the compiler sees a project: tsconfig.json, or those that it refers to, each with the
// files that it takes in and its options. The compiler's own reading; nothing is executed. As a program it prints their
// paths as JSON.
const { existsSync, readFileSync, statSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const ts = require('/toolchain/node_modules/typescript');

function configurations(path, seen) {
  const at = existsSync(path) && statSync(path).isDirectory() ? join(path, 'tsconfig.json') : path;
  if (seen.has(at) || !existsSync(at)) return [];
  seen.add(at);
  const { config } = ts.readConfigFile(at, (file) => readFileSync(file, 'utf8'));
  const {
    fileNames,
    options,
    projectReferences = [],
  } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, dirname(at));
  const own = fileNames.length > 0 ? [{ path: relative(process.cwd(), at), files: fileNames.length, options }] : [];
  return [...own, ...projectReferences.flatMap((reference) => configurations(reference.path, seen))];
}

module.exports.configurations = () => configurations(join(process.cwd(), 'tsconfig.json'), new Set());

if (require.main === module)
  process.stdout.write(JSON.stringify(module.exports.configurations().map(({ path }) => path)));
