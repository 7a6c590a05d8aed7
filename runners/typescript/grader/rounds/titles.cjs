// What a test can be reported as, by the expression that names it.

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** In titles of tables, frameworks put values in the place of %s, $name and the like. */
const placeholders = (text) =>
  text
    .split(/%[a-zA-Z#$%]|\$[\w.#]+/)
    .map(escaped)
    .join('.*');

/** A pattern for a title, and whether it fits one title alone. */
function titlePattern(ts, node, table) {
  if (ts.isStringLiteralLike(node)) {
    const open = table && /[%$]/.test(node.text);
    return { pattern: open ? placeholders(node.text) : escaped(node.text), exact: !open };
  }
  if (ts.isTemplateExpression(node)) {
    const literal = table ? placeholders : escaped;
    const spans = node.templateSpans.map(({ literal: { text } }) => `.*${literal(text)}`);
    return { pattern: `${literal(node.head.text)}${spans.join('')}`, exact: false };
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [node.left, node.right].map((side) => titlePattern(ts, side, table));
    return { pattern: `${left.pattern}${right.pattern}`, exact: left.exact && right.exact };
  }
  if (ts.isParenthesizedExpression(node)) return titlePattern(ts, node.expression, table);
  return { pattern: '.*', exact: false };
}

module.exports = { titlePattern };
