/** Takes a file out of the fence that a chat answer put round the whole of it (```` ````prompt ````). */
export function unwrap(text: string): { text: string; firstLine: number } {
  const wrapped = /^(`{3,})(?:prompt|instructions|chatagent|chatmode|markdown|md)[ \t]*\n([\s\S]*\n)\1[ \t]*\n*$/.exec(
    text,
  );
  return wrapped === null ? { text, firstLine: 1 } : { text: wrapped[2] ?? '', firstLine: 2 };
}
