/** Scenarios that one model passes and another does not, with the code of both. */
import type { CellRow, Comparison, ScenarioRow } from '../../domain/runs/comparison.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { CodeExcerpt, Turned } from '../../domain/runs/upgrade.ts';
import { RunStore } from '../../store/runs/run-store.ts';
import type { ModelAnswers } from './sides.ts';

/** Scenarios of one candidate that are shown. */
const MOST = 10;
/** Lines before the one that a finding points to, and in all. */
const BEFORE = 8;
const LINES = 24;

/** The file in which a grade's gravest failure is, and the line. */
function placeOf(grade: Grade): { file: string; line: number } | null {
  const failing = grade.checks.filter(({ status }) => status === 'failed');
  const findings = [...failing.filter(({ id }) => grade.required.includes(id)), ...failing].flatMap(
    (check) => check.findings,
  );
  const found = findings.find(({ file }) => file !== null);
  return found === undefined ? null : { file: found.file ?? '', line: found.line ?? 1 };
}

const codeFile = ({ projects }: Grade): string | null =>
  projects.find(({ language }) => language !== null)?.files[0]?.path ?? null;

async function excerpt(
  root: string,
  side: ModelAnswers,
  { key, verdict }: CellRow,
  wanted: { file: string; line: number } | null,
): Promise<CodeExcerpt> {
  const { run } = side.summary;
  const grade = side.grades.get(key);
  const none = { run, key, verdict, reasons: grade?.reasons ?? [], file: null, from: 1, lines: [] };
  if (grade === undefined) return none;
  const present = new Set(grade.projects.flatMap(({ files }) => files.map(({ path }) => path)));
  const file = wanted !== null && present.has(wanted.file) ? wanted.file : codeFile(grade);
  if (file === null) return none;
  const { files } = await new RunStore(root, run).texts(grade.cell, [file]);
  const text = files.get(file);
  if (text === undefined) return none;
  const from = file === wanted?.file ? Math.max(1, wanted.line - BEFORE) : 1;
  return { ...none, file, from, lines: text.split('\n').slice(from - 1, from - 1 + LINES) };
}

/** The answers of a scenario that show best what turned: one that passes, and one that does not. */
function pairOf({ difference, baseCells, headCells }: ScenarioRow): { before: CellRow; after: CellRow } | null {
  const [was, is] = difference < 0 ? (['pass', 'fail'] as const) : (['fail', 'pass'] as const);
  const before = baseCells.find(({ verdict }) => verdict === was);
  const after = headCells.find(({ verdict }) => verdict === is);
  return before === undefined || after === undefined ? null : { before, after };
}

/** What breaks with a candidate, and what it mends; the greatest differences first. */
export async function turnedOf(
  root: string,
  comparison: Comparison,
  base: ModelAnswers,
  head: ModelAnswers,
): Promise<Turned[]> {
  const moved = comparison.rows
    .filter(({ difference }) => difference !== 0)
    .sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
  const turned: Turned[] = [];
  for (const row of moved.slice(0, MOST)) {
    const pair = pairOf(row);
    if (pair === null) continue;
    const failing = row.difference < 0 ? head.grades.get(pair.after.key) : base.grades.get(pair.before.key);
    const place = failing === undefined ? null : placeOf(failing);
    turned.push({
      kind: row.difference < 0 ? 'breaks' : 'mended',
      model: head.model,
      scenario: row.scenario,
      base: { hits: row.base.passed, of: row.base.of },
      head: { hits: row.head.passed, of: row.head.of },
      before: await excerpt(root, base, pair.before, place),
      after: await excerpt(root, head, pair.after, place),
    });
  }
  return turned;
}
