import { lnChoose } from './distributions.ts';

/**
 * pass@k = 1 − C(n−c, k) / C(n, k) (Chen et al. 2021): at least one of k answers passes, when c of n did. NaN for k >
 * n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (k > n) return NaN;
  return n - c < k ? 1 : 1 - Math.exp(lnChoose(n - c, k) - lnChoose(n, k));
}

/** pass^k = C(c, k) / C(n, k) (tau-bench): all of k answers pass. NaN for k > n. */
export function passHatK(n: number, c: number, k: number): number {
  if (k > n) return NaN;
  return c < k ? 0 : Math.exp(lnChoose(c, k) - lnChoose(n, k));
}
