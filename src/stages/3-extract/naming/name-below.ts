/** A name that only comes after the code: "Save this as `convert.py` and run it". */
import { looksWhole } from '../lexicon/cues.ts';
import type { Draft } from './draft.ts';
import { fits, isShellPath } from '../lexicon/languages.ts';
import type { Name } from './name.ts';
import { mentions } from '../lexicon/paths.ts';
import type { Unit } from '../markdown/prose.ts';
import { roleOfNamed } from './roles.ts';

const r = String.raw;

const code = r`(?:code|script|program|file|contents?|snippet|class|module|page|html|source|query|configuration)`;
/** What was shown is saved; results and data are saved by the code itself. */
const saved = new RegExp(
  r`\b(?:sav(?:e|ing|ed)|stor(?:e|ing)|put|past(?:e|ing)|cop(?:y|ying)) (?:it|this|that|(?:the|this|that) (?:(?:above|whole|entire|complete|full|provided|given) )?(?:[\w-]+ )?${code}(?: above)?)\b(?![^.!?\n]{0,40}\b(?:below|following)\b)[^.!?\n]{0,40}?\b(?:as|to|in|into|named|called)\b`,
  'i',
);
const reach = 6;

/**
 * The name that a sentence below gives a block; null when the sentence names the next block instead, whose name stands
 * on line `nextName`.
 */
function nameBelow(draft: Draft, below: Unit[], nextName: number | null): Name | null {
  for (const unit of below.slice(0, reach)) {
    if (nextName !== null && nextName >= unit.line && nextName <= unit.endLine) return null;
    const text = unit.rows.join('\n');
    const phrase = saved.exec(text);
    if (phrase === null) continue;
    const end = phrase.index + phrase[0].length;
    const mention = mentions(text).find(({ at }) => at >= end - 1 && at <= end + 80);
    if (mention === undefined || !fits(mention.path, draft.block.language)) return null;
    const line = unit.line + text.slice(0, mention.at).split('\n').length - 1;
    return { paths: [mention.path.replace(/^\.\//, '')], namedBy: 'sentence', line, extent: 'whole', dropFirst: false };
  }
  return null;
}

/** Whether a block waits for a name: code without one, or a script of some length that passed for commands. */
function isNameless({ role, name, edit, block }: Draft): boolean {
  if (name !== null || edit) return false;
  return (
    role === 'unnamed' || (role === 'shell' && ((block.content[0] ?? '').startsWith('#!') || block.content.length >= 8))
  );
}

/** Commands and output stand between code and what is said of it. */
const isAside = (draft: Draft | undefined): boolean =>
  draft !== undefined && (draft.role === 'shell' || (draft.role === 'example' && draft.name === null));

/**
 * Gives blocks the names that stand below them. `between[i]` are the units before block i, the last ones those after
 * all.
 */
export function nameFromBelow(drafts: Draft[], between: Unit[][]): void {
  const takenPaths = new Set(drafts.flatMap(({ name }) => name?.paths ?? []));
  const waiting = drafts.filter(({ role, name }) => role === 'unnamed' && name === null).length;
  for (const [index, draft] of drafts.entries()) {
    if (!isNameless(draft)) continue;
    let next = index + 1;
    const below = [...(between[next] ?? [])];
    for (; isAside(drafts[next]); next += 1) below.push(...(between[next + 1] ?? []));
    const name = nameBelow(draft, below, drafts[next]?.name?.line ?? null);
    const [path = ''] = name?.paths ?? [];
    if (name === null || takenPaths.has(path)) continue;
    // Of several pieces of code without a name only a whole file can be meant.
    if (draft.role === 'unnamed' ? waiting > 1 && !looksWhole(path, draft.block.content) : !isShellPath(path)) continue;
    takenPaths.add(path);
    Object.assign(draft, { name, ...roleOfNamed(draft.block, name) });
  }
}
