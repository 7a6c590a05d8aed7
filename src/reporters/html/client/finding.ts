import type { CellData, ExcerptLine, FindingData } from '../data.ts';
import { element } from './element.ts';

const severities = { error: '✗ error', warning: '▲ warning', info: 'i note' };

/** A link to a file of the run; it opens beside the report. */
export function sibling(href: string, ...children: (Node | string)[]): HTMLAnchorElement {
  return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

const numberCell = (value: number): HTMLElement => element('td', { class: 'no' }, value === 0 ? '' : String(value));

/** The lines around the finding, with both numbers of each; the line that is meant is marked by a sign, too. */
function excerpt(lines: readonly ExcerptLine[], { file, line, answerLine }: FindingData): HTMLElement {
  const rows = lines.map(([inFile, inAnswer, text]) => {
    const isFindingLine = file === undefined ? inAnswer === answerLine : inFile === line;
    const code = element('code', {}, isFindingLine ? element('mark', {}, text === '' ? ' ' : text) : text);
    return element(
      'tr',
      isFindingLine ? { class: 'meant' } : {},
      element('td', { class: 'sign' }, isFindingLine ? '▶' : ''),
      file !== undefined && numberCell(inFile),
      numberCell(inAnswer),
      element('td', {}, code),
    );
  });
  const heading = element(
    'tr',
    {},
    element('th', { scope: 'col' }, ''),
    file !== undefined && element('th', { scope: 'col' }, 'file'),
    element('th', { scope: 'col' }, 'answer'),
    element('th', { scope: 'col' }, file ?? 'the answer'),
  );
  return element(
    'div',
    { class: 'wide' },
    element('table', { class: 'excerpt' }, element('thead', {}, heading), element('tbody', {}, ...rows)),
  );
}

/** Where a finding is: in the file, and in the answer. */
function place({ file, href, line, answerLine }: FindingData, cell: CellData): HTMLElement {
  const inFile = file === undefined ? null : element('code', {}, `${file}${line === undefined ? '' : `:${line}`}`);
  const linked = inFile !== null && href !== undefined ? sibling(href, inFile) : inFile;
  const inAnswer = answerLine === undefined ? null : sibling(cell.answerHref, `answer line ${answerLine}`);
  return element('span', { class: 'place' }, linked, linked !== null && inAnswer !== null && ' · ', inAnswer);
}

/** A request and its reply side by side. */
function exchanged({ request, reply }: NonNullable<FindingData['exchange']>): HTMLElement {
  const side = (title: string, text: string): HTMLElement =>
    element('div', {}, element('p', { class: 'quiet' }, title), element('pre', {}, text));
  return element('div', { class: 'exchange' }, side('Request', request), side('Reply', reply));
}

/** One finding: how grave, who says so, where, what, and the lines themselves. */
export function findingItem(finding: FindingData, cell: CellData): HTMLElement {
  const lines = finding.at === undefined ? undefined : cell.excerpts[finding.at];
  return element(
    'li',
    { class: `finding ${finding.severity}` },
    element(
      'p',
      { class: 'head' },
      element('span', { class: 'word' }, severities[finding.severity]),
      ' ',
      element('code', {}, `${finding.tool} ${finding.rule}`),
      ' ',
      place(finding, cell),
    ),
    element('p', { class: finding.message.includes('\n') ? 'message several' : 'message' }, finding.message),
    lines !== undefined && excerpt(lines, finding),
    finding.exchange !== undefined && exchanged(finding.exchange),
  );
}
