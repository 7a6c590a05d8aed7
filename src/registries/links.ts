/** Addresses in the documents of registries, written anew so that they lead through the gateway. */

import type { Registry } from '../ports/registries.ts';

/** Turns an address of a file into the one that it has inside of the sandbox. */
export type Relocate = (address: URL) => string;

function absolute(written: string, page: URL): URL | null {
  const url = URL.canParse(written, page) ? new URL(written, page) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null;
}

/**
 * A packument: what `dist.tarball` of each version says. In texts of packages quotation marks stand behind a backslash.
 */
function ofNpm(document: string, page: URL, relocate: Relocate): string {
  return document.replaceAll(/(?<!\\)"tarball"\s*:\s*"([^"\\]+)"/g, (whole, written: string) => {
    const url = absolute(written, page);
    return url === null ? whole : `"tarball":${JSON.stringify(relocate(url))}`;
  });
}

/** A page of PEP 691: the addresses of its files. */
function ofPythonJson(document: string, page: URL, relocate: Relocate): string {
  return document.replaceAll(/(?<!\\)"url"\s*:\s*"([^"\\]+)"/g, (whole, written: string) => {
    const url = absolute(written, page);
    return url === null ? whole : `"url":${JSON.stringify(relocate(url))}`;
  });
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&#38;': '&', '&quot;': '"', '&#39;': "'" };

/** A page of PEP 503: the addresses of its anchors. */
function ofPythonHtml(document: string, page: URL, relocate: Relocate): string {
  return document.replaceAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi, (whole, double?: string, single?: string) => {
    const written = (double ?? single ?? '').replaceAll(/&(?:amp|#38|quot|#39);/g, (entity) => entities[entity] ?? '');
    const url = absolute(written, page);
    return url === null ? whole : `href="${relocate(url).replaceAll('&', '&amp;').replaceAll('"', '%22')}"`;
  });
}

/** Whether a registry answered with a document that links to files, and not with an archive. */
export function isDocument(kind: Registry['kind'], type: string): boolean {
  if (kind === 'npm') return /\bjson\b/.test(type);
  return kind === 'python' && /\b(?:json|html)\b/.test(type);
}

/** Writes the addresses in a document of a registry anew. */
export function relocator(
  kind: Registry['kind'],
  type: string,
): (document: string, page: URL, relocate: Relocate) => string {
  if (kind === 'npm') return ofNpm;
  return /\bjson\b/.test(type) ? ofPythonJson : ofPythonHtml;
}
