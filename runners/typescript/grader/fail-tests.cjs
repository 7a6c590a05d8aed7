// Prints, as JSON, how the given test files must look so that the tests in them fail at their end: path -> its text, and the titles of
// the tests that do. Where none of those titles is reported, every test of the file fails after its end, by a hook.
// The compiler's own parser finds the tests; nothing is executed. Argument: as JSON, path -> names that are reported as passed.
const { readFileSync } = require('node:fs');
const ts = require('/toolchain/node_modules/typescript');

const NAME = 'testThatFails';

/** What a test function is wrapped in: it runs to its end, then an assertion by the framework's own means does not hold. */
function wrapper(typescript) {
  const [type, parameter] = typescript ? ['<T>', ': T): T'] : ['', ')'];
  const fail = "const fail = () => { expect('this test').toBe('one that fails'); };";
  const run = 'const result = test.apply(this, values); return result && result.then ? result.then(fail) : fail();';
  const body = `${fail} const wrapped = function (...values) { ${run} }; return Object.defineProperty(wrapped, 'length', { value: test.length });`;
  return `\n// @ts-ignore\nfunction ${NAME}${type}(test${parameter} { ${body} }\n`;
}

/** Whether an expression is test, it, test.only, test.each(table) and the like, up to the call that names a test. */
function namesTests(callee) {
  if (ts.isIdentifier(callee)) return /^f?(?:test|it)$/.test(callee.text);
  if (ts.isPropertyAccessExpression(callee))
    return !/^(?:each|for|failing|fails|skip|todo)$/.test(callee.name.text) && namesTests(callee.expression);
  const inner = ts.isCallExpression(callee)
    ? callee.expression
    : ts.isTaggedTemplateExpression(callee)
      ? callee.tag
      : null;
  return (
    inner !== null &&
    ts.isPropertyAccessExpression(inner) &&
    /^(?:each|for)$/.test(inner.name.text) &&
    namesTests(inner.expression)
  );
}

/** The function of a test: the first that stands there as one, else what comes after the name. */
function testFunction(call) {
  const rest = call.arguments.slice(1);
  return rest.find((argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument)) ?? rest[0];
}

function failing(path, reported) {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const added = [];
  const found = [];
  const visit = (node) => {
    const test = ts.isCallExpression(node) && namesTests(node.expression) ? testFunction(node) : undefined;
    if (test !== undefined) {
      added.push([test.getStart(source), `${NAME}(`], [test.getEnd(), ')']);
      const title = node.arguments[0];
      if (ts.isStringLiteralLike(title) && !/[%$]/.test(title.text)) found.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let made = text;
  for (const [at, words] of added.sort((a, b) => b[0] - a[0])) made = made.slice(0, at) + words + made.slice(at);
  const titles = found.filter((title) => reported.some((name) => name.endsWith(` ${title}`)));
  const hook =
    titles.length > 0 ? '' : "\n// @ts-ignore\nafterEach(() => { expect('this test').toBe('one that fails'); });\n";
  return { text: made + wrapper(/\.[cm]?tsx?$/.test(path)) + hook, titles };
}

const files = Object.entries(JSON.parse(process.argv[2]));
process.stdout.write(
  JSON.stringify(Object.fromEntries(files.map(([path, reported]) => [path, failing(path, reported)]))),
);
