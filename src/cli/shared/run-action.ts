/** Runs a command's work, and turns its end into an exit status and a message. The signal ends the work early. */
export type RunAction = (work: (signal: AbortSignal) => Promise<number>) => Promise<void>;
