/** The parts of a prompt that are sent, with its variables still open. */
interface SentParts {
  system: string;
  user: string;
  turns?: readonly { text: string }[] | undefined;
  logic?: { text: string } | undefined;
}

/** All that a prompt sends as one text, for diffs. */
export function promptText({ system, user, turns = [], logic }: SentParts): string {
  const parts = [system, user, logic?.text ?? '', ...turns.map(({ text }) => text)];
  return parts.filter((part) => part !== '').join('\n\n');
}
