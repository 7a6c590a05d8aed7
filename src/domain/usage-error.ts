/** Wrong usage or configuration: what was expected, what was found, what to do. Ends a command with status 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
