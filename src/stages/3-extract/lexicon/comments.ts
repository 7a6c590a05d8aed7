/** A comment that is nothing but a path, in the comment syntax of any language. */
import { looksLikePath, unescape } from './paths.ts';

/** A path in a comment. */
export interface PathComment {
  path: string;
  /** The comment says that the code is a part of the file ("in src/app.py"). */
  partial: boolean;
}

const markers: RegExp[] = [
  /^<!--(.*?)(?:-->)?$/,
  /^\/\*+(.*?)(?:\*+\/)?$/,
  /^\{\/\*(.*?)\*\/\}$/,
  /^\{#(.*?)#\}$/,
  /^\{-(.*?)-\}$/,
  /^\(\*(.*?)\*\)$/,
  /^"""(.*?)(?:""")?$/,
  /^'''(.*?)(?:''')?$/,
  /^@rem\s(.*)$/i,
  /^rem\s(.*)$/i,
  /^<%--?(.*?)-?-?%>$/,
  /^(?:\/\/+!?|#+|--+|;+|%+|::|\*|!|'|")(.*)$/,
];

const label =
  /^(?:(?:file|file[ _-]?name|file[ _-]?path|path|location|source|module|save as|saved as|begin|start|start of|beginning of)\s*[:=-]\s*|file\s+|@file\s+|\\file\s+|(in|inside|within|add to|update|updated)\s*:?\s+)/i;

/** The path that a line's comment consists of, or null. A `#` line of a Markdown file is a heading, not a comment. */
export function pathComment(line: string, markdown = false): PathComment | null {
  const text = line.trim();
  if (text.length < 4 || text.length > 260) return null;
  for (const marker of markers) {
    const inner = marker.exec(text)?.[1];
    if (inner === undefined) continue;
    if (markdown && !text.startsWith('<!--')) return null;
    return pathOf(inner);
  }
  return null;
}

function pathOf(inner: string): PathComment | null {
  const bannerless = inner
    .trim()
    .replace(/^[-=*#~_>+]+\s+/, '')
    .replace(/\s+[-=*#~_<+]+$/, '')
    .trim();
  const labelled = label.exec(bannerless);
  const rest = bannerless.slice(labelled?.[0].length ?? 0).trim();
  // Spaces are only believed where a label or quotation marks set the path apart from words.
  if (labelled !== null && labelled[1] === undefined && rest.includes(' ') && looksLikePath(rest, true))
    return { path: rest, partial: false };
  const match = /^(?:([`"'])([^`"']+)\1|[`"']?([^\s`"']+)[`"']?)(.*)$/.exec(rest);
  if (match === null) return null;
  const [, , quoted, plain = '', tail = ''] = match;
  const word = quoted ?? plain;
  const path = unescape(word.replace(/[:,]$/, ''));
  if (!isTail(tail.trim(), word) || !looksLikePath(path, true)) return null;
  return {
    path,
    partial:
      labelled?.[1] !== undefined || /^\((?:partial|excerpt|snippet|changes|updated part|relevant)/i.test(tail.trim()),
  };
}

/** What may follow the path: nothing, an alternative, a remark in brackets, a description after a dash or colon. */
const isTail = (tail: string, word: string): boolean =>
  tail === '' ||
  (/^(?:or|oder|ou|o|\/)\s+\S+$/.test(tail) && looksLikePath(tail.replace(/^\S+\s+/, ''), true)) ||
  /^(?:\(.*\)|\[.*\]|[-–—|:]+\s.*|file)$/i.test(tail) ||
  (word.endsWith(':') && tail.length < 80);

/** The comment at the head of a block that names its file, and its line's index. */
export function headComment(content: string[], language: string | null): (PathComment & { index: number }) | null {
  const markdown = language === 'markdown' || language === 'md';
  let seen = 0;
  let opened = false;
  for (const [index, line] of content.entries()) {
    const text = line.trim();
    if (text === '') continue;
    const found = pathComment(text, markdown) ?? (opened ? pathOf(text) : null);
    opened = /^(?:"""|'''|\/\*+|<!--|--\[\[|\{-|\(\*|=begin)$/.test(text);
    if (found !== null) return { ...found, index };
    seen += 1;
    if (seen > 2 || !isPreamble(text)) return null;
  }
  return null;
}

/** A comment that is only a rule (`# =====`), as banners have above and below a name. */
export const isRule = (line: string): boolean => /^(?:#|\/\/|--|;+|%)?\s*[-=/*#~_]{4,}\s*(?:\*\/)?$/.test(line.trim());

/** Lines that must or usually do come before the first comment. */
const isPreamble = (text: string): boolean =>
  isRule(text) ||
  /^(?:#!|--\[\[$|\{-$|\(\*$|=begin$|<\?php\s*$|<\?xml|<!doctype|['"]use \w+['"];?$|---$|\/\*\*?$|<!--$|"""$|'''$|#.*coding[:=]|#pragma once|@echo off|\/\/\s*@ts-)/i.test(
    text,
  );
