/** The part of jstat that we use; the package brings no types. */
declare module 'jstat' {
  interface Distribution {
    cdf(x: number, ...parameters: number[]): number;
    inv(p: number, ...parameters: number[]): number;
  }
  const jstat: {
    normal: Distribution;
    studentt: Distribution;
    beta: Distribution;
    noncentralt: Pick<Distribution, 'cdf'>;
    gammaln(x: number): number;
  };
  export default jstat;
}
