// Makes Istanbul's coverage-final.json of what Node.js itself counted (NODE_V8_COVERAGE), for the files of a program.
// Statements and functions are those that Istanbul's own reader finds; how often one ran says the innermost range of V8
// around its first character. Arguments: the folder of V8's files, and JSON: the program's files.
const { mkdirSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');
const { createInstrumenter } = require('/toolchain/node_modules/istanbul-lib-instrument');
const {
  TraceMap,
  allGeneratedPositionsFor,
  LEAST_UPPER_BOUND,
} = require('/toolchain/node_modules/@jridgewell/trace-mapping');

const [folder, list] = process.argv.slice(2);

/** Each run of a script: its path, the ranges that V8 counted, and its source map, where it has one. */
function scriptsIn() {
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // nothing was counted
  }
  return names.flatMap((name) => {
    try {
      const { result = [], 'source-map-cache': maps = {} } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return result
        .filter(({ url }) => url.startsWith('file:'))
        .map(({ url, functions }) => scriptOf(url, functions, maps[url]));
    } catch {
      return []; // a process ended while it wrote
    }
  });
}

function scriptOf(url, functions, map) {
  const path = fileURLToPath(url.replace(/[?#].*$/, ''));
  const ranges = functions
    .flatMap((one) => one.ranges)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return { path, ranges, map: map?.data ? { trace: new TraceMap(map.data, url), lengths: map.lineLengths } : null };
}

/** How often the code at an offset ran: what the shortest range around it says. */
const countAt = (ranges, offset) =>
  ranges.find(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)?.count ?? 0;

const startsOf = (lengths) => lengths.reduce((starts, length) => [...starts, starts.at(-1) + length + 1], [0]);

/** For each script in which a file runs, a function from a place in the file to how often it ran. */
function countersFor(path, text, scripts) {
  const starts = startsOf(text.split('\n').map((line) => line.length));
  return scripts.flatMap(({ path: ran, ranges, map }) => {
    if (map === null) return ran === path ? [({ line, column }) => countAt(ranges, starts[line - 1] + column)] : [];
    const source = map.trace.resolvedSources.find((one) => one === path || one === `file://${path}`);
    if (source === undefined) return [];
    const generated = startsOf(map.lengths);
    return [
      ({ line, column }) => {
        const places = allGeneratedPositionsFor(map.trace, { source, line, column, bias: LEAST_UPPER_BOUND });
        return Math.max(0, ...places.map((place) => countAt(ranges, generated[place.line - 1] + place.column)));
      },
    ];
  });
}

/** The statements and functions of a file, also those that comments ask not to count. */
function structureOf(path, text) {
  const plugins = ['typescript', 'decorators-legacy', 'importAttributes', ...(/x$/.test(path) ? ['jsx'] : [])];
  const instrumenter = createInstrumenter({ esModules: true, parserPlugins: plugins });
  instrumenter.instrumentSync(text.replaceAll(/istanbul(?=\s+ignore)/gi, 'anything'), path);
  return instrumenter.lastFileCoverage();
}

const scripts = scriptsIn();
const report = {};
for (const name of JSON.parse(list)) {
  const path = resolve(name);
  try {
    const text = readFileSync(path, 'utf8');
    const counters = countersFor(path, text, scripts);
    if (counters.length === 0) continue; // never loaded
    const { statementMap, fnMap } = structureOf(path, text);
    const count = (place) => counters.reduce((sum, counter) => sum + counter(place), 0);
    const counts = (map, placeOf) =>
      Object.fromEntries(Object.entries(map).map(([id, entry]) => [id, count(placeOf(entry))]));
    report[path] = {
      path,
      statementMap,
      s: counts(statementMap, ({ start }) => start),
      fnMap,
      f: counts(fnMap, ({ loc }) => loc.start),
    };
  } catch {
    // not there, or does not parse: the build says so
  }
}
mkdirSync('/out/coverage', { recursive: true });
writeFileSync('/out/coverage/coverage-final.json', JSON.stringify(report));
