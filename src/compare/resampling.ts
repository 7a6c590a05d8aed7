/** Resamples of every test, and where their random numbers begin: the same comparison says the same tomorrow. */
export const RESAMPLING = { draws: 1999, seed: 20_250_101 };
