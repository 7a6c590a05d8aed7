/** Runs a command's work and turns its end into an exit status and a message. */
export type Act = (work: (signal: AbortSignal) => Promise<number>) => Promise<void>;
