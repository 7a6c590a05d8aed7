import { posix } from 'node:path';
import { passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import type { AnswerFile } from '../../../domain/grading/extraction.ts';
import type { Finding } from '../../../domain/grading/finding.ts';
import { namesCheck } from '../../../domain/grading/request-parts.ts';
import { counted } from '../../../formats/words.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';

/** How tests are written in files of a kind: which files hold them, and the line with which one begins. */
const testsIn: readonly { file: RegExp; begins: RegExp }[] = [
  { file: /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests?\/(?:.*\/)?[^/]*)\.py$/, begins: /^\s*(?:async\s+)?def\s+(test\w*)/ },
  {
    file: /(?:\.(?:test|spec)\.[cm]?[jt]sx?|(?:^|\/)(?:__tests__|tests?)\/(?:.*\/)?[^/]*\.[cm]?[jt]sx?)$/,
    begins: /^\s*(?:it|test)(?:\.\w+)*\s*[(`]\s*(['"`].{0,80})?/,
  },
  { file: /_test\.go$/, begins: /^func\s+(Test\w*)\s*\(/ },
];

/** Characters of a line that are looked at. */
const LONGEST_LINE = 400;

/** A comment, up to the end of its line. */
const comment = /(?:#|\/\/|\/\*|^\s*\*)(.*)/;

interface TestText {
  /** Index of the line with which it begins. */
  line: number;
  /** The steps that its comments name. */
  steps: Set<string>;
}

/** The tests of a file, each from its first line to that of the next. */
function testsOf({ path, text }: AnswerFile): TestText[] {
  const kind = testsIn.find(({ file }) => file.test(path));
  const tests: TestText[] = [];
  if (kind === undefined) return tests;
  text.split('\n').forEach((whole, line) => {
    const content = whole.slice(0, LONGEST_LINE);
    if (kind.begins.test(content)) tests.push({ line, steps: new Set() });
    const said = comment.exec(content)?.[1] ?? '';
    for (const [word = ''] of said.matchAll(/\b(?:arrange|act|assert)\b/gi))
      tests.at(-1)?.steps.add(word.toLowerCase());
  });
  return tests;
}

const isWhole = ({ steps }: TestText): boolean => steps.size === 3;

function findingOf(file: AnswerFile, tests: readonly TestText[]): Finding[] {
  const without = tests.filter((test) => !isWhole(test));
  const [first] = without;
  if (first === undefined) return [];
  const message = `${counted(without.length, 'test')} of ${tests.length} in ${posix.basename(file.path)} without comments that say Arrange, Act and Assert`;
  const answerLine = file.lines[first.line] ?? 0;
  return [
    {
      tool: 'cupel',
      rule: 'arrange-act-assert',
      severity: 'warning',
      message,
      file: file.path,
      line: first.line + 1,
      answer_line: answerLine === 0 ? null : answerLine,
    },
  ];
}

function run({ extraction }: AnswerContext): Outcome {
  const all = extraction.files.map((file) => ({ file, tests: testsOf(file) }));
  const tests = all.flatMap((one) => one.tests);
  return passed({
    facts: { tests: tests.length, with_comments: tests.filter(isWhole).length },
    findings: all.flatMap((one) => findingOf(one.file, one.tests)),
  });
}

/** How many tests have Arrange-Act-Assert comments? It only warns. */
export const arrangeActAssert: AnswerCheck = {
  name: 'arrange-act-assert',
  question: 'How many tests have comments that say Arrange, Act and Assert?',
  weight: 0,
  required: false,
  summary: ({ tests, with_comments: count }) =>
    tests === undefined ? '' : `${String(count)} of ${counted(Number(tests), 'test')} (presence only)`,
  notAsked: ({ parts }) =>
    parts !== undefined && namesCheck(parts, 'answer/arrange-act-assert') ? null : 'the prompt does not ask for it',
  run,
};
