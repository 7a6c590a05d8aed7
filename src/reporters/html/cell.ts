import { cellKey, cellName } from '../../domain/grading/cell.ts';
import { withoutRoot } from '../../domain/grading/check-id.ts';
import { evidenceName } from '../../domain/grading/check.ts';
import type { CheckResult, CheckStatus, Evidence } from '../../domain/grading/check.ts';
import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import { gravestFirst } from '../culprit.ts';
import { visible } from '../harmless.ts';
import { factsText, scoreText, statusSigns } from '../words.ts';
import type { CellData, CheckData, EvidenceData, Excerpts, FindingData } from './data.ts';
import { MOST_CONTEXT, placeKey } from './excerpt.ts';

/** How much of a cell is embedded. */
export interface Level {
  /** Findings of a check that did not pass; of one that passed, at most `PASSED_FINDINGS`. */
  findings: number;
  /** Excerpts of a cell. */
  excerpts: number;
  /** Lines before and after the one that is meant. */
  context: number;
  /** Characters of a finding's message. */
  message: number;
  /** Characters of a command's output. */
  output: number;
}

const PASSED_FINDINGS = 5;
const PASSED_OUTPUT = 300;

/** Files that every browser shows as text; an answer's HTML or SVG would be run. */
const readable = /\.(py|pyi|tsx?|jsx?|[cm][jt]s|go|mod|sum|md|txt|json|ya?ml|toml|ini|cfg|conf|lock|sh|sql|java|css)$/;

const statusRanks: Readonly<Record<CheckStatus, number>> = {
  failed: 0,
  errored: 0,
  blocked: 1,
  passed: 3,
  not_applicable: 4,
};

/**
 * A grade's checks in the order of the page: what kept it from a pass, other failures, what passed, what was not
 * applicable.
 */
export function checksInOrder({ checks, required }: Grade): CheckResult[] {
  const rank = ({ id, status }: CheckResult): number =>
    statusRanks[status] + (status === 'failed' && !required.includes(id) ? 2 : 0);
  return checks.toSorted((one, other) => rank(one) - rank(other));
}

/** A path below the run's folder as a relative address. */
const href = (...parts: string[]): string => parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');

/** The middle is left out, for the first and the last lines say most. */
function shortened(text: string, longest: number): string {
  const whole = visible(text, Infinity).trimEnd();
  if (whole.length <= longest) return whole;
  const half = Math.floor(longest / 2);
  return `${whole.slice(0, half)}\n… ${whole.length - 2 * half} characters left out …\n${whole.slice(whole.length - half)}`.toWellFormed();
}

function endOf({ exitCode, signal, limit, durationMs }: Evidence): string {
  const how =
    limit === null
      ? signal === null
        ? `exit status ${exitCode ?? 'unknown'}`
        : `ended by ${signal}`
      : `stopped: ${limit} limit`;
  return `${how}, ${(durationMs / 1000).toFixed(1)} s`;
}

function findingData(finding: Finding, key: string, files: ReadonlySet<string>, level: Level): FindingData {
  const { tool, rule, severity, message, file, line, answer_line, exchange } = finding;
  const at = placeKey(finding);
  return {
    tool: visible(tool, 60),
    rule: visible(rule, 100),
    severity,
    message: visible(message, level.message),
    ...(file === null ? {} : { file: visible(file, 300) }),
    ...(file !== null && files.has(file) && readable.test(file)
      ? { href: href('files', key, ...file.split('/')) }
      : {}),
    ...(line === null ? {} : { line }),
    ...(answer_line === null ? {} : { answerLine: answer_line }),
    ...(at === null ? {} : { at }),
    ...(exchange === undefined
      ? {}
      : {
          exchange: {
            request: shortened(exchange.request, level.output),
            reply: shortened(exchange.reply, level.output),
          },
        }),
  };
}

function checkData(
  check: CheckResult,
  grade: Grade,
  files: ReadonlySet<string>,
  level: Level,
  catalog: CheckCatalog,
): CheckData {
  const { id, status, score, reason, findings, evidence } = check;
  const key = cellKey(grade.cell);
  const isWithoutFault = status === 'passed' || status === 'not_applicable';
  const shown = gravestFirst(findings).slice(
    0,
    isWithoutFault ? Math.min(level.findings, PASSED_FINDINGS) : level.findings,
  );
  const longest = isWithoutFault ? Math.min(level.output, PASSED_OUTPUT) : level.output;
  const programs = evidence.map((run): EvidenceData => ({
    command: visible(run.command, 300),
    ended: endOf(run),
    output: shortened(run.output, longest),
  }));
  const measured = factsText(check, catalog);
  return {
    id: visible(id, 200),
    ...(withoutRoot(id) === id ? {} : { inProjects: withoutRoot(id) }),
    status,
    word: statusSigns[status],
    score: scoreText(score),
    required: grade.required.includes(id),
    ...(measured === '' ? {} : { measured: visible(measured, 300) }),
    ...(reason === null ? {} : { reason: visible(reason, 600) }),
    ...(shown.length === 0 ? {} : { findings: shown.map((finding) => findingData(finding, key, files, level)) }),
    ...(findings.length === shown.length ? {} : { more: findings.length - shown.length }),
    ...(programs.length === 0
      ? {}
      : { evidence: programs, evidenceHref: href('evidence', key, `${evidenceName(id)}.json`) }),
  };
}

/** The excerpts that shown findings need, those of failed checks first, with as many lines as the level allows. */
function excerptsFor(checks: readonly CheckData[], all: Excerpts, level: Level): Excerpts {
  const places = new Set(
    checks.flatMap(({ findings = [] }) => findings.flatMap(({ at }) => (at !== undefined && at in all ? [at] : []))),
  );
  const cut = MOST_CONTEXT - level.context;
  return Object.fromEntries(
    [...places].slice(0, level.excerpts).map((at) => {
      const lines = all[at] ?? [];
      const middle = Number(at.slice(at.lastIndexOf(':') + 1));
      return [
        at,
        cut === 0
          ? lines
          : lines.filter(([file, answer]) => Math.abs((at.startsWith(':') ? answer : file) - middle) <= level.context),
      ];
    }),
  );
}

/** What the page embeds of one cell. */
export function cellData(grade: Grade, excerpts: Excerpts, level: Level, catalog: CheckCatalog): CellData {
  const files = new Set(grade.projects.flatMap((project) => project.files.map(({ path }) => path)));
  const checks = checksInOrder(grade).map((check) => checkData(check, grade, files, level, catalog));
  const flags = grade.flags.map(({ line, code, path, detail }) => ({
    line,
    text: visible(`${code}${path === null ? '' : ` ${path}`}: ${detail}`, 300),
  }));
  return {
    name: visible(cellName(grade.cell), 300),
    verdict: grade.verdict,
    reasons: grade.reasons.map((reason) => visible(reason, 600)),
    ...(grade.assumptions.length === 0
      ? {}
      : { assumptions: grade.assumptions.map((assumption) => visible(assumption, 600)) }),
    ...(flags.length === 0 ? {} : { flags: flags.slice(0, Math.max(level.findings, 3)) }),
    answerHref: href('answers', `${cellKey(grade.cell)}.md`),
    checks,
    excerpts: excerptsFor(checks, excerpts, level),
  };
}
