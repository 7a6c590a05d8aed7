/** What a suite asks on each side, and which of it a change touches. Pure. */
import type { PlannedCell } from '../../domain/grading/question.ts';
import type { PlannedHashes } from '../../domain/runs/plan.ts';
import type { Touched } from '../../domain/runs/pull-request.ts';

/** A cell with the hashes of all that its answer and its grade depend on. */
export interface IdentifiedCell extends PlannedCell {
  planned: PlannedHashes;
  /** The same for two cells that would be asked and judged alike, whatever their prompts are called. */
  identity: string;
}

/** One question to one model: its repeats. */
interface Question {
  prompt: string;
  scenario: string;
  model: string;
  cells: IdentifiedCell[];
}

/** A question of the head that differs from the base's, with its counterpart there; null where it is new. */
export interface TouchedQuestion {
  head: Question;
  base: Question | null;
  /** Whether the scenario is another one, too: then the answers have no common measure. */
  asksOther: boolean;
}

/** What a change touches of a suite. */
export interface TouchedSuite {
  questions: TouchedQuestion[];
  touched: Touched[];
}

const questionsOf = (cells: readonly IdentifiedCell[]): Question[] =>
  [
    ...Map.groupBy(cells, ({ cell: { prompt, scenario, model } }) =>
      JSON.stringify([prompt, scenario, model]),
    ).values(),
  ].flatMap((members) => {
    const [first] = members;
    const { prompt, scenario, model } = first?.cell ?? {};
    return prompt && scenario && model ? [{ prompt, scenario, model, cells: members }] : [];
  });

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** A prompt as a suite has it: its reference, the hash of its content, its id. */
interface NamedPrompt {
  reference: string;
  hash: string;
  id: string;
}

function promptsOf(cells: readonly IdentifiedCell[]): NamedPrompt[] {
  const prompts = cells.map(({ cell, prompt }) => ({ reference: cell.prompt ?? '', hash: prompt.hash, id: prompt.id }));
  return [...new Map(prompts.map((prompt) => [prompt.reference, prompt])).values()];
}

/**
 * The base's counterpart of each value of the head: by the first rule that one of those that are left fits; where one
 * of each is left over, these two.
 */
function counterparts<T>(head: readonly T[], base: readonly T[], rules: readonly ((one: T, other: T) => boolean)[]) {
  const pairs = new Map<T, T>();
  const free = new Set(base);
  for (const rule of rules) {
    for (const value of head) {
      if (pairs.has(value)) continue;
      const other = [...free].findLast((candidate) => rule(value, candidate));
      if (other === undefined) continue;
      pairs.set(value, other);
      free.delete(other);
    }
  }
  const left = head.filter((value) => !pairs.has(value));
  const [one, other] = [left[0], [...free][0]];
  if (left.length === 1 && free.size === 1 && one !== undefined && other !== undefined) pairs.set(one, other);
  return pairs;
}

/** The counterparts of prompts: the same content under whatever name, the same name, another version. */
function promptPairs(head: readonly NamedPrompt[], base: readonly NamedPrompt[]): Map<string, string> {
  const pairs = counterparts(head, base, [
    (one, other) => one.hash === other.hash && one.reference === other.reference,
    (one, other) => one.hash === other.hash,
    (one, other) => one.reference === other.reference,
    (one, other) => one.id === other.id,
  ]);
  for (const prompt of head) {
    // A version that was added beside the others is compared with the last one that was there.
    const earlier = pairs.has(prompt) ? undefined : base.findLast(({ id }) => id === prompt.id);
    if (earlier !== undefined) pairs.set(prompt, earlier);
  }
  return new Map([...pairs].map(([one, other]) => [one.reference, other.reference]));
}

const identities = ({ cells }: Question): string => JSON.stringify(cells.map(({ identity }) => identity).sort());

