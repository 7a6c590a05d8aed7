/** Other ways to take files out of an answer, written after the rules of other tools, to be measured beside ours. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Code, Nodes } from 'mdast';
import { extract } from '../../src/stages/3-extract/extract.ts';

/** A piece of an answer that a method takes for a file; without a path it is content only. */
export interface Piece {
  /** Line of the opening fence, counted from 1. */
  line: number;
  path: string | null;
  text: string;
}

export interface Method {
  name: string;
  read(answer: string): Piece[];
}

/** What a strict reader takes for a file's name: no space, an ending. */
const name = /^(?:\.{0,2}\/)?[\w@.()[\]-]+(?:\/[\w@.()[\]-]+)*\.\w{1,10}$|^(?:.*\/)?(?:Dockerfile|Makefile)$/;

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^(?:#+|[-*+]|\d+[.)])\s+/, '')
    .replace(/[`*]/g, '')
    .replace(/:$/, '')
    .trim();
const named = (text: string): string | null => (name.test(bare(text)) ? bare(text) : null);

const fence = /^```([^\n]*)\n(.*?)^```[ \t]*$/gms;

/**
 * Fences by a regular expression; the name is the line before the fence, or a `<FILEPATH>`, as harnesses ask for it.
 */
const regularExpression: Method = {
  name: 'regular expressions',
  read(answer) {
    const text = answer.replaceAll('\r\n', '\n');
    return [...text.matchAll(fence)].map((match) => {
      const before = text.slice(0, match.index).trimEnd();
      const last = before.slice(before.lastIndexOf('\n') + 1);
      const tag = /<FILEPATH>\s*(.+?)\s*<\/FILEPATH>/.exec(last)?.[1];
      return { line: text.slice(0, match.index).split('\n').length, path: named(tag ?? last), text: match[2] ?? '' };
    });
  },
};

const comment = /^(?:\/\/|#|--|;+|%|\/\*|<!--)\s*(?:file(?:name)?:\s*)?(\S+?)\s*(?:\*\/|-->)?$/i;
const attribute = /(?:title|file|filename|path)=["']?([^"'\s}]+)/;

function nameOfCode(node: Code, before: Nodes | undefined, answer: string): string | null {
  const info = [node.lang ?? '', ...(node.meta ?? '').split(' ')];
  const inInfo =
    attribute.exec(node.meta ?? '')?.[1] ??
    info.map((word) => word.slice(word.indexOf(':') + 1)).find((word) => word.includes('.') && name.test(word));
  if (inInfo !== undefined) return inInfo;
  const inside = named(comment.exec(node.value.split('\n', 1)[0] ?? '')?.[1] ?? '');
  if (inside !== null) return inside;
  if (before?.type !== 'heading' && before?.type !== 'paragraph') return null;
  const source = answer.slice(before.position?.start.offset, before.position?.end.offset);
  return named(bare(source).replace(/^(?:file(?:name)?|path)\s*:\s*/i, ''));
}

/** A CommonMark parser, with names from the info string, the first comment, or the heading or paragraph just above. */
const commonMark: Method = {
  name: 'CommonMark and labels',
  read(answer) {
    const pieces: Piece[] = [];
    const walk = (node: Nodes): void => {
      if (!('children' in node)) return;
      for (const [index, child] of node.children.entries()) {
        if (child.type === 'code' && child.position !== undefined) {
          pieces.push({
            line: child.position.start.line,
            path: nameOfCode(child, node.children[index - 1], answer),
            text: `${child.value}\n`,
          });
        } else walk(child);
      }
    };
    walk(fromMarkdown(answer));
    return pieces;
  },
};

const ours: Method = {
  name: 'Cupel',
  read: (answer) => extract(answer).files.map(({ line, path, text }) => ({ line, path, text })),
};

export const methods: readonly Method[] = [regularExpression, commonMark, ours];
