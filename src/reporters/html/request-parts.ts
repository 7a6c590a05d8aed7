import type { Grade } from '../../domain/grading/grade.ts';
import type { RequestPart } from '../../domain/grading/request-parts.ts';
import { extentWords, extentsText, lookedAtBy, originOf, requestListsOf } from '../request-parts.ts';
import type { RequestList } from '../request-parts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

const row = (part: RequestPart): Markup =>
  html`<tr class="${part.extent}"><td class="word">${extentWords[part.extent]}</td><td class="quiet">${originOf(part)}</td><td>${part.words}</td>
<td><code>${lookedAtBy(part)}</code></td></tr>
`;

const list = ({ answers, parts }: RequestList): Markup => html`<details class="parts"><summary>${answers.join('; ')}
<span class="quiet">${extentsText(parts)}</span></summary>
<table><thead><tr><th scope="col">checked?</th><th scope="col">from</th><th scope="col">asked</th><th scope="col">by</th></tr></thead>
<tbody>${parts.map(row)}</tbody></table></details>
`;

/** What the prompts asked for, and what of it is checked; nothing where nobody wrote down a prompt's parts. */
export function requestParts(grades: readonly Grade[]): Markup | null {
  const lists = requestListsOf(grades);
  if (lists.length === 0) return null;
  return html`<section aria-labelledby="asked-title"><h2 id="asked-title">What was asked, and what of it is checked</h2>
<p class="quiet">The words of a variable are listed clause by clause: a clause is checked where a probe of the
contract quotes it. Presence only: it is seen that it is there, not whether it is right.</p>
${lists.map(list)}</section>
`;
}
