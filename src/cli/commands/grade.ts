import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Answer } from '../../domain/grading/answer.ts';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import { parseCheckId } from '../../domain/grading/check-id.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Results } from '../../domain/runs/run.ts';
import type { Scenario } from '../../domain/grading/scenario.ts';
import type { Reporter } from '../../ports/reporter.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { gradeAnswer } from '../../stages/pipeline.ts';
import { gradeText } from '../../reporters/terminal.ts';
import { refuseUncheckable } from '../../stages/1-plan/checkable.ts';
import { writeJson } from '../../store/files/atomic.ts';
import { hashOf } from '../../store/files/hash.ts';
import { RunStore, runIds } from '../../store/runs/run-store.ts';
import type { Act } from '../act.ts';
import { catalog } from '../checks.ts';
import { execute } from '../execute.ts';
import type { CellJob } from '../execute.ts';
import { statusOf } from '../exit.ts';
import { gradingOptions, printJson, reporterFor } from '../output.ts';
import type { OutputOptions } from '../output.ts';
import { judgingOf } from '../judging.ts';
import { requireSandbox, services } from '../services.ts';
import type { GradingOptions, Services } from '../services.ts';

interface GradeOptions extends GradingOptions, OutputOptions {
  scenario?: string;
  asOf?: string;
  keepResolution?: boolean;
}

/** Reads an answer. Throws `UsageError` when it is no text file. */
export async function readAnswerFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UsageError(
      `${path}: expected a file with an answer, or the id of a run; found ${(error as NodeJS.ErrnoException).code ?? 'an error'}.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new UsageError(`${path}: expected text in UTF-8, found bytes that are not.`);
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function answerFrom(path: string, options: GradeOptions, wired: Services): Promise<Answer> {
  const text = await readAnswerFile(path);
  if (options.asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.asOf)) {
    throw new UsageError(`--as-of: expected a day as YYYY-MM-DD, found ${options.asOf}.`);
  }
  const known = await wired.library.recognise(text);
  const plain = {
    text,
    stopReason: 'unknown',
    usage: null,
    costUsd: null,
    latencyMs: null,
    firstTokenMs: null,
    reportedModel: null,
    date: today(),
  } as const;
  const answer = known ?? plain;
  return options.asOf === undefined ? answer : { ...answer, date: options.asOf };
}

async function scenarioFor(options: GradeOptions, wired: Services): Promise<Scenario | null> {
  if (options.scenario === undefined) return null;
  const scenario = await wired.library.scenario(options.scenario);
  refuseUncheckable(scenario, wired.grading.runners);
  return scenario;
}

async function gradeFile(path: string, options: GradeOptions, wired: Services): Promise<number> {
  // While the sandbox is tried, what is asked is read and tools are made ready. What is missing is said by the checks that want it.
  void Promise.allSettled([wired.sandboxReport()]);
  const scenario = await scenarioFor(options, wired);
  const wanted = wired.grading.runners.filter(({ language }) => scenario !== null && language in scenario.languages);
  void Promise.allSettled(wanted.map((runner) => wired.grading.tools(runner)));
  const answer = await answerFrom(path, options, wired);
  await requireSandbox(wired);
  const cell: Cell = { prompt: null, scenario: scenario?.id ?? null, model: null, repeat: 1 };
  const besides = `${path.replace(/\.md$/, '')}.resolution.json`;
  const languages = Object.keys(scenario?.languages ?? {});
  const reporter = reporterFor({ format: 'json' }, wired.forecast([{ cell, languages }])); // progress beside the result
  const { effects, resolutions } = await wired.cellEffects(cell, answer, besides, reporter);
  const judging = await judgingOf(cell, scenario, wired.library);
  const graded = await gradeAnswer(cell, answer, judging, effects);
  wired.signal.throwIfAborted();
  await resolutions.save();
  if (options.keepResolution === true) await writeJson(besides, resolutions.all());
  if (options.format === 'json') printJson(graded);
  else process.stdout.write(gradeText(graded, catalog));
  await wired.tidy();
  return statusOf([graded]);
}

/** Grades stored answers of a run again, all of them or those of the given cells, as a run of its own; no model is called. */
export async function gradeAgain(
  id: string,
  cells: readonly Cell[] | null,
  reporter: Reporter,
  wired: Services,
): Promise<Results> {
  const stored = new RunStore(wired.root, id);
  const { run, fingerprints, grades } = await stored.results();
  const wanted = cells === null ? null : new Set(cells.map(cellKey));
  const jobs = await Promise.all(
    grades.map(async ({ cell }, index): Promise<CellJob> => {
      const scenario = cell.scenario === null ? null : await wired.library.scenario(cell.scenario);
      const judging = await judgingOf(cell, scenario, wired.library);
      const {
        request = null,
        prompt = null,
        variables = null,
        settings = null,
        lots = null,
      } = fingerprints[index] ?? {};
      return {
        cell,
        planned: {
          request,
          prompt,
          scenario: scenario === null ? null : hashOf(scenario),
          sections: judging.sections.length === 0 ? null : hashOf(judging.sections),
          variables,
          settings,
        },
        lots,
        grade: async (answered) => {
          const answer = await stored.answer(cell);
          return gradeAnswer(cell, answer, judging, await answered(answer));
        },
      };
    }),
  );
  return execute(
    wired,
    run.suite,
    jobs.filter(({ cell }) => wanted?.has(cellKey(cell)) ?? true),
    reporter,
  );
}

async function gradeRun(id: string, options: GradeOptions, wired: Services): Promise<number> {
  const { grades } = await new RunStore(wired.root, id).results();
  const languagesOf = ({ checks }: Grade): string[] => [
    ...new Set(checks.map((check) => parseCheckId(check.id).language)),
  ];
  const forecast = wired.forecast(grades.map((graded) => ({ cell: graded.cell, languages: languagesOf(graded) })));
  const results = await gradeAgain(id, null, reporterFor(options, forecast), wired);
  if (options.format === 'json') printJson({ grades: results.grades satisfies Grade[] });
  return statusOf(results.grades);
}

async function grade(target: string, options: GradeOptions, signal: AbortSignal): Promise<number> {
  const wired = await services(options, signal);
  const isRun = !existsSync(target) && (await runIds(wired.root)).includes(target);
  return isRun ? gradeRun(target, options, wired) : gradeFile(target, options, wired);
}

/** `cupel grade <answer or run>` */
export function gradeCommand(program: Command, act: Act): void {
  gradingOptions(program.command('grade'))
    .argument('<answer or run>', 'a Markdown file with an answer, or the id of a run')
    .option(
      '--scenario <id>',
      'what the answer is judged by; without it, languages and standards are inferred and said',
    )
    .option(
      '--as-of <day>',
      'resolve dependencies as of this day (YYYY-MM-DD; default: today, or the day of a recording)',
    )
    .option('--keep-resolution', 'write what the dependencies resolved to beside the answer')
    .action((target: string, options: GradeOptions) => act((signal) => grade(target, options, signal)));
}
