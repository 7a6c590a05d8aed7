/**
 * Decides the blocks of code that nothing names, once all that has a name is placed: shown, part of a file, a
 * correction, or a file without a name.
 */
import { readDelivered, updateDelivered } from '../code/delivered.ts';
import { dialectOf } from '../code/dialects.ts';
import { relate } from '../code/relation.ts';
import { jail } from '../files/jail.ts';
import { addFlag, textOf, withoutName, type Outcome, type State } from '../files/state.ts';
import { kindOfTag } from '../lexicon/languages.ts';
import type { Draft } from '../naming/draft.ts';
import { inferName } from '../naming/infer.ts';
import { goOn } from './continuation.ts';
import { correct, correctLines } from './correction.ts';
import { habitOf } from './habit.ts';
import { itemOf, sectionsOf, stepOf, type Section } from './sections.ts';
import { aside, isSuite, otherWording, shapeOfDelivered, shown, useOfDelivered } from './shown.ts';
import type { Answer, UnnamedBlock } from './unnamed-block.ts';

/** Decides them in order; changes `outcomes` and the files of `state`. */
export function decideUnnamed(drafts: Draft[], outcomes: Outcome[], state: State): void {
  const blocks = drafts.map(({ block }) => block.content);
  for (const [i, draft] of drafts.entries())
    if (isManifest(draft, outcomes[i])) outcomes[i] = infer(draft, state, blocks) ?? withoutName(draft);
  const waiting = drafts.map((draft, i) => isWaiting(draft, outcomes[i]));
  if (!waiting.includes(true)) return;
  const sections = sectionsOf(drafts, outcomes);
  const delivered = readDelivered([...state.files].map(([path, { text }]) => [path, text.content] as const));
  const relationOf = ({ block }: Draft): UnnamedBlock['relation'] =>
    relate(block.content, dialectOf(block.language), delivered);
  const habit = habitOf(
    drafts.map((draft, i) => (waiting[i] === true ? relationOf(draft) : null)),
    delivered,
  );
  for (const [i, draft] of drafts.entries()) {
    if (waiting[i] !== true) continue;
    const { section = null, isApart = false } = sections[i] ?? {};
    const outcome = decide(
      {
        draft,
        dialect: dialectOf(draft.block.language),
        relation: relationOf(draft),
        section: stillHolds(section, drafts, outcomes, i),
        isApart,
      },
      { state, delivered, habit, blocks },
    );
    if (outcome === null) continue;
    outcomes[i] = outcome;
    const changed = outcome.path === null ? undefined : state.files.get(outcome.path)?.text;
    if (outcome.path !== null && changed !== undefined) updateDelivered(delivered, outcome.path, changed.content);
  }
}

/** Code that has no name; also Go without a package clause, which passes for an example until now. */
function isWaiting({ name, edit, block }: Draft, outcome: Outcome | undefined): boolean {
  if (outcome === undefined || outcome.path !== null || name !== null || edit) return false;
  return outcome.role === 'unnamed' || (outcome.role === 'example' && dialectOf(block.language)?.id === 'go');
}

/** Data without a name that may be a manifest (`package.json`, `pom.xml`). */
const isManifest = ({ name, block }: Draft, outcome: Outcome | undefined): boolean =>
  outcome?.role === 'example' && outcome.path === null && name === null && kindOfTag(block.language) !== 'code';

/** A section goes on behind a block that continued its file, and ends at other code. */
function stillHolds(section: Section | null, drafts: Draft[], outcomes: Outcome[], index: number): Section | null {
  for (let i = index - 1; i >= 0 && section !== null; i -= 1) {
    const outcome = outcomes[i];
    const above = drafts[i]?.above ?? [];
    if (outcome?.path === section.path)
      return { ...section, step: stepOf(above) ?? section.step, item: itemOf(above) ?? section.item };
    if (outcome?.role !== 'shell' && outcome?.role !== 'example') return null;
  }
  return section;
}

/**
 * What the block is, or null where what was decided before holds. Each question is asked only if the ones before it
 * found nothing.
 */
function decide(block: UnnamedBlock, answer: Answer): Outcome | null {
  const { excerptOf, versionOf, needs } = block.relation;
  if (excerptOf !== null) {
    const corrected = excerptOf.leavesOut ? correct(block, excerptOf.path, answer) : null;
    if (corrected !== null) return corrected;
    const repeats = excerptOf.isStub ? 'shows the signatures of' : 'repeats lines of';
    return shown(`it ${repeats} ${excerptOf.path}`);
  }
  if (versionOf !== null && needs.length === 0)
    return correct(block, versionOf, answer) ?? shown(`it is another version of what ${versionOf} defines`);
  const corrected = correctLines(block, answer);
  if (corrected !== null) return corrected;
  const continued = goOn(block, answer);
  if (continued !== null) return continued;
  const inferred = (): Outcome | null => infer(block.draft, answer.state, answer.blocks);
  const isMissed = needs.length > 0 || (block.dialect !== null && answer.delivered.missing.has(block.dialect));
  if (isMissed) return inferred();
  return (
    (isSuite(block) ? inferred() : null) ??
    useOfDelivered(block, answer) ??
    shapeOfDelivered(block, answer) ??
    inferred() ??
    aside(block, answer) ??
    otherWording(block, answer)
  );
}

/** A name that the code itself decides. */
function infer(draft: Draft, state: State, blocks: readonly string[][]): Outcome | null {
  const path = inferName(draft.block, { files: state.files, blocks });
  if (path === null || !jail(path).ok) return null;
  state.files.set(path, { text: textOf(draft), line: draft.block.line, namedBy: 'inferred' });
  const detail = 'Nothing names this block; the name follows from what it holds.';
  addFlag(state, 'inferred-name', draft.block.line, path, detail);
  const why = 'the language or a tool decides the name of such a file';
  return { role: 'file', why, path, namedBy: 'inferred', nameLine: null };
}