/** Which of the questions of the head are not those of the base, and how the suites differ. */
export function touchedBy(base: readonly IdentifiedCell[], head: readonly IdentifiedCell[]): TouchedSuite {
  const prompts = promptPairs(promptsOf(head), promptsOf(base));
  const modelsOf = (cells: readonly IdentifiedCell[]): string[] =>
    distinct(cells.flatMap(({ cell }) => cell.model ?? []));
  const models = counterparts(modelsOf(head), modelsOf(base), [(one, other) => one === other]);
  const there = new Map(
    questionsOf(base).map((question) => [
      JSON.stringify([question.prompt, question.scenario, question.model]),
      question,
    ]),
  );
  const used = new Set<Question>();
  const questions = questionsOf(head).flatMap((question): TouchedQuestion[] => {
    const key = JSON.stringify([prompts.get(question.prompt), question.scenario, models.get(question.model)]);
    const other = there.get(key) ?? null;
    if (other !== null) used.add(other);
    if (other !== null && identities(other) === identities(question)) return [];
    return [{ head: question, base: other, asksOther: other !== null && asksOther(question, other) }];
  });
  const gone = [...there.values()].filter((question) => !used.has(question));
  return { questions, touched: listed(questions, gone, head, base) };
}

function asksOther(one: Question, other: Question): boolean {
  const [here, there] = [one.cells[0]?.planned, other.cells[0]?.planned];
  return here?.scenario !== there?.scenario || here?.variables !== there?.variables;
}

/** What differs, each once, by kind. */
function listed(
  questions: readonly TouchedQuestion[],
  gone: readonly Question[],
  head: readonly IdentifiedCell[],
  base: readonly IdentifiedCell[],
): Touched[] {
  const all = new Map<string, Touched>();
  const add = (one: Touched): void => void all.set(JSON.stringify([one.what, one.how, one.name, one.before]), one);
  const basesOf = (key: 'prompt' | 'scenario' | 'model'): Set<string | null> =>
    new Set(base.map(({ cell }) => cell[key]));
  const headsOf = (key: 'prompt' | 'scenario' | 'model'): Set<string | null> =>
    new Set(head.map(({ cell }) => cell[key]));
  const before = { prompt: basesOf('prompt'), scenario: basesOf('scenario'), model: basesOf('model') };
  const after = { prompt: headsOf('prompt'), scenario: headsOf('scenario'), model: headsOf('model') };
  for (const { head: question, base: other, asksOther: scenarioDiffers } of questions) {
    for (const what of ['prompt', 'scenario', 'model'] as const)
      if (!before[what].has(question[what]) && (other === null || other[what] === question[what]))
        add({ what, how: 'new', name: question[what], before: null });
    if (other === null) continue;
    const [here, there] = [question.cells[0], other.cells[0]];
    if (here?.planned.prompt !== there?.planned.prompt || here?.planned.sections !== there?.planned.sections)
      add({
        what: 'prompt',
        how: after.prompt.has(other.prompt) && other.prompt !== question.prompt ? 'new' : 'changed',
        name: question.prompt,
        before: other.prompt === question.prompt ? null : other.prompt,
      });
    if (scenarioDiffers) add({ what: 'scenario', how: 'changed', name: question.scenario, before: null });
    if (question.model !== other.model)
      add({ what: 'model', how: 'replaced', name: question.model, before: other.model });
    else if (JSON.stringify(here?.planned.settings) !== JSON.stringify(there?.planned.settings))
      add({ what: 'settings', how: 'changed', name: question.model, before: null });
    if (question.cells.length !== other.cells.length)
      add({ what: 'repeats', how: 'changed', name: String(question.cells.length), before: String(other.cells.length) });
    else if (JSON.stringify(here?.planned) === JSON.stringify(there?.planned) && question.model === other.model)
      add({ what: 'recordings', how: 'changed', name: question.scenario, before: null });
  }
  for (const question of gone)
    for (const what of ['prompt', 'scenario', 'model'] as const)
      if (!after[what].has(question[what]) && ![...all.values()].some((one) => one.before === question[what]))
        add({ what, how: 'gone', name: question[what], before: null });
  return [...all.values()];
}
