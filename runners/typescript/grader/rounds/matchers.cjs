// Ways to fail that a test file itself uses, each with values for which it cannot hold.

/**
 * By matcher: what is expected to hold, and does not. `e` is the name under which the file has `expect`; a and b are
 * texts that differ.
 */
const falsehoods = {
  toBe: (e, a, b) => [`${e}('${a}').toBe('${b}')`, `${e}(11).toBe(4200)`, `${e}(true).toBe(false)`],
  toEqual: (e, a, b) => [
    `${e}('${a}').toEqual('${b}')`,
    `${e}(11).toEqual(4200)`,
    `${e}({ one: '${a}' }).toEqual({ one: '${b}' })`,
    `${e}([11]).toEqual([4200])`,
  ],
  toStrictEqual: (e, a, b) => [`${e}('${a}').toStrictEqual('${b}')`, `${e}({ one: 11 }).toStrictEqual({ one: 4200 })`],
  toMatchObject: (e, a, b) => [
    `${e}({ one: '${a}' }).toMatchObject({ one: '${b}' })`,
    `${e}({ one: 11 }).toMatchObject({ one: 4200 })`,
  ],
  toContain: (e, a, b) => [`${e}(['${a}']).toContain('${b}')`, `${e}('${a}').toContain('${b}')`],
  toContainEqual: (e, a, b) => [`${e}([{ one: '${a}' }]).toContainEqual({ one: '${b}' })`],
  toHaveLength: (e, a) => [`${e}(['${a}']).toHaveLength(42)`],
  toHaveProperty: (e, a, b) => [`${e}({ one: '${a}' }).toHaveProperty('${b}')`],
  toMatch: (e, a, b) => [`${e}('${a}').toMatch(/${b}/)`],
  toBeTruthy: (e) => [`${e}(0).toBeTruthy()`],
  toBeFalsy: (e) => [`${e}(1).toBeFalsy()`],
  toBeNull: (e, a) => [`${e}('${a}').toBeNull()`],
  toBeUndefined: (e, a) => [`${e}('${a}').toBeUndefined()`],
  toBeDefined: (e) => [`${e}(undefined).toBeDefined()`],
  toBeNaN: (e) => [`${e}(1).toBeNaN()`],
  toBeGreaterThan: (e) => [`${e}(1).toBeGreaterThan(4200)`],
  toBeGreaterThanOrEqual: (e) => [`${e}(1).toBeGreaterThanOrEqual(4200)`],
  toBeLessThan: (e) => [`${e}(4200).toBeLessThan(1)`],
  toBeLessThanOrEqual: (e) => [`${e}(4200).toBeLessThanOrEqual(1)`],
  toBeCloseTo: (e) => [`${e}(1).toBeCloseTo(4200)`],
  toBeInstanceOf: (e, a) => [`${e}('${a}').toBeInstanceOf(Map)`],
  toThrow: (e) => [`${e}(() => 1).toThrow()`],
  toThrowError: (e) => [`${e}(() => 1).toThrowError()`],
};

/** The same for Node's assert, by function. */
const assertions = {
  ok: (n) => [`${n}.ok(false)`],
  equal: (n, a, b) => [`${n}.equal('${a}', '${b}')`, `${n}.equal(11, 4200)`],
  strictEqual: (n, a, b) => [`${n}.strictEqual('${a}', '${b}')`, `${n}.strictEqual(11, 4200)`],
  deepEqual: (n, a, b) => [`${n}.deepEqual({ one: '${a}' }, { one: '${b}' })`],
  deepStrictEqual: (n, a, b) => [`${n}.deepStrictEqual({ one: '${a}' }, { one: '${b}' })`],
  throws: (n) => [`${n}.throws(() => 1)`],
};

/**
 * `expect(x).not.toBe(y)`, `expect(x).resolves.toBe(y)`: the matcher, what stands before it, and the name of `expect`.
 */
function matcherOf(ts, call) {
  if (!ts.isPropertyAccessExpression(call.expression)) return null;
  const matcher = call.expression.name.text;
  let before = call.expression.expression;
  while (ts.isPropertyAccessExpression(before) && ['not', 'resolves', 'rejects'].includes(before.name.text))
    before = before.expression;
  if (ts.isCallExpression(before) && ts.isIdentifier(before.expression) && Object.hasOwn(falsehoods, matcher))
    return { lines: falsehoods, matcher, name: before.expression.text };
  if (ts.isIdentifier(before) && /assert/i.test(before.text) && Object.hasOwn(assertions, matcher))
    return { lines: assertions, matcher, name: before.text };
  return null;
}

/**
 * Whether a name is a file's own parameter or variable within a function, so that it is not there at the end of the
 * file.
 */
function isTopLevel(ts, source, name) {
  let local = false;
  const visit = (node, depth) => {
    if (
      (ts.isParameter(node) || ts.isBindingElement(node) || ts.isVariableDeclaration(node)) &&
      depth > 0 &&
      ts.isIdentifier(node.name) &&
      node.name.text === name
    )
      local = true;
    ts.forEachChild(node, (child) => visit(child, depth + (ts.isFunctionLike(node) ? 1 : 0)));
  };
  visit(source, 0);
  return !local;
}

/** Pairs of a name and a function that must throw, as code. */
function waysToFail(ts, source, word) {
  const [a, b] = [word('one text'), word('another text')];
  const used = new Map();
  const visit = (node) => {
    const matcher = ts.isCallExpression(node) ? matcherOf(ts, node) : null;
    if (matcher !== null) used.set(`${matcher.name}.${matcher.matcher}`, matcher);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...used.values()]
    .filter(({ name }) => isTopLevel(ts, source, name))
    .flatMap(({ lines, matcher, name }) =>
      lines[matcher](name, a, b).map((line) => `[${JSON.stringify(matcher)}, () => { ${line}; }]`),
    );
}

module.exports = { waysToFail };
