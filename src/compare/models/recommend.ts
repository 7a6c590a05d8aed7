/** What a comparison of models recommends: nothing that the answers do not carry. */
import type { Comparison, DimensionRow } from '../../domain/runs/comparison.ts';
import type { Pair, Recommendation } from '../../domain/runs/upgrade.ts';

/** A model that could replace the one of today. */
export interface Candidate {
  model: string;
  comparison: Pick<Comparison, 'outcome' | 'gate' | 'dimensions'>;
  /** Why its answers, or those of today's model, decide nothing; null where they do. */
  wanting?: string | null;
}

const costRow = ({ comparison }: Candidate): DimensionRow | undefined =>
  comparison.dimensions.find(({ id }) => id === 'cost');

/** Whether an answer is shown to cost less, or more, than today's; null where neither is shown. */
function priceOf(candidate: Candidate): 'cheaper' | 'dearer' | null {
  const interval = costRow(candidate)?.interval ?? null;
  if (interval === null) return null;
  return interval[1] < 1 ? 'cheaper' : interval[0] > 1 ? 'dearer' : null;
}

/** One candidate in one sentence. */
function sentenceOf(candidate: Candidate, from: string): string {
  const { model, comparison } = candidate;
  const cost = costRow(candidate);
  const times = cost === undefined ? '' : ` (×${cost.difference.toFixed(2)} an answer)`;
  const price = { cheaper: `, and it costs less${times}`, dearer: `, and it costs more${times}`, none: '' };
  const gate = comparison.gate.met ? '' : `; the gate is not met: ${comparison.gate.why ?? ''}`;
  const outcomes = {
    better: `better than ${from}`,
    worse: `worse than ${from}`,
    'no worse': `no worse than ${from}`,
    'not enough data': `neither shown to be worse than ${from} nor to be no worse`,
  };
  return `${model} is ${outcomes[comparison.outcome]}${price[priceOf(candidate) ?? 'none']}${gate}.`;
}

/** Those of the models than which no other is shown to be better. */
function leadersOf(models: readonly string[], pairs: readonly Pair[]): string[] {
  const beats = (one: string, other: string): boolean =>
    pairs.some(
      (pair) =>
        (pair.one === other && pair.other === one && pair.interval[0] > 0) ||
        (pair.one === one && pair.other === other && pair.interval[1] < 0),
    );
  return models.filter((model) => !models.some((other) => beats(other, model)));
}

/** What to do about the model of today, and why. `pairs`: all models against each other, where there are three. */
export function recommend(from: string, candidates: readonly Candidate[], pairs: readonly Pair[]): Recommendation {
  const why = candidates.map((candidate) => candidate.wanting ?? sentenceOf(candidate, from));
  const wanting = candidates.filter((candidate) => (candidate.wanting ?? null) !== null);
  if (wanting.length === candidates.length)
    return { kind: 'open', models: [], headline: 'Not decided: too many answers could not be graded', why };
  const met = candidates.filter(({ comparison, wanting: lack }) => comparison.gate.met && (lack ?? null) === null);
  const better = met.filter(({ comparison }) => comparison.outcome === 'better');
  const cheaper = met.filter(
    (candidate) => candidate.comparison.outcome === 'no worse' && priceOf(candidate) === 'cheaper',
  );
  const chosen =
    better.length > 0
      ? leadersOf(
          better.map(({ model }) => model),
          pairs,
        )
      : cheaper.map(({ model }) => model);
  const reason = better.length > 0 ? `better than ${from}` : `no worse than ${from}, and cheaper`;
  const [first] = chosen;
  if (chosen.length === 1 && first !== undefined)
    return { kind: 'change', models: chosen, headline: `Change to ${first}: it is ${reason}`, why };
  if (chosen.length > 1)
    return {
      kind: 'choose',
      models: chosen,
      headline: `Change to one of ${chosen.join(', ')}: each is ${reason}, and these answers do not say which is best`,
      why,
    };
  const open = candidates.filter(({ comparison }) => comparison.outcome === 'not enough data' && comparison.gate.met);
  if (open.length > 0) {
    const names = open.map(({ model }) => model).join(', ');
    const rest = candidates.length === open.length ? '' : '; nothing speaks for the others';
    return {
      kind: 'open',
      models: [],
      headline: `Not decided: these answers do not show whether ${names} may replace ${from}${rest}`,
      why,
    };
  }
  const worse = candidates.every(({ comparison }) => !comparison.gate.met);
  const reasonToStay = worse
    ? 'no candidate meets the gate'
    : 'no candidate is shown to be better, or as good and cheaper';
  return { kind: 'stay', models: [from], headline: `Stay with ${from}: ${reasonToStay}`, why };
}
