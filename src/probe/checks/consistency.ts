import { failed, notApplicable, passed } from '../../domain/grading/check.ts';
import type { CheckResult, Outcome } from '../../domain/grading/check.ts';
import { parseCheckId } from '../../domain/grading/check-id.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import { counted } from '../../formats/words.ts';
import type { AnswerCheck } from '../../ports/checks.ts';

/** What the program of a language did at each question. */
interface Observed {
  language: string;
  /** By the question's id: its result, and what the program said. */
  questions: Map<string, { result: string; seen: string }>;
}

function observedIn({ id, facts }: CheckResult): Observed | null {
  const { language, name } = parseCheckId(id);
  const lines = facts['observed'];
  if (name !== 'acceptance' || !Array.isArray(lines)) return null;
  const questions = lines.map((line): [string, { result: string; seen: string }] => {
    const [question = '', result = '', seen = ''] = line.split('\t');
    return [question, { result, seen }];
  });
  return { language, questions: new Map(questions) };
}

/** What a program said, without what tells bodies of one status apart. */
export const statusesOf = (seen: string): string => seen.replaceAll(/(\d{3}|ended) [0-9a-f]{12}/g, '$1');

function differencesAt(question: string, all: readonly Observed[], identical: boolean): Finding[] {
  const told = all.flatMap(({ language, questions }) => {
    const own = questions.get(question);
    return own === undefined ? [] : [{ language, ...own }];
  });
  const finding = (severity: Finding['severity'], message: string): Finding[] => [
    { tool: 'contract', rule: question, severity, message, file: null, line: null, answer_line: null },
  ];
  const differ = (of: (one: (typeof told)[number]) => string): boolean => new Set(told.map(of)).size > 1;
  const words = (of: (one: (typeof told)[number]) => string): string =>
    told.map((one) => `${one.language}: ${of(one)}`).join(', ');
  if (differ(({ result }) => result))
    return finding(
      'error',
      words(({ result }) => result),
    );
  if (identical && differ(({ seen }) => seen)) return finding('error', `other bytes: ${words(({ seen }) => seen)}`);
  const statuses = ({ seen }: { seen: string }): string => statusesOf(seen);
  return differ(statuses) ? finding('info', words(statuses)) : [];
}

/** Holds the programs of all languages against each other. */
function compare(results: readonly CheckResult[], identical: boolean): Outcome {
  const all = results.flatMap((result) => observedIn(result) ?? []);
  if (all.length < 2) return notApplicable('fewer than two programs were asked the same questions');
  const questions = [...new Set(all.flatMap((one) => [...one.questions.keys()]))];
  const findings = questions.flatMap((question) => differencesAt(question, all, identical));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const details = { facts: { compared: questions.length, different: findings.length }, findings };
  if (errors.length === 0) return passed(details);
  return failed(
    { ...details, reason: `the programs differ at ${counted(errors.length, 'question')}` },
    1 - errors.length / questions.length,
  );
}

/** Do the programs of all languages do the same? */
export const consistency: AnswerCheck = {
  name: 'consistency',
  question: 'Do the programs of all languages do the same?',
  weight: 1,
  required: false,
  afterProjects: true,
  asksContract: true,
  run: ({ results, contract }) => compare(results, contract?.identical ?? false),
};
