/** Makes a project's scenarios with hidden tests of the records of a benchmark. */
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../../domain/usage-error.ts';
import { goTask } from './go.ts';
import { javaTask } from './java.ts';
import { javascriptTask } from './javascript.ts';
import { pythonTask } from './python.ts';
import type { BenchmarkRecord } from './records.ts';
import type { TaskFiles } from './task.ts';

interface BenchmarkLanguage {
  /** How an instruction names it. */
  title: string;
  runtime: string;
  fence: string;
  task(record: BenchmarkRecord): TaskFiles;
  /** What an answer needs besides the file with the function. */
  besides: string;
}

const languages: Readonly<Record<string, BenchmarkLanguage>> = {
  python: { title: 'Python', runtime: '3.11', fence: 'python', task: pythonTask, besides: '' },
  go: {
    title: 'Go',
    runtime: '1.24',
    fence: 'go',
    task: goTask,
    besides: ' The file belongs to package `solution`; add a `go.mod` for module `solution`.',
  },
  javascript: {
    title: 'JavaScript',
    runtime: '20',
    fence: 'js',
    task: javascriptTask,
    besides: ' Export it by its name, as a property of `module.exports`.',
  },
  java: {
    title: 'Java',
    runtime: '17',
    fence: 'java',
    task: javaTask,
    besides: ' The class is in no package; add a `pom.xml` for Java 17.',
  },
};

/** The language of a record by the first part of its id: HumanEval itself is Python. */
const languageByTask: Readonly<Record<string, string>> = {
  HumanEval: 'python',
  Python: 'python',
  Go: 'go',
  JavaScript: 'javascript',
  Java: 'java',
};

/** Which known solutions become recorded answers. */
export const knownSolutions = ['canonical', 'buggy'] as const;
export type KnownSolution = (typeof knownSolutions)[number];

/** What an import is to make. */
export interface ImportRequest {
  records: readonly BenchmarkRecord[];
  /** The file that they come from, for messages. */
  path: string;
  /** Solutions that become recordings, in this order of repeats. */
  solutions: readonly KnownSolution[];
  /** The folder of recorded answers, below the project's. */
  recordings: string;
  /** The day that these recordings get (YYYY-MM-DD). */
  date: string;
}

/** The files of an imported benchmark, and the suite that runs them. */
export interface ImportedBenchmark {
  suite: string;
  scenarios: number;
  /** Text by path below the project's folder. */
  files: ReadonlyMap<string, string>;
}

/** What is known of an answer that no model gave. */
const unknown = { stopReason: 'end_turn', usage: null, costUsd: null, latencyMs: null, firstTokenMs: null };

const PROMPT = 'function-benchmark';

const promptText = `---
title: "Function benchmark"
version: "1.0"
---

# Function benchmark

## Prompt

{{instruction}}

Answer with the whole file \`{{file}}\` in one fenced block, below its path in backticks. Write no tests.
`;

function languageOf({ task_id: id }: BenchmarkRecord, path: string): [string, BenchmarkLanguage] {
  const name = languageByTask[id.split('/')[0] ?? ''];
  const language = name === undefined ? undefined : languages[name];
  if (name === undefined || language === undefined)
    throw new UsageError(
      `${path}: expected tasks of ${Object.keys(languageByTask).join(', ')} (the first part of task_id), found ${id}; ` +
        'other languages cannot be imported.',
    );
  return [name, language];
}

/** The id of a task's scenario: `humaneval-12`, `humanevalpack-go-12`. */
function scenarioId({ task_id: id, buggy_solution: buggy }: BenchmarkRecord, language: string): string {
  const number = id.split('/')[1] ?? '';
  return buggy === undefined ? `humaneval-${number}` : `humanevalpack-${language}-${number}`;
}

function scenarioText(
  record: BenchmarkRecord,
  id: string,
  [name, language]: [string, BenchmarkLanguage],
  file: string,
) {
  const code = `\`\`\`${language.fence}\n${record.prompt.trimEnd()}\n\`\`\``;
  return stringify(
    {
      id,
      variables: {
        instruction: `Complete this ${language.title} function, and keep its signature.${language.besides}\n\n${code}`,
        file,
      },
      languages: { [name]: { runtime: language.runtime } },
      // The benchmark's tests decide, and nobody asks for others.
      checks: { optional: ['tests'], weights: { tests: 0 } },
    },
    { lineWidth: 0 },
  );
}

const answerText = (files: Record<string, string>, fence: string): string =>
  Object.entries(files)
    .map(
      ([path, text]) =>
        `\`${path}\`:\n\n\`\`\`${/\.(?:mod|xml)$/.test(path) ? '' : fence}\n${text.trimEnd()}\n\`\`\`\n`,
    )
    .join('\n');

function solutionOf(record: BenchmarkRecord, solution: KnownSolution, path: string): string {
  const body = solution === 'canonical' ? record.canonical_solution : record.buggy_solution;
  if (body !== undefined) return body;
  throw new UsageError(
    `${path}: expected a buggy_solution, found none in ${record.task_id}; import the canonical solutions alone.`,
  );
}

/** The files of one task. */
function taskFiles(
  record: BenchmarkRecord,
  { path, solutions, recordings, date }: ImportRequest,
): [string, [string, string][]] {
  const [name, language] = languageOf(record, path);
  const id = scenarioId(record, name);
  const { file, withBody, hidden } = language.task(record);
  const answers = solutions.flatMap((solution, index): [string, string][] => {
    const answer = `${recordings}/${id}@1.0.r${index + 1}`;
    const text = answerText(withBody(solutionOf(record, solution, path)), language.fence);
    return [
      [`${answer}.md`, text],
      [`${answer}.answer.json`, `${JSON.stringify({ ...unknown, reportedModel: solution, date })}\n`],
    ];
  });
  const tests = Object.entries(hidden).map(([test, text]): [string, string] => [
    `evals/${id}/hidden/${name}/${test}`,
    text,
  ]);
  return [id, [[`evals/${id}/scenario.yaml`, scenarioText(record, id, [name, language], file)], ...tests, ...answers]];
}

/** What a benchmark becomes: a prompt, a scenario a task, a suite of all, and recordings of known solutions. */
export function importBenchmark(request: ImportRequest): ImportedBenchmark {
  const tasks = request.records.map((record) => taskFiles(record, request));
  const ids = tasks.map(([id]) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new UsageError(`${request.path}: expected each task once, found ${twice} more than once.`);
  const suite = basename(request.path).replace(/\.\w+$/, '');
  const { length: repeats } = request.solutions;
  const suiteText = stringify({
    id: suite,
    prompts: [`${PROMPT}@1.0`],
    models: ['recorded'],
    scenarios: ids,
    repeats: Math.max(repeats, 1),
  });
  return {
    suite,
    scenarios: ids.length,
    files: new Map([
      [`prompts/${PROMPT}/1.0.md`, promptText],
      [`evals/suites/${suite}.yaml`, suiteText],
      ...tasks.flatMap(([, files]) => files),
    ]),
  };
}
