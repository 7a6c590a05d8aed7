// Prints, as JSON, a copy of a project's files in which tests can be made to fail, and functions to do other than their
// work. Which change takes effect is decided while tests run, by words in a variable of the environment. All names and
// words are derived from the seed.
// The compiler's own parser reads the files; nothing is executed. Argument: as JSON, { seed, tests: [path],
// whole: [path of a test file that is reported as one test], program: [path], configurations: [path of a
// tsconfig.json] }.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const ts = require('/toolchain/node_modules/typescript');
const { changeTests } = require('./tests.cjs');
const { changeProgram } = require('./program.cjs');

const { seed, tests, whole, program, configurations } = JSON.parse(process.argv[2]);

/** A word that only somebody who knows the seed can tell. */
function word(purpose) {
  const digits = createHash('sha256').update(`${seed}\n${purpose}`).digest('hex').slice(0, 14);
  return digits.replaceAll(/./g, (digit) => 'ghijklmnopqrstuv'[Number.parseInt(digit, 16)]);
}

const shared = {
  word,
  variable: word('variable').toUpperCase(),
  all: word('all'),
  caught: word('caught'),
  traced: word('traced'),
  accident: word('accident'),
  sign: word('sign'),
};

/** A parsed file with the changes that are to be made to it. */
function open(path) {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const added = [];
  return {
    path,
    source,
    insert: (at, words) => added.push([at, words]),
    changed(appended) {
      // No type checker looks at what we insert. Comments that configure the file stay above.
      const first = source.statements[0]?.getStart(source) ?? text.length;
      const all = [...added, [first, '// @ts-nocheck\n']].map((change, index) => [...change, index]);
      all.sort(([a, , i], [b, , j]) => b - a || j - i);
      let made = text;
      for (const [at, words] of all) made = made.slice(0, at) + words + made.slice(at);
      return `${made}\n${appended}`;
    },
  };
}

/**
 * A compiler's configuration by which each file is compiled by itself: types were checked before, and to look them up
 * again in each round takes most of its time. Null where that is at odds with the rest of it.
 */
function compiledApart(path) {
  const { config, error } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8'));
  const options = config?.compilerOptions ?? {};
  if (error !== undefined || typeof config !== 'object' || typeof options !== 'object') return null;
  if (options.preserveConstEnums === false || options.outFile !== undefined) return null;
  return JSON.stringify({ ...config, compilerOptions: { ...options, isolatedModules: true } });
}

const files = {};
const sites = [];
const parts = [];
for (const path of tests) {
  const file = open(path);
  const { found, appended } = changeTests(ts, file, shared, whole.includes(path));
  sites.push(...found);
  files[path] = file.changed(appended);
}
for (const path of program) {
  const file = open(path);
  const { part, appended, never } = changeProgram(ts, file, shared);
  const text = file.changed(`${appended}${never}`);
  files[path] = text;
  parts.push({ ...part, neverLine: text.split('\n').length - 2 });
}
const apart = Object.fromEntries(
  configurations.map((path) => [path, compiledApart(path)]).filter(([, text]) => text !== null),
);
const { variable, all, caught, traced, accident, sign } = shared;
process.stdout.write(JSON.stringify({ sites, parts, files, apart, variable, all, caught, traced, accident, sign }));
