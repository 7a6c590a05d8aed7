// How files of the program are changed: a word lets functions return at once, so that they do not do their work.

/** Functions whose results others build on: without them nothing can be tried. */
const makers =
  /^(?:create|make|build|new|init|setup|set_up|configure|register|bootstrap|start|stop|close|listen|connect|load)(?![a-z])/i;
const callbacks = new Set([
  'map',
  'filter',
  'reduce',
  'forEach',
  'sort',
  'toSorted',
  'find',
  'findIndex',
  'some',
  'every',
  'flatMap',
  'then',
  'catch',
  'finally',
  'replace',
  'replaceAll',
  'from',
]);

/**
 * Whether a function makes other functions, such as a router with its handlers: these are broken, and not what makes
 * them.
 */
function makesFunctions(ts, node) {
  let does = false;
  const visit = (inner) => {
    if (inner !== node && ts.isFunctionLike(inner) && inner.body !== undefined) {
      const call = inner.parent;
      const callee =
        ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : null;
      if (!(callee !== null && callbacks.has(callee)) && !ts.isNewExpression(call)) does = true;
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return does;
}

function nameOf(ts, node) {
  if (node.name !== undefined && ts.isIdentifier(node.name)) return node.name.text;
  return ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name) ? node.parent.name.text : '';
}

function hasMarkup(ts, node) {
  let has = false;
  const visit = (inner) => {
    if (ts.isJsxElement(inner) || ts.isJsxSelfClosingElement(inner) || ts.isJsxFragment(inner)) has = true;
    else ts.forEachChild(inner, visit);
  };
  visit(node);
  return has;
}

/**
 * What a function does instead of its work, as an expression: answers a request in another way, goes on, or returns
 * something else.
 */
function instead(ts, node, value) {
  const names = node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
  const next = names.find((name) => name === 'next');
  const response = names.find((name) => /^(?:res|response|reply)$/.test(name));
  if (names.length >= 2 && next !== undefined) return `${next}()`;
  if (names.length >= 2 && response !== undefined)
    return `(${response}.statusCode = 418, ${response}.end ? ${response}.end() : ${response}.send())`;
  return hasMarkup(ts, node) ? 'null' : value;
}

/** The values that the variables of a file are given where it is loaded. */
const initializers = (ts, source) =>
  source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) => initializer ?? []);

/** Whether a call or a `new` only wraps a table: `Object.freeze(…)`, `new Map(…)`, `new Set(…)`. */
function wrapsTable(ts, node) {
  if (ts.isNewExpression(node)) return ts.isIdentifier(node.expression) && /^(?:Map|Set)$/.test(node.expression.text);
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'freeze'
  );
}

/**
 * The texts, numbers and truth values in a table, however deep; names of properties and computed parts are left out.
 */
function literalsIn(ts, node) {
  const of = (nodes) => nodes.flatMap((inner) => literalsIn(ts, inner));
  if (ts.isArrayLiteralExpression(node)) return of(node.elements);
  if (ts.isObjectLiteralExpression(node))
    return of(
      node.properties.filter((property) => ts.isPropertyAssignment(property)).map(({ initializer }) => initializer),
    );
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression?.(node))
    return literalsIn(ts, node.expression);
  if (ts.isPrefixUnaryExpression(node)) return literalsIn(ts, node.operand);
  if (wrapsTable(ts, node)) return of([...(node.arguments ?? [])]);
  return [node];
}

function replaceLiteral(ts, node, text, replace) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) replace(node, text);
  else if (ts.isNumericLiteral(node)) replace(node, '90017');
  else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false');
  else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true');
}

function changeProgram(ts, file, { word, variable }) {
  const { path, source, insert } = file;
  const has = word(`has ${path}`);
  const raise = word(`raise ${path}`);
  const words = { nothing: word(`nothing ${path}`), anything: word(`anything ${path}`), raise: word(`broken ${path}`) };
  const when = (how) => `${has}(${JSON.stringify(words[how])})`;
  const other = JSON.stringify(word('value'));
  let functions = 0;

  const change = (node) => {
    const sound = !makers.test(nameOf(ts, node)) && !makesFunctions(ts, node);
    if (sound) functions += 1;
    const [nothing, anything] = [instead(ts, node, 'undefined'), instead(ts, node, other)];
    if (ts.isBlock(node.body)) {
      const returns = sound
        ? `if (${when('nothing')}) return ${nothing}; if (${when('anything')}) return ${anything};`
        : '';
      insert(node.body.getStart(source) + 1, ` if (${when('raise')}) ${raise}(); ${returns}`);
      return;
    }
    const returns = sound ? `${when('nothing')} ? ${nothing} : ${when('anything')} ? ${anything} : ` : '';
    insert(node.body.getStart(source), `(${when('raise')} ? ${raise}() : ${returns}(`);
    insert(node.body.getEnd(), '))');
  };
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined && !ts.isConstructorDeclaration(node) && !node.asteriskToken)
      change(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const replace = (literal, value) => {
    insert(literal.getStart(source), `(${when('nothing')} || ${when('anything')} ? ${value} : `);
    insert(literal.getEnd(), ')');
  };
  for (const initializer of initializers(ts, source))
    // Beside functions, values deep in a table stay: what is made of them when the file is loaded might refuse others.
    for (const literal of functions === 0 ? literalsIn(ts, initializer) : [initializer].filter(ts.isLiteralExpression))
      replaceLiteral(ts, literal, other, replace);
  const appended = `function ${has}(one) { const process = globalThis.process; return String((process && process.env && process.env[${JSON.stringify(variable)}]) || '').includes(one); }
function ${raise}() { throw new Error(${JSON.stringify(word('raised'))}); }
`;
  const never = `function ${word(`never ${path}`)}() {\n  return ${JSON.stringify(word('never'))};\n}\n`;
  return { part: { file: path, functions, words }, appended, never };
}

module.exports = { changeProgram };
