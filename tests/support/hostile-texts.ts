/**
 * Texts of about `n` pieces on which a careless reader takes time that grows with the square of `n`; for tests and
 * benchmarks.
 */
export function hostileTexts(n: number): Record<string, string> {
  return {
    'nested quotations': '> '.repeat(n),
    'nested lists': Array.from({ length: 2 * Math.sqrt(n) }, (_, depth) => `${' '.repeat(2 * depth)}- x`).join('\n'),
    'numbers on numbers': '1. '.repeat(n),
    emphasis: '_a*'.repeat(n),
    brackets: '['.repeat(n),
    backticks: '`'.repeat(n),
    fences: '```\n'.repeat(n / 4),
    'fences with tags': '```js\n'.repeat(n / 4),
    'blank lines in a file': `\`a.py\`\n\n\`\`\`py\n${'\n'.repeat(n)}\`\`\``,
    'a long path': `${'a/'.repeat(n)}b.py\n\n\`\`\`py\nx\n\`\`\``,
    'a label of spaces': `create${' '.repeat(n)}x\n\n\`\`\`py\nx\n\`\`\``,
    'a sentence without an end': `Add ${'the following code to '.repeat(n / 22)}\`a.py\`:\n\`\`\`py\nx\n\`\`\``,
    'comments that are paths': `\`\`\`js\n${'// a/b.js\n\n'.repeat(n / 11)}\`\`\``,
  };
}
