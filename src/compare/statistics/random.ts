import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers that its seed determines. */
export interface Random {
  /** 32 random bits as a signed integer. */
  bits(): number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** A whole number from 0 to n - 1. */
  below(n: number): number;
  /** Standard normal (Box and Muller). */
  normal(): number;
}

export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const bits = (): number => generator.next();
  const uniform = (): number => (bits() >>> 0) / 0x1_0000_0000;
  return {
    bits,
    uniform,
    // The bias is below n / 2^32: nothing beside the error of a simulation.
    below: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
