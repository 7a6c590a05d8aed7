/**
 * What is kept of a program's output: at most `most` characters, enough to see why at both ends, and control
 * characters that could command a terminal shown, not sent.
 */
export function keptOutput(text: string, most = 32_000): string {
  const half = most / 2;
  const excess = text.length - most;
  const short =
    excess <= 0 ? text : `${text.slice(0, half)}\n[… ${excess} characters left out …]\n${text.slice(-half)}`;
  return short.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/g, '\uFFFD');
}
