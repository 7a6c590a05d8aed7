/** Reasoning that a model wrote into its answer is not the answer; a tag that the answer speaks of is no reasoning. */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, ...lines: string[]): string => ['```' + tag, ...lines, '```'].join('\n');
const draft = ['My first idea for `leap.py`:', '', block('python', 'def is_leap(year):', '    return False')].join(
  '\n',
);
const real = ['**`leap.py`**', '', block('python', 'def is_leap(year):', '    return year % 4 == 0')].join('\n');
const whole = { 'leap.py': 'def is_leap(year):\n    return year % 4 == 0\n' };
const texts = (answer: string): Record<string, string> =>
  Object.fromEntries(extract(answer).files.map((file) => [file.path, file.text]));

const names = ['思考', 'think', 'thinking', 'thought', 'reasoning', 'reflection', 'scratchpad'];

describe('reasoning in the text of an answer', () => {
  test.each(names)('between <%s> and its closing tag is left out', (name) => {
    const { files, flags } = extract(`<${name}>\n${draft}\n</${name}>\n\n${real}\n`);
    expect(files).toMatchObject([{ path: 'leap.py', text: whole['leap.py'] }]);
    expect(flags).toEqual([]);
  });

  test.each([
    ['in upper case', `<THINK>\n${draft}\n</THINK>\n\n${real}\n`],
    ['with attributes', `<reasoning effort="high" lang='en'>\n${draft}\n</reasoning>\n\n${real}\n`],
    ['in square brackets', `[THINK]\n${draft}\n[/THINK]\n\n${real}\n`],
    ['with text on the lines of the tags', `<think>Let me see.\n${draft}\nGood.</think>Here it is:\n\n${real}\n`],
    ['with an answer that begins on the line of the closing tag', `<think>\n${draft}\n</think>${real}\n`],
    ['on one line', `<think>Easy: \`scratch.py\`.</think>\n\n${real}\n`],
    ['that is empty', `<think>\n\n</think>\n\n${real}\n`],
    ['more than once', `<think>\n${draft}\n</think>\n\n${real}\n\n<think>\n${draft}\n</think>\n\nDone.\n`],
    ['inside of another', `<thinking>\n${draft}\n<reflection>\n${draft}\n</reflection>\n</thinking>\n\n${real}\n`],
    ['with Windows line ends', `<think>\n${draft}\n</think>\n\n${real}\n`.replaceAll('\n', '\r\n')],
    ['whose opening tag is missing', `The user wants a leap year.\n\n${draft}\n\n</think>\n\n${real}\n`],
    ['whose opening tag is missing, glued to its last word', `${draft}\n\nSo be it.</think>\n\n${real}\n`],
    ['whose closing tag comes twice', `<think>\n${draft}\n</think>\n\n</think>\n\n${real}\n`],
    ['that speaks of the closing tag', `<think>\nI end with \`</think>\` below.\n${draft}\n</think>\n\n${real}\n`],
    ['that ends where the answer is tagged', `<think>\n${draft}\n<answer>\n\n${real}\n\n</answer>\n`],
    [
      'with a block that was left open',
      `<think>\nA draft:\n\n\`\`\`python\nimport nothing_like_this\n</think>\n\n${real}\n`,
    ],
    [
      'with a block that was left open and no opening tag',
      `A draft of \`x.py\`:\n\n\`\`\`python\nimport nothing_like_this\n</think>\n\n${real}\n`,
    ],
    [
      'with the tag inside of a block that is closed',
      `<think>\nA draft:\n\n${block('python', 'T = """', '</think>', '"""')}\n\n${draft}\n</think>\n\n${real}\n`,
    ],
    ['in a block of its own', `${block('thinking', 'I need `scratch.py`.')}\n\n${real}\n`],
  ])('%s is left out', (_kind, answer) => {
    expect(texts(answer)).toEqual(whole);
    expect(extract(answer).flags).toEqual([]);
  });

  test.each([
    [
      'on the channel of a message',
      `<|channel|>analysis<|message|>The user wants a leap year.\n${draft}<|end|><|start|>assistant<|channel|>final<|message|>${real}\n<|return|>`,
    ],
    [
      'on channels with commentary between them',
      `<|start|>assistant<|channel|>analysis<|message|>${draft}<|end|><|start|>assistant<|channel|>commentary<|message|>I write it now.\n${draft}<|end|><|start|>assistant<|channel|>final<|message|>\n${real}\n`,
    ],
    [
      'on a channel whose first token is missing',
      `analysis<|message|>${draft}<|end|><|channel|>final<|message|>${real}\n`,
    ],
    ['on channels whose tokens are all missing', `analysisWe need a leap year.\n${draft}\nassistantfinal${real}\n`],
    ['between tokens', `<|START_THINKING|>${draft}<|END_THINKING|><|START_RESPONSE|>${real}\n<|END_RESPONSE|>`],
    ['between other tokens', `◁think▷\n${draft}\n◁/think▷\n\n${real}\n`],
  ])('%s is left out, and lines keep their numbers', (_kind, answer) => {
    const { files, flags } = extract(answer);
    expect(texts(answer)).toEqual(whole);
    expect(files[0]?.line).toBe(answer.slice(0, answer.lastIndexOf('    return year')).split('\n').length - 2);
    expect(flags).toEqual([]);
  });

  test('on a channel without an answer after it is all there is, and flagged', () => {
    const { files, flags } = extract(`<|channel|>analysis<|message|>The user wants a leap year.\n${draft}\n`);
    expect(files).toEqual([]);
    expect(flags).toMatchObject([{ code: 'no-files' }, { code: 'unclosed-reasoning' }]);
  });

  test('is not what an answer about such tokens has in its text or its code', () => {
    const words = 'A message begins with `<|channel|>analysis<|message|>`, and the answer follows on `final`.';
    const parser = ['**`parse.py`**', '', block('python', 'FINAL = "<|channel|>final<|message|>"')].join('\n');
    expect(Object.keys(texts(`${words}\n\n${real}\n\n${parser}\n`))).toEqual(['leap.py', 'parse.py']);
  });

  test('that does not end is left out with all that follows, and flagged', () => {
    const { files, flags } = extract(`${real}\n\n<think>\nWas that right?\n\n${draft}\n`);
    expect(files).toMatchObject([{ path: 'leap.py', text: whole['leap.py'] }]);
    expect(flags).toMatchObject([{ code: 'unclosed-reasoning', line: 8 }]);
    expect(extract(`<think>\n${draft}\n`).files).toEqual([]);
    expect(extract(`<think>Well then.\n${draft}\n`).files).toEqual([]);
  });

  test('changes no line number', () => {
    expect(extract(`<think>\n${draft}\n</think>\n\n${real}\n`).files).toMatchObject([{ line: 12, lines: [13, 14] }]);
  });
});

