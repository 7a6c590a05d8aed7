import { createHash } from 'node:crypto';
import type { PageAssets } from './assets.ts';
import { Markup, html } from './markup.ts';
import type { Part } from './markup.ts';

/** A page that needs nothing but itself. */
export interface Page {
  title: string;
  /** The id of the element to which a keyboard jumps over the controls, and what is there ("the answers"). */
  skipTo: { id: string; name: string };
  /** What stands behind the name Cupel at the top. */
  brand: string;
  main: Markup;
  footer?: Markup;
  /** The keys that the page's script listens to, each with what it does. */
  keys: readonly (readonly [key: string, text: string])[];
  /** What the page's script reads: the result of `scriptJson`. */
  data: Markup;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing runs in a page and nothing styles it but its own script and its own style sheet. */
function policyFor({ script, style }: PageAssets): Markup {
  const allowed = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}`;
  return new Markup(`${allowed}; base-uri 'none'; form-action 'none'`);
}

/** The keys of a page, shown by `?`. */
function help(keys: Page['keys']): Markup {
  const rows = keys.map(([key, text]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${text}</dd></div>`);
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>${rows}</dl>
<form method="dialog"><button>Close</button></form></dialog>`;
}

/** An element of a select: its value, and what is shown. */
export const option = (value: string, text: string): Markup => html`<option value="${value}">${text}</option>`;

/** The search field that filters a page. */
export function searchField(placeholder: string): Markup {
  return html`<label class="grow">Search
<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="${placeholder}"></label>`;
}

function head(title: string, assets: PageAssets): Markup {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(assets.style)}</style>
</head>`;
}

const tools: Part = html`<p class="tools"><button type="button" id="theme">Theme: auto</button>
<button type="button" id="keys">Keys ?</button></p>`;

/** The text of a page. */
export function pageText({ title, skipTo, brand, main, footer, keys, data }: Page, assets: PageAssets): string {
  return html`<!doctype html>
<html lang="en">
${head(title, assets)}
<body>
<a class="skip" href="#${skipTo.id}">Skip to ${skipTo.name}</a>
<header>
<p class="brand">Cupel <span class="quiet">${brand}</span></p>
${tools}
</header>
<main>
${main}
</main>
${footer ?? null}
${help(keys)}
<script type="application/json" id="data">${data}</script>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`.text;
}
