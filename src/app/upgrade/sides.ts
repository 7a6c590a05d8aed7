/** The answers of one model, with all that a decision about it looks at. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerSchema } from '../../domain/grading/answer.ts';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { CellSummary, RunSummary } from '../../domain/runs/summary.ts';
import type { Count, UpgradeSide } from '../../domain/runs/upgrade.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { acceptedOf, formOf, quantile, worstCaseOf } from '../../compare/models/figures.ts';
import { rateOf } from '../../compare/rates.ts';
import { behaviourOf } from '../../reporters/behaviour.ts';
import { RunStore, runIds } from '../../store/runs/run-store.ts';
import { readRunSummary } from '../../store/runs/run-summary.ts';

/** One model's answers in one run. */
export interface ModelAnswers {
  model: string;
  summary: RunSummary;
  grades: Map<string, Grade>;
}

const stopSchema = answerSchema.pick({ stopReason: true });

/** Newest first: the first run in which every one of the models has answers, else one run for each model. */
export async function runsOf(
  root: string,
  models: readonly string[],
  named: readonly string[],
): Promise<Map<string, RunSummary>> {
  const ids = named.length > 0 ? [...named] : (await runIds(root)).toReversed();
  const found = new Map<string, RunSummary>();
  for (const id of ids) {
    const summary = await readRunSummary(join(root, 'reports', 'runs', id)).catch((error: unknown) => {
      if (named.length > 0 || !(error instanceof UsageError)) throw error;
      return null; // of the runs that nobody named, the unfinished ones are passed over
    });
    if (summary === null) continue;
    const missing = models.filter(
      (model) => !found.has(model) && summary.cells.some(({ cell }) => cell.model === model),
    );
    // Where nobody names runs, those of one suite belong together.
    const suite = [...found.values()][0]?.suite;
    if (named.length === 0 && suite !== undefined && suite !== summary.suite) continue;
    for (const model of missing) found.set(model, summary);
    if (found.size === models.length) return found;
  }
  const missing = models.filter((model) => !found.has(model));
  throw new UsageError(
    `upgrade: expected finished runs with answers of ${models.join(', ')}, found none of ${missing.join(', ')}` +
      `${named.length === 0 ? '' : ` in ${named.join(', ')}`}. Name runs with --run, or let Cupel run a suite: --suite <id>.`,
  );
}

/** The answers of a model in a run, to one prompt where it is named. */
export async function modelAnswers(
  root: string,
  model: string,
  whole: RunSummary,
  prompt: string | undefined,
): Promise<ModelAnswers> {
  const cells = whole.cells.filter(
    ({ cell }) => cell.model === model && (prompt === undefined || cell.prompt === prompt),
  );
  if (cells.length === 0)
    throw new UsageError(
      `upgrade: expected answers of ${model} to ${prompt ?? 'any prompt'} in ${whole.run}, found none.`,
    );
  const { grades } = await new RunStore(root, whole.run).results();
  const kept = new Set(cells.map(({ cell }) => cellKey(cell)));
  return {
    model,
    summary: { ...whole, cells },
    grades: new Map(grades.map((grade) => [cellKey(grade.cell), grade] as const).filter(([key]) => kept.has(key))),
  };
}

/** Why each answer stopped; what is gone stopped for a reason that nobody knows. */
async function stopsOf(root: string, { summary }: ModelAnswers): Promise<string[]> {
  return Promise.all(
    summary.cells.map(async ({ cell }) => {
      const path = join(root, 'reports', 'runs', summary.run, 'answers', `${cellKey(cell)}.json`);
      const text = await readFile(path, 'utf8').catch(() => '{}');
      return stopSchema.safeParse(JSON.parse(text)).data?.stopReason ?? 'unknown';
    }),
  );
}

type Seen = NonNullable<ReturnType<typeof behaviourOf>>;

function seenOf(grades: readonly Grade[]): { [K in keyof Seen]: Count | null } {
  const graded = grades.filter(({ verdict }) => verdict !== 'ungraded').flatMap((grade) => behaviourOf(grade) ?? []);
  const total = (key: keyof Seen): Count | null => {
    const of = graded.reduce((sum, row) => sum + row[key][1], 0);
    return of === 0 ? null : { hits: graded.reduce((sum, row) => sum + row[key][0], 0), of };
  };
  return { starts: total('starts'), exists: total('exists'), behaves: total('behaves') };
}

function tokensOf(cells: readonly CellSummary[]): UpgradeSide['tokens'] {
  const usages = cells.flatMap(({ usage }) => usage ?? []);
  if (usages.length === 0) return null;
  const input = usages.map((usage) => usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens);
  const output = usages.map(({ outputTokens }) => outputTokens);
  return {
    input: quantile(input, 0.5),
    output: quantile(output, 0.5),
    total: [...input, ...output].reduce((sum, count) => sum + count, 0),
    of: usages.length,
  };
}

function sourceOf(model: string): string {
  if (model === 'recorded') return 'recordings of answers that a model gave once';
  return model.startsWith('exec:') ? 'a command on this machine' : `the service ${model.split(':')[0] ?? ''}`;
}

/** The figures of one side. */
export async function sideOf(root: string, answers: ModelAnswers): Promise<UpgradeSide> {
  const { model, summary, grades } = answers;
  const { cells } = summary;
  const graded = cells.filter(({ verdict }) => verdict !== 'ungraded');
  const strata = [...Map.groupBy(graded, ({ cell }) => cell.scenario ?? 'answer')].map(([scenario, same]) => ({
    scenario,
    base: same,
    head: same,
  }));
  const rate = rateOf(strata, 'head');
  const stops = await stopsOf(root, answers);
  const latencies = cells.flatMap(({ latencyMs }) => latencyMs ?? []);
  const distinct = (values: readonly (string | null)[]): string[] => [
    ...new Set(values.flatMap((value) => value ?? [])),
  ];
  return {
    model,
    prompts: distinct(cells.map(({ cell }) => cell.prompt)),
    runs: [summary.run],
    source: sourceOf(model),
    reportedModels: distinct(cells.map(({ reportedModel }) => reportedModel)),
    answers: cells.length,
    ungraded: cells.length - graded.length,
    passed: { hits: rate.passed, of: rate.of, interval: graded.length === 0 ? [0, 1] : rate.interval },
    worstCase: worstCaseOf(cells),
    ...seenOf([...grades.values()]),
    accepted: acceptedOf(cells),
    latencyMs:
      latencies.length === 0
        ? null
        : { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), of: latencies.length },
    tokens: tokensOf(cells),
    refused: stops.filter((stop) => stop === 'refusal').length,
    truncated: stops.filter((stop) => stop === 'max_tokens' || stop === 'model_context_window_exceeded').length,
    ...formOf(cells),
  };
}
