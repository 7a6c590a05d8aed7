/** Characters of a program's output that are kept: enough to see why, at both ends. */
const KEPT = 32_000;

/**
 * What is kept of a program's output: shortened in its middle, and control characters that could command a terminal
 * shown, not sent.
 */
export function keptOutput(text: string): string {
  const half = KEPT / 2;
  const excess = text.length - KEPT;
  const short =
    excess <= 0 ? text : `${text.slice(0, half)}\n[… ${excess} characters left out …]\n${text.slice(-half)}`;
  return short.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/g, '\uFFFD');
}
