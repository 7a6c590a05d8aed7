/** The comment on a pull request for one suite. */
import type { PullReport, PullStatus, Touched } from '../../domain/runs/pull-request.ts';
import { dimensionName, differenceText, intervalText, valueText } from '../comparison/words.ts';
import { footer } from './footer.ts';
import type { CommentPlace, ShowName } from './footer.ts';
import { scenarioTables, sideText } from './scenarios.ts';
import { code, sentence, strangersCode } from './texts.ts';

/** Characters of a comment; GitHub takes 65,536. */
export const LONGEST_COMMENT = 60_000;

/** By what a comment is known to be ours; it stands at its very beginning. */
export const markerOf = (suite: string): string => `<!-- cupel:${suite} -->`;

const signs: Readonly<Record<PullStatus, string>> = {
  better: '▲ better',
  'no worse': '= no worse',
  worse: '▼ worse',
  'not enough data': '? not enough data',
  'could not measure': '! could not measure',
  unchanged: 'nothing changed',
};

const whats: Readonly<Record<Touched['what'], string>> = {
  prompt: 'prompt',
  scenario: 'scenario',
  model: 'model',
  settings: 'settings of the model',
  recordings: 'recordings of the scenario',
  repeats: 'repeats',
  suite: 'suite',
};

/** What changed, in one sentence; the names are made safe by `show`. */
function touchedText(touched: readonly Touched[], show: ShowName): string {
  const texts = touched.slice(0, 12).map(({ what, how, name, before }) => {
    const was = before === null ? '' : ` (in the base ${show(before)})`;
    return `${whats[what]} ${show(name)} ${how === 'replaced' ? 'in place of another' : how}${was}`;
  });
  const rest = touched.length > 12 ? ` and ${touched.length - 12} more` : '';
  return texts.length === 0 ? '' : `Changed: ${texts.join(', ')}${rest}.`;
}

function dimensionTable({ dimensions }: PullReport, show: ShowName): string[] {
  if (dimensions.length === 0) return [];
  const lines = dimensions.map((row) => {
    const interval = intervalText(row);
    const [base, head] = [valueText(row, row.base), valueText(row, row.head)];
    const difference = differenceText(row, row.difference);
    return `| ${show(dimensionName(row.id))} | ${row.outcome ?? ''} | ${base} | ${head} | ${difference} | ${interval} |`;
  });
  return [
    '<details><summary>Dimension by dimension</summary>',
    '',
    '| dimension | outcome | base | head | difference | 90 % interval |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
    '</details>',
    '',
  ];
}

function passedText({ passed, ungraded }: PullReport): string[] {
  if (passed === null) return [];
  const left = ungraded.base + ungraded.head === 0 ? '' : `; ungraded: ${ungraded.base} and ${ungraded.head}`;
  return [`Passed: base ${sideText(passed.base)}, head ${sideText(passed.head)}${left}.`, ''];
}

/** The comment: the verdict first, then what changed, why, what came of it, and what it rests on. */
export function pullComment(report: PullReport, place: CommentPlace): string {
  const show = place.fromStranger ? strangersCode : code;
  const gate = report.gateMet === null ? '' : report.gateMet ? ' The gate is met.' : ' **The gate is not met.**';
  const head = [markerOf(report.suite), `### Cupel ${code(report.suite)}: ${signs[report.status]}`, ''];
  const end = ['', footer(report, place, show), ''];
  const changes = `${touchedText(report.touched, show)}${gate}`.trim();
  if (report.status === 'unchanged')
    return [...head, changes || 'Nothing that this suite measures differs from the base.', ...end].join('\n');
  const body = [
    ...head,
    changes,
    '',
    // What a stranger wrote is no sentence of ours.
    ...(place.fromStranger ? [] : report.reasons.map((reason) => `- ${sentence(reason)}`)),
    '',
    ...passedText(report),
    ...scenarioTables(report, show),
    ...dimensionTable(report, show),
  ];
  return cut(body, end, place.link);
}

/** A comment that is too long ends between two of its lines, and says where the rest is. */
function cut(body: readonly string[], end: readonly string[], link: string | null): string {
  const whole = [...body, ...end].join('\n');
  if (whole.length <= LONGEST_COMMENT) return whole;
  const where = link === null ? 'the report of the job' : `[the page of the job](${link})`;
  const note = ['', `The rest is cut off here; ${where} has it.`, ...end].join('\n');
  const kept: string[] = [];
  let room = LONGEST_COMMENT - note.length - '\n</details>\n'.length;
  for (const line of body) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  const count = (test: (line: string) => boolean): number => kept.filter(test).length;
  const isOpen = count((line) => line.startsWith('<details>')) > count((line) => line === '</details>');
  return `${kept.join('\n')}\n${isOpen ? '\n</details>\n' : ''}${note}`;
}
