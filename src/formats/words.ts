/** A number with its noun: `1 error`, `2 errors`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A message with what is known of its reason; without a colon where nothing is. */
export function withDetail(message: string, detail: string): string {
  return detail.trim() === '' ? message : `${message}: ${detail.trim()}`;
}
