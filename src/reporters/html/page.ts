import { exposedText } from '../exposed.ts';
import { createHash } from 'node:crypto';
import { cellName } from '../../domain/grading/cell.ts';
import type { CheckCatalog } from '../../domain/grading/check-description.ts';
import type { Grade } from '../../domain/grading/grade.ts';
import type { Results } from '../../domain/runs/run.ts';
import { headline } from '../headline.ts';
import { scoreText, verdictSigns } from '../words.ts';
import type { PageAssets } from './assets.ts';
import { cellData } from './cell.ts';
import type { Level } from './cell.ts';
import { controls, help } from './controls.ts';
import type { Excerpts, PageData } from './data.ts';
import { Markup, html, scriptJson } from './markup.ts';
import { matrix } from './matrix.ts';
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

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function cellRow({ grade, index }: { grade: Grade; index: number }): Markup {
  const { verdict, score, reasons } = grade;
  return html`<details class="cell ${verdict}" id="c${index}" data-cell="${index}"><summary><span class="word">${verdictSigns[verdict]}</span> <span class="score">${scoreText(score)}</span> <h3>${cellName(grade.cell)}</h3>${
    reasons.length === 0
      ? null
      : html`<span class="why">${reasons[0] ?? ''}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}</span>`
  }</summary></details>
`;
}

/** How to read the page, for someone who sees the words for the first time. */
function legend(): Markup {
  return html`<details class="legend"><summary>What the words mean</summary><dl>
<div><dt>answer</dt><dd>What a model wrote for one scenario with one prompt. Cupel took the files out of it and tried them with the real tools.</dd></div>
<div><dt>✓ pass, ✗ fail</dt><dd>Every required check passed; at least one did not.</dd></div>
<div><dt>! ungraded</dt><dd>Something on our side went wrong: it says nothing of the answer, good or bad.</dd></div>
<div><dt>score</dt><dd>0 to 1: the weighted mean of all checks that were asked for. A high score can stand beside a fail, for one required check is enough.</dd></div>
<div><dt>– blocked</dt><dd>Could not be tried, because something that it needs failed. Scores 0.</dd></div>
<div><dt>· not asked</dt><dd>The scenario does not want it. No part of the score.</dd></div>
<div><dt>file and answer line</dt><dd>Every finding has two places: the line in the file that was taken out of the answer, and the line in the answer itself.</dd></div>
</dl></details>`;
}

function measured({ run }: Results): Markup {
  const tools = Object.entries(run.tools).map(([tool, version]) => `${tool} ${version}`);
  const exposed = exposedText(run);
  return html`${exposed === null ? '' : html`<p><strong>${exposed}</strong></p>`}<p>Run <code>${run.id}</code>, started ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC. Sandbox: ${run.sandbox.driver} ${run.sandbox.version}, level ${run.sandbox.level}. Tools: ${tools.length === 0 ? 'none' : tools.join(', ')}.</p>
<p>What a test process says of itself is self-reported; it is cross-checked with its exit status and counts. The whole run for programs: <a href="results.json">results.json</a>; as Markdown: <a href="report.md">report.md</a>.</p>`;
}

/**
 * A run as one page that needs nothing but itself; answers, files and evidence are linked as its siblings. `excerpts`
 * go with the grades, one for each.
 */
export function htmlReport(
  results: Results,
  excerpts: readonly Excerpts[],
  { script, style }: PageAssets,
  catalog: CheckCatalog,
): string {
  const { grades, run } = results;
  const { json, whole } = embedded(results, excerpts, catalog);
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${headline(grades)}: Cupel, ${run.suite ?? 'grade'}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#answers">Skip to the answers</a>
<header>
<p class="brand">Cupel <span class="quiet">grades generated code. Suite ${run.suite ?? 'none'}, ${run.startedAt.slice(0, 10)}</span></p>
<p class="tools"><button type="button" id="theme">Theme: auto</button> <button type="button" id="keys">Keys ?</button></p>
</header>
<main>
<section aria-labelledby="headline"><h1 id="headline">${headline(grades)}</h1>
${summary(grades, excerpts)}
${legend()}</section>
${controls(grades)}
<section aria-labelledby="matrix-title"><h2 id="matrix-title">All answers at a glance</h2>
${matrix(grades)}</section>
<section id="answers" aria-labelledby="answers-title"><h2 id="answers-title">Each answer, check by check <span class="quiet">(the worst first)</span></h2>
<noscript><p>The details need this page's script. Without it, read <a href="report.md">report.md</a>.</p></noscript>
<p id="nothing" hidden>No answer matches. “Show all” takes the filters away.</p>
${whole ? null : html`<p class="quiet">The run is large: findings, excerpts and outputs are shortened here. Everything is in the files that are linked.</p>`}
${worstFirst(grades.map((grade, index) => ({ grade, index }))).map(cellRow)}</section>
</main>
<footer><h2>How it was measured</h2>
${measured(results)}</footer>
${help()}
<script type="application/json" id="data">${json}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}
