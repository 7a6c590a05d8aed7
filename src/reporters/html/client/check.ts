import type { CellData, CheckData } from '../data.ts';
import { element } from './element.ts';
import { findingItem, sibling } from './finding.ts';

function findingsOf(check: CheckData, cell: CellData): HTMLElement {
  const { findings = [], more = 0 } = check;
  const none = check.status === 'passed' ? 'Nothing to object to.' : 'No single place is to blame.';
  return element(
    'div',
    { class: 'findings' },
    element('h5', {}, 'What was found'),
    findings.length === 0
      ? element('p', { class: 'quiet' }, more > 0 ? '' : none)
      : element('ul', {}, ...findings.map((finding) => findingItem(finding, cell))),
    more > 0 &&
      element(
        'p',
        { class: 'quiet' },
        `${findings.length === 0 ? '' : '… and '}${more} more, in `,
        sibling('results.json', 'results.json'),
        '.',
      ),
  );
}

function evidenceOf({ evidence = [], evidenceHref }: CheckData): HTMLElement | null {
  if (evidence.length === 0) return null;
  const programs = evidence.flatMap(({ command, ended, output }) => [
    element('pre', { class: 'command', tabindex: '0' }, `$ ${command}`),
    element('p', { class: 'quiet' }, ended, output === '' ? '; it printed nothing' : ''),
    output !== '' && element('pre', { class: 'output', tabindex: '0' }, output),
  ]);
  return element(
    'div',
    { class: 'evidence' },
    element('h5', {}, 'What the tool did'),
    ...programs,
    evidenceHref !== undefined && element('p', {}, sibling(evidenceHref, 'All that it printed'), ' (JSON)'),
  );
}

/** What was measured; beside a reason it is the small print. */
function measuredPart({ reason, measured }: CheckData): HTMLElement | null {
  if (measured === undefined) return null;
  return reason === undefined
    ? element('span', {}, measured)
    : element('span', { class: 'quiet' }, ` measured: ${measured}`);
}

/** One check: its status in a line; opened, what it found beside what the tool printed. */
export function checkItem(check: CheckData, cell: CellData, index: string): HTMLDetailsElement {
  const { status, word, score, id, required, reason } = check;
  const details = element(
    'details',
    { class: `check ${status}`, id: index },
    element(
      'summary',
      {},
      element('span', { class: 'word' }, word),
      element('span', { class: 'score' }, score),
      element(
        'h4',
        {},
        id,
        ' ',
        status === 'not_applicable'
          ? null
          : element('span', { class: 'quiet' }, required ? 'required' : 'not required'),
      ),
      element('span', { class: 'why' }, reason, measuredPart(check)),
    ),
  );
  let filled = false;
  details.addEventListener('toggle', () => fill());
  const fill = (): void => {
    if (filled || !details.open) return;
    filled = true;
    details.append(element('div', { class: 'sides' }, findingsOf(check, cell), evidenceOf(check)));
  };
  return details;
}
