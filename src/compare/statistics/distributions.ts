/** Distribution functions, from jstat; compared with scipy's values by the tests. */
import jstat from 'jstat';

/** z with P(Z ≤ z) = p. */
export const normalQuantile = (p: number): number => jstat.normal.inv(p, 0, 1);

export const normalCdf = (z: number): number => jstat.normal.cdf(z, 0, 1);

/** t with P(T ≤ t) = p, for `df` degrees of freedom. */
export const tQuantile = (p: number, df: number): number => jstat.studentt.inv(p, df);

export const tCdf = (t: number, df: number): number => jstat.studentt.cdf(t, df);

/** P(T ≤ t) of the noncentral t distribution. */
export const noncentralTCdf = (t: number, df: number, ncp: number): number => jstat.noncentralt.cdf(t, df, ncp);

export const betaQuantile = (p: number, a: number, b: number): number => jstat.beta.inv(p, a, b);

/** ln C(n, k). */
export const lnChoose = (n: number, k: number): number =>
  jstat.gammaln(n + 1) - jstat.gammaln(k + 1) - jstat.gammaln(n - k + 1);
