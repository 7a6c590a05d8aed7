// Prints, as JSON, the statement lines of files that no test ever loaded: { path: [line, …] }. Arguments: the files.
const { readFileSync } = require('node:fs');
const { createInstrumenter } = require('/toolchain/node_modules/istanbul-lib-instrument');

const lines = {};
for (const path of process.argv.slice(2)) {
  const plugins = ['typescript', 'decorators-legacy', 'importAttributes', ...(/x$/.test(path) ? ['jsx'] : [])];
  const instrumenter = createInstrumenter({ esModules: true, parserPlugins: plugins });
  try {
    instrumenter.instrumentSync(readFileSync(path, 'utf8'), path);
    const { statementMap } = instrumenter.lastFileCoverage();
    lines[path] = [...new Set(Object.values(statementMap).map(({ start }) => start.line))].sort((a, b) => a - b);
  } catch {
    lines[path] = []; // does not parse: the build says so
  }
}
process.stdout.write(JSON.stringify(lines));
