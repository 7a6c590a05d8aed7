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

/** So many lines may stand before the comment that names the file: build constraints, directives, a licence. */
const longestPreamble = 60;

/** The comment at the head of a block that names its file, and its line's index. */
export function headComment(content: string[], language: string | null): (PathComment & { index: number }) | null {
  const markdown = language === 'markdown' || language === 'md';
  const licence = new LicenceReader();
  let others = 0;
  let opened = false;
  for (const [index, line] of content.slice(0, longestPreamble).entries()) {
    const text = line.trim();
    const isLicence = !markdown && licence.reads(text);
    if (text === '' || (isLicence && !endsLicence(text, content[index + 1] ?? ''))) continue;
    const path = pathComment(text, markdown) ?? (opened ? pathOf(text) : null);
    opened = /^(?:"""|'''|\/\*+|<!--|--\[\[|\{-|\(\*|=begin)$/.test(text);
    if (path !== null) return { ...path, index };
    if (isDirective(text)) continue;
    others += 1;
    if (others > 2 || !isPreamble(text)) return null;
  }
  return null;
}

const licenceWords = /\b(?:copyright|spdx-|licen[sc]ed?\b|all rights reserved|permission is hereby)|\(c\)\s+\d{4}|©/i;
const commentLine = /^(?:\/\/|#|--|;|%|\*|\/\*|<!--|"""|''')/;

/**
 * Whether a line of a licence is its last and consists of a path: then it names the file, if it is not the licence's
 * own.
 */
const endsLicence = (text: string, next: string): boolean =>
  !commentLine.test(next.trim()) && !/LICEN[SC]E|COPYING|NOTICE/i.test(text) && pathComment(text) !== null;

/** Follows the lines of a licence: comments in a row of which one speaks of it. */
class LicenceReader {
  #inBlock = false;
  #inLicence = false;

  /** Whether the line belongs to a licence. */
  reads(text: string): boolean {
    const begins = /^(?:\/\*|<!--)/.test(text);
    if (begins) this.#inBlock = true;
    const isComment = this.#inBlock || commentLine.test(text);
    if (!isComment) this.#inLicence = false;
    else if (licenceWords.test(text)) this.#inLicence = true;
    const belongs = this.#inLicence && isComment;
    if (/(?:\*\/|-->)$/.test(text)) {
      this.#inBlock = false;
      this.#inLicence = false;
    }
    return belongs;
  }
}

/** A comment that is only a rule (`# =====`), as banners have above and below a name. */
export const isRule = (line: string): boolean => /^(?:#|\/\/|--|;+|%)?\s*[-=/*#~_]{4,}\s*(?:\*\/)?$/.test(line.trim());

/** Lines that tools read and that must come first: build constraints, shebangs, encodings, what a linter is told. */
const isDirective = (text: string): boolean =>
  /^(?:#!|\/\/go:build\b|\/\/ ?\+build\b|#.*coding[:=]|# ?frozen_string_literal:|# ?(?:type|pylint|mypy|ruff|flake8|isort|yamllint|syntax|escape|vim|shellcheck|yaml-language-server)\b ?[:=]?|\/\/ ?(?:@ts-|@flow|eslint|prettier|swift-tools-version|Code generated|@jsx|biome|#region)|\/\* ?(?:eslint|global|jshint|istanbul|prettier|@jsx)|#!?\[(?:allow|deny|warn|cfg|no_std|feature|forbid)|declare\(strict_types|@charset|%YAML|--!(?:strict|nonstrict)|<\?xml|#pragma once|@echo off|set -e|\{-# )/i.test(
    text,
  );

/** Lines that must or usually do come before the first comment. */
const isPreamble = (text: string): boolean =>
  isRule(text) ||
  /^(?:#!|--\[\[$|\{-$|\(\*$|=begin$|<\?php\s*$|<\?xml|<!doctype|['"]use \w+['"];?$|---$|\/\*\*?$|<!--$|"""[^"]*"""$|'''[^']*'''$|"""$|'''$|#.*coding[:=]|#pragma once|@echo off|\/\/\s*@ts-)/i.test(
    text,
  );
