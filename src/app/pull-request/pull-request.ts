/** What a branch does to the suites of a project. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultGate } from '../../domain/runs/gate.ts';
import type { PullReport } from '../../domain/runs/pull-request.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { VoidRunError } from '../../domain/void-run-error.ts';
import { ProviderError } from '../../ports/provider.ts';
import type { RunListener } from '../../ports/run-listener.ts';
import { ToolMissingError } from '../../ports/runner.ts';
import { SandboxError } from '../../ports/sandbox.ts';
import { layOutBase, openBranch } from '../../store/inputs/history.ts';
import type { BaseTree, Branch } from '../../store/inputs/history.ts';
import type { Library } from '../../store/inputs/library.ts';
import type { Services } from '../services/services.ts';
import { touchedBy } from './identity.ts';
import { judge } from './judge.ts';
import { measure } from './measure.ts';
import { projectIn, sideOf, withProject } from './sides.ts';

/** What to compare, and how. */
export interface PullRequest {
  /** A branch or a commit: the common ancestor with it is the base. */
  base: string;
  /** Only these suites; all when empty. */
  suites: readonly string[];
  /** Ask no model: take recordings and answers that are kept. */
  replay: boolean;
  /** Dollars that the answers of all suites together may cost. */
  budgetUsd?: number | undefined;
  /** The number of the pull request; null where it is not known. */
  pull: number | null;
}

/** What cannot be measured here, and is no fault of the change. */
function isUnmeasured(error: unknown): error is Error {
  return (
    error instanceof SandboxError ||
    error instanceof ToolMissingError ||
    error instanceof ProviderError ||
    error instanceof VoidRunError ||
    error instanceof UsageError
  );
}

/** Whether a model can only be replayed here: a fork has no keys. */
function lacksKey(models: readonly string[]): boolean {
  return models.some((model) => model.startsWith('anthropic:')) && (process.env['ANTHROPIC_API_KEY'] ?? '') === '';
}

const nothing: PullReport['spent'] = { asked: 0, known: 0, fromBaseline: 0, tokens: 0, costUsd: 0, unpriced: 0 };

function emptyReport(suite: string, { pull, replay }: PullRequest, branch: Branch, tree: BaseTree): PullReport {
  return {
    format: 1,
    suite,
    status: 'unchanged',
    gateMet: null,
    pull,
    head: branch.head,
    base: { commit: branch.mergeBase, takenOver: tree.takenOver },
    touched: [],
    reasons: [],
    passed: null,
    ungraded: { base: 0, head: 0 },
    rows: [],
    dimensions: [],
    replayed: replay,
    spent: nothing,
    plan: null,
    tools: {},
    sandbox: null,
  };
}

/** One suite on both sides. */
async function reportOf(
  services: { head: Services; base: Services },
  planned: PullReport,
  budgetUsd: number | undefined,
  listener: RunListener,
): Promise<PullReport> {
  const { suite } = planned;
  const [base, head] = [await sideOf(services.base, suite), await sideOf(services.head, suite)];
  const models = [...(base?.suite.models ?? []), ...(head?.suite.models ?? [])];
  const empty = { ...planned, replayed: planned.replayed || lacksKey(models) };
  if (head === null)
    return { ...empty, touched: [{ what: 'suite', how: 'gone', name: empty.suite, before: null }], reasons: [] };
  const { questions, touched } = touchedBy(base?.cells ?? [], head.cells);
  const suiteIsNew = base === null ? [{ what: 'suite', how: 'new', name: empty.suite, before: null } as const] : [];
  if (questions.length === 0) return { ...empty, touched };
  const options = { replay: empty.replayed, budgetUsd, baseRoot: services.base.library.root };
  const measured = await measure(services, empty.suite, questions, options, listener);
  const { usage, fromBaseline } = measured;
  return {
    ...empty,
    ...judge(questions, measured, head.suite.gate ?? defaultGate, empty.replayed),
    touched: [...suiteIsNew, ...touched].slice(0, 500),
    spent: {
      asked: usage.asked,
      known: usage.cached,
      fromBaseline,
      tokens: usage.tokens,
      costUsd: usage.costUsd,
      unpriced: usage.unpriced,
    },
    plan: measured.plan,
    tools: measured.head.tools,
    sandbox: measured.sandbox,
  };
}

/** Suites of either side, in order. */
async function suitesOf(head: Library, base: Library, wanted: readonly string[]): Promise<string[]> {
  const all = [...new Set([...(await head.suites()), ...(await base.suites())])].sort();
  const unknown = wanted.find((suite) => !all.includes(suite));
  if (unknown !== undefined) throw new UsageError(`--suite: expected one of ${all.join(', ')}, found ${unknown}.`);
  return wanted.length === 0 ? all : [...wanted];
}

/** What a branch does to each suite. Throws `UsageError` where branch and base cannot be read at all. */
export async function pullReports(
  services: Services,
  request: PullRequest,
  listener: RunListener = {},
): Promise<{ reports: PullReport[]; branch: Branch }> {
  const branch = await openBranch(services.root, request.base);
  const folder = await mkdtemp(join(tmpdir(), 'cupel-base-'));
  try {
    const tree = await layOutBase(branch, folder);
    const quiet = { ...services, jobSummary: null }; // one summary of both sides, and not one for each run
    const sides = { head: quiet, base: withProject(quiet, await projectIn(tree.root)) };
    const reports: PullReport[] = [];
    let left = request.budgetUsd;
    for (const suite of await suitesOf(services.library, sides.base.library, request.suites)) {
      const empty = emptyReport(suite, request, branch, tree);
      const report = await reportOf(sides, empty, left, listener).catch((error: unknown): PullReport => {
        if (!isUnmeasured(error)) throw error;
        return { ...empty, status: 'could not measure', reasons: [error.message.slice(0, 1000)] };
      });
      if (left !== undefined) left = Math.max(0, left - report.spent.costUsd);
      reports.push(report);
    }
    return { reports, branch };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
