import type { BenchmarkRecord } from './records.ts';
import type { TaskFiles } from './task.ts';

/** What the task declares, the function to complete last: helpers that tests may call stand before it. */
const declaredIn = (prompt: string): RegExpExecArray[] => [
  ...prompt.matchAll(/^(?:const|let|var|function)\s+([\w$]+)/gm),
];

/** Tests say what holds by `console.assert`, which is made to throw where it does not. */
export function javascriptTask({ prompt, test, entry_point: entryPoint }: BenchmarkRecord): TaskFiles {
  const last = declaredIn(prompt).at(-1);
  const name = last?.[1] ?? entryPoint;
  return {
    file: 'solution.js',
    withBody: (body) => ({ 'solution.js': `${prompt}${body.trimEnd()}\n\nmodule.exports = { ${name} };\n` }),
    hidden: {
      'solution.test.js': [
        `const { ${name} } = require('./solution.js');`,
        prompt.slice(0, last?.index ?? 0).trim(),
        'const hiddenAssert = (holds, ...message) => {',
        "  if (!holds) throw new Error(['the assertion does not hold', ...message].join(' '));",
        '};',
        "test('hidden', () => {",
        '  const console = { ...globalThis.console, assert: hiddenAssert };',
        test.trim(),
        '});',
        '',
      ].join('\n'),
    },
  };
}
