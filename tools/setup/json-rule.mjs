// A rule of oxlint: nothing that was read as JSON is believed to have a type. In src/ no result of JSON.parse is cast;
// in runners/, where tools and answers write what is read, JSON.parse stands in one file. What runs inside the sandbox
// imports nothing of ours, and is exempt.
import { relative, sep } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;
const reader = 'runners/shared/report.ts';

const isJsonParse = (node) =>
  node?.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.object.type === 'Identifier' &&
  node.callee.object.name === 'JSON' &&
  (node.callee.property.name ?? node.callee.property.value) === 'parse';

/** The expression that a cast is about, without brackets, further casts and `!`. */
function castOf(node) {
  let { expression } = node;
  while (/^(?:ParenthesizedExpression|TSAsExpression|TSTypeAssertion|TSNonNullExpression)$/.test(expression.type))
    expression = expression.expression;
  return expression;
}

const rule = {
  create(context) {
    const path = relative(root, context.filename).split(sep).join('/');
    const inside = /^runners\/[^/]+\/(?:grader|standards)\//.test(path);
    if (inside || !/^(?:src|runners)\//.test(path)) return {};
    const cast = (node) => {
      if (isJsonParse(castOf(node)))
        context.report({ node, message: 'What is read as JSON has no type of its own: give it to a schema of zod.' });
    };
    const call = (node) => {
      if (path.startsWith('runners/') && path !== reader && isJsonParse(node))
        context.report({ node, message: `Read what tools and answers write with ${reader}, which never throws.` });
    };
    return { TSAsExpression: cast, TSTypeAssertion: cast, CallExpression: call };
  },
};

export default { meta: { name: 'cupel-json' }, rules: { unread: rule } };
