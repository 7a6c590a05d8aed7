// How test files are changed: the function of each test is wrapped, so that a word makes the test fail.
const { waysToFail } = require('./matchers.cjs');
const { titlePattern } = require('./titles.cjs');

const plain = new Set(['test', 'it', 'fit', 'xit', 'xtest']);
const groups = new Set(['describe', 'fdescribe', 'xdescribe', 'suite']);

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
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
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

function changeTests(ts, file, { word, variable, all, caught, accident, sign }) {
  const { path, source, insert } = file;
  const names = namesIn(ts, source);
  const wrap = word(`wrap ${path}`);
  const found = [];
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
    if (call.kind === 'group') {
      if (body === undefined) return;
      body.parentGroup = true;
      for (const argument of node.arguments) visit(argument, prefix === null ? null : `${pattern} `);
      return;
    }
    if (body === undefined) return;
    const own = word(`test ${path} ${node.getStart(source)}`);
    insert(body.getStart(source), `${wrap}(`);
    insert(body.getEnd(), `, ${JSON.stringify(own)})`);
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({
      file: path,
      line,
      word: own,
      pattern: `^${pattern}$`,
      exact: title.exact && prefix !== null,
      asserts: asserts(ts, body),
      expectsFailure: call.expectsFailure,
    });
  };
  ts.forEachChild(source, (node) => visit(node, ''));
  const ways = waysToFail(ts, source, word);
  const text = (purpose) => JSON.stringify(word(purpose));
  const [timer, state, lates] = [word(`timer ${path}`), word(`state ${path}`), word(`lates ${path}`)];
  const appended = `const ${timer} = setTimeout;
const ${lates} = [];
function ${state}() { const process = globalThis.process; return String((process && process.env && process.env[${JSON.stringify(variable)}]) || ''); }
function ${wrap}(test, own) {
  if (typeof test !== 'function') return test;
  const has = (one) => ${state}().includes(one);
  const fail = () => {
    const ways = [${ways.join(', ')}];
    const held = [];
    for (const [name, way] of ways) { try { way(); held.push(name); } catch {} }
    if (held.length > 0) throw new Error(${JSON.stringify(sign)} + ' ' + held.join(', '));
    if (ways.length > 0) ways[own.charCodeAt(0) % ways.length][1]();
    throw new Error(${text('message')});
  };
  const accident = (error) => {
    if (!['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error && error.name)) throw error;
    throw new Error(${JSON.stringify(accident)} + ' ' + error.message);
  };
  const guarded = (run) => {
    if (${lates}.length >= 2 && test.constructor.name === 'AsyncFunction') throw new Error(${JSON.stringify(accident)});
    let result;
    try { result = run(); } catch (error) { return accident(error); }
    if (!result || typeof result.then !== 'function') return result;
    // A program that does not answer is waited for in a few tests of a file, and not in all of them.
    if (${lates}.length >= 2) throw new Error(${JSON.stringify(accident)});
    let waiting;
    const late = new Promise((_, reject) => { waiting = ${timer}(() => { ${lates}.push(own); reject(new Error(${JSON.stringify(accident)})); }, 1000); });
    return Promise.race([result.then(undefined, accident), late]).finally(() => clearTimeout(waiting));
  };
  const wrapped = function (...values) {
    if (has(own + 'a')) throw new Error(${text('setup')});
    const run = () => test.apply(this, values);
    if (has(${JSON.stringify(caught)})) return guarded(run);
    const result = run();
    if (!has(own + 'b') && !has(${JSON.stringify(all)})) return result;
    return result && typeof result.then === 'function' ? result.then(fail) : fail();
  };
  return Object.defineProperty(wrapped, 'length', { value: test.length });
}
`;
  return { found, appended };
}

module.exports = { changeTests };
