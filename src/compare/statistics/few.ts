/**
 * A test for few answers that pass or fail. Permutation asks which answer is of which side, and with one answer a side
 * to each of three scenarios it cannot reject whatever came of them. This one asks of how many answers as a whole the
 * base passes and the head does not, and holds whatever the pass rates of the scenarios are.
 */
import { betaQuantile, lnChoose } from './distributions.ts';

/** Up to this many answers a side it sees more than the permutation test; with more, it sees less. */
export const MOST_FEW = 12;

/** P(X ≥ hits) of a binomial with chance one half. */
export function upperHalf(hits: number, of: number): number {
  let sum = 0;
  for (let k = Math.max(0, hits); k <= of; k += 1) sum += Math.exp(lnChoose(of, k) - of * Math.LN2);
  return Math.min(1, sum);
}

/**
 * One-sided p value for "fewer of the head's answers pass". `lost`: answers of the base that pass, and answers of the
 * head that fail, together; `each`: answers a side, as many of one side as of the other in each scenario. If the mean
 * loss is 0, `lost` is a sum of 2 × `each` trials whose chances are one half in the mean, and no such sum has a heavier
 * tail than the binomial (Hoeffding 1956).
 */
export const fewTest = (lost: number, each: number): number => upperHalf(lost, 2 * each);

/** The loss (0 to 1) that this test leaves at least, at a one-sided level: Clopper and Pearson's bound, as a loss. */
export const fewBound = (lost: number, each: number, level: number): number =>
  lost === 0 ? -1 : 2 * betaQuantile(level, lost, 2 * each - lost + 1) - 1;

/** The fewest answers a side with which the loss of all of them is seen at a level. */
export const fewestForCollapse = (level: number): number => Math.ceil(-Math.log2(level) / 2);

/**
 * The smallest loss (0 to 1) of answers that all passed which this test can see; 0 where permutation is used instead.
 */
export function leastLossOfFew(each: number, level: number): number {
  if (each > MOST_FEW) return 0;
  for (let lost = 1; lost <= each; lost += 1) if (fewTest(each + lost, each) <= level) return lost / each;
  return 1;
}
