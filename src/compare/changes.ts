import { createTwoFilesPatch } from 'diff';
import type { Change, Regrading } from '../domain/runs/comparison.ts';
import { cellKey } from '../domain/grading/cell.ts';
import type { CellSummary, RunSummary } from '../domain/runs/summary.ts';
import type { Match } from './match.ts';

/** Texts that the comparison is handed, for diffs; null or absent where they are no longer there. */
export interface Texts {
  /** What a prompt sends, by its hash. */
  prompts: ReadonlyMap<string, string>;
  /** Resolutions of base and head for an answer that is the same on both sides; null where there is none. */
  resolutions: { base: string; head: string } | null;
}

function patch(name: string, base: string, head: string): string {
  const endingOnce = (text: string): string => `${text.trimEnd()}\n`;
  return createTwoFilesPatch(`base ${name}`, `head ${name}`, endingOnce(base), endingOnce(head), undefined, undefined, {
    context: 2,
  })
    .replace(/^=+\n/, '')
    .trimEnd();
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const listed = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
const promptsOf = (cells: readonly CellSummary[]): string[] => distinct(cells.flatMap(({ cell }) => cell.prompt ?? []));
const hashesOf = (cells: readonly CellSummary[]): string[] =>
  distinct(cells.flatMap(({ fingerprint }) => fingerprint.prompt ?? []));

function promptChange(base: readonly CellSummary[], head: readonly CellSummary[], { prompts }: Texts): Change[] {
  const only = (cells: readonly CellSummary[], others: readonly CellSummary[]): CellSummary[] => {
    const inOthers = new Set(hashesOf(others));
    return cells.filter(({ fingerprint: { prompt } }) => prompt !== null && !inOthers.has(prompt));
  };
  const [gone, come] = [only(base, head), only(head, base)];
  if (gone.length + come.length === 0) return [];
  const [one, other] = [hashesOf(gone), hashesOf(come)];
  const [from, to] = [prompts.get(one[0] ?? ''), prompts.get(other[0] ?? '')];
  const single = one.length === 1 && other.length === 1;
  const diff = single && from !== undefined && to !== undefined ? patch('prompt', from, to) : null;
  const lost = single && diff === null ? ' (the text of one of them is no longer there as it was sent)' : '';
  const [left, right] = gone.length > 0 && come.length > 0 ? [gone, come] : [base, head];
  return [{ what: 'prompt', text: `${listed(promptsOf(left))} → ${listed(promptsOf(right))}${lost}`, diff }];
}

/** `anthropic:m reported as m-20261001 (temperature 0.2)` */
function modelName({ cell, reportedModel, fingerprint: { settings } }: CellSummary): string {
  const name = [cell.model ?? 'none', reportedModel].filter((part) => part !== null).join(' reported as ');
  const settingTexts = Object.entries(settings ?? {}).map(([setting, value]) => `${setting} ${value}`);
  return settingTexts.length === 0 ? name : `${name} (${settingTexts.sort().join(', ')})`;
}

function modelChange(base: readonly CellSummary[], head: readonly CellSummary[]): Change[] {
  const modelNames = (cells: readonly CellSummary[]): string[] => distinct(cells.map(modelName)).sort();
  const [one, other] = [modelNames(base), modelNames(head)];
  if (same(one, other)) return [];
  const [gone, come] = [one.filter((name) => !other.includes(name)), other.filter((name) => !one.includes(name))];
  const [from, to] = gone.length > 0 && come.length > 0 ? [gone, come] : [one, other];
  return [{ what: 'model', text: `${listed(from)} → ${listed(to)}`, diff: null }];
}

/** Versions that differ, `ruff 0.14.1 → 0.15.0`. */
export function toolChanges(base: Readonly<Record<string, string>>, head: Readonly<Record<string, string>>): string[] {
  const shared = Object.keys(base).filter((tool) => tool in head && base[tool] !== head[tool]);
  return shared.map((tool) => `${tool} ${base[tool]} → ${head[tool]}`);
}

/**
 * The same answers on both sides, by their text: whatever differs between them, neither prompt nor model is to blame.
 */
export function sameAnswers({ strata }: Match): { base: CellSummary; head: CellSummary }[] {
  return strata.flatMap(({ base, head }) => {
    const unmatched = new Map(head.map((cell) => [cell.fingerprint.answer, cell]));
    return base.flatMap((cell) => {
      const partner = unmatched.get(cell.fingerprint.answer);
      return partner === undefined ? [] : [{ base: cell, head: partner }];
    });
  });
}

function dependencyChange(matched: Match, texts: Texts): Change[] {
  const answers = sameAnswers(matched);
  const moved = answers.filter(({ base, head }) => !same(base.fingerprint.dependencies, head.fingerprint.dependencies));
  if (moved.length === 0) return [];
  const turned = moved.filter(({ base, head }) => base.verdict !== head.verdict).length;
  const { resolutions } = texts;
  const [answer, were] = moved.length === 1 ? ['answer', 'was'] : ['answers', 'were'];
  const verdicts = turned === 0 ? 'no verdict' : turned === 1 ? '1 verdict' : `${turned} verdicts`;
  return [
    {
      what: 'dependencies',
      text:
        `${moved.length} ${answer}, the same on both sides, ${were} graded with other packages; ` +
        `${verdicts} changed with them, which neither prompt nor model can have done`,
      diff: resolutions === null ? null : patch('resolution', resolutions.base, resolutions.head),
    },
  ];
}

/**
 * The same prompt, scenario, model and repeat, and still another answer: the model was asked again, or recordings were
 * replaced.
 */
function recordingChange({ base, head }: Match): Change[] {
  const answers = new Map(base.cells.map(({ cell, fingerprint }) => [cellKey(cell), fingerprint.answer]));
  const replaced = head.cells.filter(
    ({ cell, fingerprint }) =>
      cell.model === 'recorded' && (answers.get(cellKey(cell)) ?? fingerprint.answer) !== fingerprint.answer,
  );
  return replaced.length === 0
    ? []
    : [
        {
          what: 'recordings',
          text: `${replaced.length} of ${head.cells.length} recordings hold another answer than in the base`,
          diff: null,
        },
      ];
}

function repeatsOf(cells: readonly CellSummary[]): string {
  const counts = [...Map.groupBy(cells, ({ cell }) => cellKey({ ...cell, repeat: 1 })).values()].map(
    ({ length }) => length,
  );
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(fewest) : `${fewest} to ${most}`;
}

/** What differs between the sides. `graded` are the runs as they stood before anything was graded again. */
export function changesOf(matched: Match, graded: { base: RunSummary; head: RunSummary }, texts: Texts): Change[] {
  const { base, head, left } = matched;
  const tools = toolChanges(graded.base.tools, graded.head.tools);
  const [fewer, more] = [repeatsOf(base.cells), repeatsOf(head.cells)];
  const changes: (Change | null)[] = [
    ...promptChange(base.cells, head.cells, texts),
    ...modelChange(base.cells, head.cells),
    left.length === 0 ? null : { what: 'scenarios', text: `left out: ${listed(left)}`, diff: null },
    ...recordingChange(matched),
    graded.base.grader === graded.head.grader
      ? null
      : { what: 'grader', text: "Cupel's own grading code is another one", diff: null },
    tools.length === 0 ? null : { what: 'tools', text: tools.join(', '), diff: null },
    ...dependencyChange(matched, texts),
    fewer === more ? null : { what: 'repeats', text: `${fewer} → ${more} answers to each scenario`, diff: null },
  ];
  return changes.filter((change) => change !== null);
}

/** What grading again did to the very same answers. */
export function regradingOf(side: Regrading['side'], before: RunSummary, after: RunSummary): Regrading {
  const earlier = new Map(before.cells.map((summary) => [cellKey(summary.cell), summary]));
  const counts = new Map<string, { tool: string; rule: string; cells: number }>();
  let [verdicts, of] = [0, 0];
  for (const cell of after.cells) {
    const was = earlier.get(cellKey(cell.cell));
    if (was === undefined) continue;
    of += 1;
    if (was.verdict !== cell.verdict) verdicts += 1;
    const earlierFindings = new Set(was.findings.map(({ tool, rule }) => `${tool} ${rule}`));
    for (const name of new Set(cell.findings.map(({ tool, rule }) => `${tool}\u0000${rule}`))) {
      const [tool = '', rule = ''] = name.split('\u0000');
      if (earlierFindings.has(`${tool} ${rule}`)) continue;
      const counted = counts.get(name) ?? { tool, rule, cells: 0 };
      counts.set(name, { ...counted, cells: counted.cells + 1 });
    }
  }
  return {
    side,
    run: after.run,
    verdicts,
    of,
    findings: [...counts.values()].sort((one, other) => other.cells - one.cells),
  };
}
