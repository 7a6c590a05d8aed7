// How test files are changed: the function of each test is wrapped, so that a word makes the test fail.
const { waysToFail } = require('./matchers.cjs');
const { titlePattern } = require('./titles.cjs');
const { wrapperCode } = require('./wrapper.cjs');

const plain = new Set(['test', 'it', 'fit', 'xit', 'xtest', 'specify', 'xspecify']);
const groups = new Set(['describe', 'fdescribe', 'xdescribe', 'suite', 'context', 'xcontext']);

/**
 * Names under which a file has tests and groups: those of the framework, what it imports as such, and what it extends.
 */
function namesIn(ts, source) {
  const names = { tests: new Set(plain), groups: new Set(groups) };
  const visit = (node) => {
    if (ts.isImportSpecifier(node) && node.propertyName !== undefined) {
      if (plain.has(node.propertyName.text)) names.tests.add(node.name.text);
      if (groups.has(node.propertyName.text)) names.groups.add(node.name.text);
    }
    if (ts.isImportClause(node) && node.name !== undefined && node.parent.moduleSpecifier?.text === 'node:test')
      names.tests.add(node.name.text);
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      if (/^require\(\s*["']node:test["']\s*\)(?:\.(?:test|it))?$/.test(node.initializer.getText(source)))
        names.tests.add(node.name.text);
      const root = rootOf(ts, node.initializer);
      if (root !== null && names.tests.has(root.name) && root.members.every((member) => member !== 'each'))
        names.tests.add(node.name.text);
      if (root !== null && names.groups.has(root.name)) names.groups.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** The name and members of `test.concurrent.each(table)`; null for what does not begin with a name. */
function rootOf(ts, expression) {
  if (ts.isIdentifier(expression)) return { name: expression.text, members: [] };
  if (ts.isPropertyAccessExpression(expression)) {
    const root = rootOf(ts, expression.expression);
    return root && { ...root, members: [...root.members, expression.name.text] };
  }
  if (ts.isCallExpression(expression)) return rootOf(ts, expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return rootOf(ts, expression.tag);
  return null;
}

const modifiers = new Set([
  'only',
  'concurrent',
  'sequential',
  'failing',
  'fails',
  'skip',
  'todo',
  'each',
  'for',
  'skipIf',
  'runIf',
  'extend',
]);

/** What a call is, if it makes a test or a group; a table is given in a call of its own before. */
function callOf(ts, call, names) {
  const root = rootOf(ts, call.expression);
  if (root === null || !root.members.every((member) => modifiers.has(member))) return null;
  const kind = names.tests.has(root.name) ? 'test' : names.groups.has(root.name) ? 'group' : null;
  if (kind === null) return null;
  const table = root.members.some((member) => member === 'each' || member === 'for');
  const callee = call.expression;
  const called = ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee);
  const takesOne = root.members.some((member) => ['each', 'for', 'skipIf', 'runIf'].includes(member));
  if (takesOne !== called || call.arguments.length < 2) return null;
  return { kind, table, expectsFailure: root.members.some((member) => member === 'failing' || member === 'fails') };
}

const isFunction = (ts, node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node);

function functionOf(ts, call) {
  const rest = call.arguments.slice(1);
  return (
    rest.find((argument) => isFunction(ts, argument)) ??
    rest.find((argument) => !ts.isObjectLiteralExpression(argument) && !ts.isNumericLiteral(argument))
  );
}

/** Whether a test's function says that something must hold: it calls what is named like an assertion. */
function asserts(ts, node) {
  let does = false;
  const visit = (inner) => {
    if (ts.isCallExpression(inner)) {
      const text = inner.expression.getText();
      if (/\b(?:expect|assert|should|verify|check|ok|equal)/i.test(text)) does = true;
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return does;
}

/** Where a script has come to its end, before it says how it ends: what stands there is run like its last assertion. */
function endOf(ts, source) {
  const says = source.statements.find(
    (statement) => !ts.isFunctionLike(statement) && /\bprocess\s*\.\s*exit(?:Code)?\b/.test(statement.getText(source)),
  );
  return says === undefined || ts.isFunctionDeclaration(says) ? source.getEnd() : says.getStart(source);
}

/** The titles of a call that makes a test, as a person is told. */
const titleOf = (source, node) =>
  node.arguments[0]
    .getText(source)
    .replaceAll(/^['"`]|['"`]$/g, '')
    .slice(0, 200);

/**
 * Wraps the function of each test of a file. Returns the tests with the words that make them fail, and the code to be
 * appended to the file. `whole`: the file is reported as one test, which fails when anything in it does.
 */
function changeTests(ts, file, shared, whole) {
  const { path, source, insert } = file;
  const { word } = shared;
  const names = namesIn(ts, source);
  const wrap = word(`wrap ${path}`);
  const found = [];

  /** `prefix` is a pattern for the titles of the groups around a test; null where nobody knows them. */
  const wrapTest = (call, node, body, prefix, title, pattern) => {
    const own = whole ? word(`file ${path}`) : word(`test ${path} ${node.getStart(source)}`);
    insert(body.getStart(source), `${wrap}(`);
    insert(body.getEnd(), `, ${JSON.stringify(own)})`);
    found.push({
      file: path,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      word: own,
      pattern: `^${pattern}$`,
      title: titleOf(source, node),
      exact: title.exact && prefix !== null,
      asserts: asserts(ts, body),
      expectsFailure: call.expectsFailure,
    });
  };

  const visit = (node, prefix) => {
    const call = ts.isCallExpression(node) ? callOf(ts, node, names) : null;
    if (call === null) {
      // Within a function that is called from elsewhere, nobody knows the groups around a test.
      const unknown = (ts.isFunctionDeclaration(node) || isFunction(ts, node)) && !node.parentGroup;
      ts.forEachChild(node, (child) => visit(child, unknown ? null : prefix));
      return;
    }
    const title = titlePattern(ts, node.arguments[0], call.table);
    const pattern = prefix === null ? `(?:.* )?${title.pattern}` : `${prefix}${title.pattern}`;
    const body = functionOf(ts, node);
    if (body === undefined) return;
    if (call.kind === 'test') return wrapTest(call, node, body, prefix, title, pattern);
    body.parentGroup = true;
    for (const argument of node.arguments) visit(argument, prefix === null ? null : `${pattern} `);
  };
  ts.forEachChild(source, (node) => visit(node, ''));
  const wrapped = wrapperCode(path, wrap, shared, waysToFail(ts, source, word));
  if (!whole) return { found, appended: wrapped };
  const own = word(`file ${path}`);
  // Where no test can be told from another, the script fails where it has come to its end.
  if (found.length === 0) insert(endOf(ts, source), `\n;${wrap}(() => {}, ${JSON.stringify(own)})();\n`);
  const title = 'the whole file';
  const site = { file: path, line: 1, word: own, pattern: `^${title}$`, title, exact: true, expectsFailure: false };
  return { found: [{ ...site, asserts: asserts(ts, source) }], appended: wrapped };
}

module.exports = { changeTests };
