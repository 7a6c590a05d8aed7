/** What a command that is a model may have beside its request. */
export interface ModelProgram {
  /** The command and its words. */
  words: readonly [string, ...string[]];
  /** Names of variables of our environment that it gets, beside `usualVariables`. */
  environment: readonly string[];
  /** Files and folders that it may read, beside the system's. */
  reads: readonly string[];
}

/**
 * Variables that every command gets: how to find programs, how to write, how to reach the network. No secret has such
 * a name.
 */
export const usualVariables: readonly string[] = [
  ...['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TERM'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
];

/** A command to start instead: it runs the model's in an empty folder, where nothing of the project can be seen. */
export interface Enclosed {
  command: string;
  words: string[];
  /** All of its environment. */
  env: Record<string, string>;
}

/** Encloses a command. Throws `UsageError` for one that is not there, and for files that no model may see. */
export type Enclose = (program: ModelProgram, model: string) => Enclosed;
