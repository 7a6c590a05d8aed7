import { cellName } from '../../domain/grading/cell.ts';
import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Results } from '../../domain/runs/run.ts';
import { behaviourText } from '../behaviour.ts';
import { exposedText } from '../exposed.ts';
import { headline } from '../headline.ts';
import { scoreText, statusSigns, verdictSigns } from '../words.ts';
import type { PageAssets } from './assets.ts';
import { cellData } from './cell.ts';
import type { Level } from './cell.ts';
import { controls, keys } from './controls.ts';
import type { Excerpts, PageData } from './data.ts';
import { pageText } from './document.ts';
import { Markup, html, scriptJson } from './markup.ts';
import { matrix } from './matrix.ts';
import { requestParts } from './request-parts.ts';
import { summary, worstFirst } from './summary.ts';

/**
 * Bytes that the embedded findings, excerpts and outputs may have; with 600 cells the rest of a page has about 1 MB.
 */
const BUDGET = 7_500_000;

/** From everything to almost nothing: the first that is within the budget is taken. */
const levels: readonly Level[] = [
  { findings: 25, excerpts: 40, context: 3, message: 1000, output: 4000 },
  { findings: 15, excerpts: 20, context: 3, message: 600, output: 1500 },
  { findings: 6, excerpts: 8, context: 2, message: 400, output: 600 },
  { findings: 3, excerpts: 3, context: 1, message: 200, output: 240 },
  { findings: 1, excerpts: 1, context: 0, message: 120, output: 0 },
];

/** What the page embeds, and whether that is all that it would embed of a small run. */
function embedded(
  { grades }: Results,
  excerpts: readonly Excerpts[],
  catalog: CheckCatalog,
): { json: Markup; whole: boolean } {
  let json = new Markup('');
  for (const level of levels) {
    json = scriptJson({
      cells: grades.map((grade, index) => cellData(grade, excerpts[index] ?? {}, level, catalog)),
    } satisfies PageData);
    if (Buffer.byteLength(json.text) <= BUDGET) return { json, whole: level === levels[0] };
  }
  return { json, whole: false };
}

function cellRow({ grade, index }: { grade: Grade; index: number }): Markup {
  const { verdict, reasons } = grade;
  const [first] = reasons;
  const rest = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  const behaviour = behaviourText(grade);
  const score = html`<span class="score">${scoreText(grade.score)}</span>`;
  return html`<details class="cell ${verdict}" id="c${index}" data-cell="${index}">
<summary><span class="word">${verdictSigns[verdict]}</span> ${behaviour === '' ? score : null}
<h3>${cellName(grade.cell)}</h3>
${behaviour === '' ? null : html`<span class="behaviour">${behaviour}, score ${score}</span>`}
${first === undefined ? null : html`<span class="why">${first}${rest}</span>`}</summary></details>
`;
}

/** The words of the page, for someone who sees them for the first time. */
const meanings: readonly (readonly [word: string, meaning: string])[] = [
  [
    'answer',
    'What a model wrote for one scenario with one prompt. Cupel took the files out of it and tried them with the ' +
      'real tools.',
  ],
  ['✓ pass, ✗ fail', 'Every required check passed; at least one did not.'],
  ['! ungraded', 'Something on our side went wrong: it says nothing of the answer, good or bad.'],
  [
    'starts, exists, behaves',
    'Programs that start; endpoints that are there; questions from outside that the program answered as it must, of all ' +
      'that rest on words of the request.',
  ],
  [
    'score',
    '0 to 1: the weighted mean of all checks that were asked for. A high score can stand beside a fail, for one ' +
      'required check is enough.',
  ],
  [statusSigns.blocked, 'Could not be tried, because something that it needs failed. Scores 0.'],
  [statusSigns.not_applicable, 'The scenario does not want it. No part of the score.'],
  [
    'file and answer line',
    'Every finding has two places: the line in the file that was taken out of the answer, and the line in the ' +
      'answer itself.',
  ],
];

function legend(): Markup {
  const rows = meanings.map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`);
  return html`<details class="legend"><summary>What the words mean</summary><dl>${rows}</dl></details>`;
}

function measured({ run }: Results): Markup {
  const tools = Object.entries(run.tools).map(([tool, version]) => `${tool} ${version}`);
  const { driver, version, level } = run.sandbox;
  const exposed = exposedText(run);
  return html`${exposed === null ? null : html`<p><strong>${exposed}</strong></p>`}
<p>Run <code>${run.id}</code>, started ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC.
Sandbox: ${driver} ${version}, level ${level}. Tools: ${tools.length === 0 ? 'none' : tools.join(', ')}.</p>
<p>What a test process says of itself is self-reported; it is cross-checked with its exit status and counts.
The whole run for programs: <a href="results.json">results.json</a>;
as Markdown: <a href="report.md">report.md</a>.</p>`;
}

function mainPart({ grades }: Results, excerpts: readonly Excerpts[], whole: boolean): Markup {
  const rows = worstFirst(grades.map((grade, index) => ({ grade, index })));
  const shortened = html`<p class="quiet">The run is large: findings, excerpts and outputs are shortened here.
Everything is in the files that are linked.</p>`;
  return html`<section aria-labelledby="headline"><h1 id="headline">${headline(grades)}</h1>
${summary(grades, excerpts)}
${legend()}</section>
${controls(grades)}
<section aria-labelledby="matrix-title"><h2 id="matrix-title">All answers at a glance</h2>
${matrix(grades)}</section>
<section id="answers" aria-labelledby="answers-title"><h2 id="answers-title">Each answer, check by check
<span class="quiet">(the worst first)</span></h2>
<noscript><p>The details need this page's script. Without it, read <a href="report.md">report.md</a>.</p></noscript>
<p id="nothing" hidden>No answer matches. “Show all” takes the filters away.</p>
${whole ? null : shortened}
${rows.map(cellRow)}</section>
${requestParts(grades)}`;
}

/**
 * A run as one page that needs nothing but itself; answers, files and evidence are linked as its siblings. `excerpts`
 * go with the grades, one for each.
 */
export function htmlReport(
  results: Results,
  excerpts: readonly Excerpts[],
  assets: PageAssets,
  catalog: CheckCatalog,
): string {
  const { grades, run } = results;
  const { json, whole } = embedded(results, excerpts, catalog);
  return pageText(
    {
      title: `${headline(grades)}: Cupel, ${run.suite ?? 'grade'}`,
      skipTo: { id: 'answers', name: 'the answers' },
      brand: `grades generated code. Suite ${run.suite ?? 'none'}, ${run.startedAt.slice(0, 10)}`,
      main: mainPart(results, excerpts, whole),
      footer: html`<footer><h2>How it was measured</h2>
${measured(results)}</footer>`,
      keys,
      data: json,
    },
    assets,
  );
}
