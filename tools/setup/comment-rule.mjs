// A rule of oxlint: no comment is wider than 120 columns. The formatter wraps code and leaves comments as they are.
// Directives such as `oxlint-disable` must stand on one line, and are exempt.

/** How wide a line may be: `printWidth` in .oxfmtrc.json. */
const most = 120;
const directive = /^\s*(?:oxlint|eslint)-|^\s*@ts-/;

const rule = {
  create(context) {
    const { sourceCode } = context;
    return {
      Program() {
        for (const comment of sourceCode.getAllComments()) {
          if (directive.test(comment.value)) continue;
          const { start, end } = comment.loc;
          for (let line = start.line; line <= end.line; line++) {
            const width = sourceCode.lines[line - 1].length;
            if (width > most)
              context.report({
                loc: { start: { line, column: 0 }, end: { line, column: width } },
                message: `Expected a comment within ${most} columns, found ${width}: wrap it, or put it above the code.`,
              });
          }
        }
      },
    };
  },
};

export default { meta: { name: 'cupel-comments' }, rules: { width: rule } };
