/** What goes to the process that hosts promptfoo: a call, or the end of one. */
export type HostRequest = { call: number; prompt: string } | { end: number };

/** What comes back; without a call's number it holds for all of them. */
export type HostReply =
  | { call: number; response: unknown }
  | { call: number; error: string }
  | { call: null; error: string };