describe('a tag of reasoning that is no reasoning', () => {
  const parser = [
    'import re',
    '',
    'SAMPLE = """<think>',
    'I should answer 4.',
    '</think>',
    'The answer is 4."""',
    '',
    'def strip(text):',
    "    return re.sub('<think>.*?</think>', '', text, flags=re.S)",
  ];
  test.each([
    ['in a code block', `\`strip.py\`\n\n${block('python', ...parser)}\n`, { 'strip.py': `${parser.join('\n')}\n` }],
    [
      'on lines of its own in a code block',
      `\`a.txt\`\n\n${block('text', '<think>', 'x', '</think>', 'y')}\n\n${real}\n`,
      { 'a.txt': '<think>\nx\n</think>\ny\n', ...whole },
    ],
    [
      'in a code block, the closing tag alone',
      `\`a.txt\`\n\n${block('text', 'x', '</think>', 'y')}\n\n${real}\n`,
      { 'a.txt': 'x\n</think>\ny\n', ...whole },
    ],
    [
      'with a fence in the string that holds it',
      `\`a.py\`\n\n${block('python', 'T = """<think>', '```js', 'x', '```', '</think>', '```js', 'y', '```', '"""')}\n\n${real}\n`,
      { 'a.py': 'T = """<think>\n```js\nx\n```\n</think>\n```js\ny\n```\n"""\n', ...whole },
    ],
    [
      'as a subject of the text',
      `Remove what stands between <think> and </think>.\n\n${real}\n\nThe model writes \`<think>\` first, then </think>.\n`,
      whole,
    ],
    ['as a subject at the start of a line', `${real}\n\n<think> opens it.\n\n\`</think>\` closes it.\n`, whole],
    ['in a heading', `## The <think> tag\n\n${real}\n\n### After \`</think>\`\n`, whole],
  ])('%s', (_kind, answer, files) => {
    expect(texts(answer)).toEqual(files);
    expect(extract(answer).flags).toEqual([]);
  });
});
